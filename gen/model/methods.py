# SPDX-License-Identifier: MIT
"""The entries of an attribute uABI: objects, methods, attributes, and answers."""
from dataclasses import dataclass, field

from . import names
from .entries import Enum, Named
from .layout import Struct


@dataclass
class Attribute(Named):
    """One attribute of a method.

    `type` is a member name of accel's attribute-type. Of `object` (handle), `enum` (enum, flags)
    and `struct` (struct) exactly those that the type needs are set. `size`, `length`, `minimum` and `maximum`
    are those of struct accel_policy_entry.
    """
    value: int
    type: str
    direction: str  # in, out
    required: bool
    power_of_two: bool
    size: int = 0
    length: int = 0
    minimum: int = 0
    maximum: int = 0
    origin: str = ""  # name of the uABI that defines it, such as accel or soft
    object: "Object | None" = None
    enum: Enum | None = None
    struct: Struct | None = None
    path: str = ""  # queue.create.entries
    given: frozenset = frozenset()  # the keys that the specification has

    @property
    def is_in(self):
        return self.direction == "in"

    @property
    def is_out(self):
        return self.direction == "out"

    @property
    def type_text(self):
        """The type with its reference: `handle(queue)`, `enum(scope)`."""
        inner = self.object or self.enum or self.struct
        return f"{self.type}({inner.name})" if inner else self.type

    @property
    def is_number(self):
        return self.type in ("u32", "u64")

    @property
    def is_inline(self):
        """Its value is in the message itself, not at an address."""
        return 0 < self.size <= 8 and self.type != "struct"


@dataclass
class AnswerMember(Named):
    """One fact of an answer; `c_name` is the macro of its bit in `given`, which is bit `value`."""
    value: int
    attribute: Attribute


@dataclass
class Answer(Named):
    """The C structure of the outputs of a method (answers.py); `given` is the prefix of its macros."""
    given: str
    members: list[AnswerMember]


@dataclass
class Method(Named):
    value: int
    object: "Object"
    creates: bool
    destroys: bool
    origin: str
    attributes: list[Attribute] = field(default_factory=list)
    answer: Answer | None = None

    @property
    def path(self):
        """`queue.create`."""
        return f"{self.object.name}.{self.name}"

    @property
    def camel(self):
        """`QueueCreate`: unlike the name alone it is unique in the uABI."""
        return self.object.camel + names.camel(self.name)

    def inputs(self):
        return [a for a in self.attributes if a.is_in]

    def outputs(self):
        return [a for a in self.attributes if a.is_out]

    def find(self, name):
        return next((a for a in self.attributes if a.name == name), None)


@dataclass
class Object(Named):
    value: int
    parent: "Object | None"
    origin: str
    methods: list[Method] = field(default_factory=list)

    def find(self, name):
        return next((m for m in self.methods if m.name == name), None)


@dataclass
class Extension:
    """Attributes that a driver's uABI adds to a method of the uABI it extends."""
    method: Method  # the method of the merged objects, which has them already
    attributes: list[Attribute]
    where: str
