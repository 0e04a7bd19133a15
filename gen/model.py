# SPDX-License-Identifier: MIT
"""The specification as objects, for templates and checks.

`load()` reads a spec folder and returns a Spec. Every entry with a name in the specification is a
Named: `name` as written (`address-space`), `snake` (`address_space`), `upper`, `camel`, `constant`
(`kAddressSpace`), `c_name` (the identifier in the C header) and `where` (its place, for messages).
"""
from dataclasses import dataclass, field

from . import load as loading
from . import names
from .layout import Struct

U32_MAX = 0xFFFFFFFF
U64_MAX = 0xFFFFFFFFFFFFFFFF


@dataclass
class Named(names.Spelled):
    name: str
    doc: str
    where: str
    c_name: str
    kernel: str | None = field(default=None, kw_only=True)  # the name in the kernel's header


@dataclass
class Constant(Named):
    value: int
    limit: bool  # a limit, which may be raised; any other constant never changes
    unit: str | None = None

    @property
    def is_hex(self):
        return isinstance(self.value, loading.Hex)


@dataclass
class Member(Named):
    value: int
    errno: str | None = None  # members of accel's `reason`
    scope: str | None = None  # members of a driver's `opcode`
    minimum: int = 0  # range of the setting of that name; maximum 0: no range
    maximum: int = 0

    @property
    def is_hex(self):
        return isinstance(self.value, loading.Hex)


@dataclass
class Enum(Named):
    kind: str  # "enum", "flags" or "values"
    members: list[Member]

    @property
    def is_macros(self):
        """Its members are macros in C."""
        return self.kind != "enum"

    @property
    def is_flags(self):
        return self.kind == "flags"

    @property
    def mask(self):
        """All bits of a flags set."""
        bits = 0
        for member in self.members:
            bits |= member.value
        return bits

    @property
    def minimum(self):
        return min(member.value for member in self.members)

    @property
    def maximum(self):
        return max(member.value for member in self.members)


@dataclass
class Errno(Named):
    """One line of the errno contract; `name` is `EINVAL`, or `OK` for 0."""
    action: str = ""


@dataclass
class Handle(Named):
    """A kind of object that fields identify by a number; `errno` is the error for a number of no object."""
    errno: str
    maximum: int | None = None


@dataclass
class Kernel:
    """The kernel's headers that declare the same as a uABI. `covers` is whole or part."""
    headers: list[str]
    covers: str
    leaves_out: dict[str, str]  # {name: reason}
    macros: dict[str, int]  # macros that the headers use and do not declare


@dataclass
class Ioctl(Named):
    """`type` is the magic number, `number` the command, `direction` none, in, out or inout."""
    type: int
    type_text: str  # as in the specification: "'d'" or "0x9A"
    number: int
    direction: str
    struct: Struct
    creates: Handle | None = None
    destroys: Handle | None = None
    waits: str | None = None  # path of the field that limits how long it sleeps
    errnos: list[Errno] = field(default_factory=list)

    @property
    def macro(self):
        return {"none": "_IO", "in": "_IOW", "out": "_IOR", "inout": "_IOWR"}[self.direction]

    @property
    def code(self):
        """The number for ioctl(), as on x86 and arm."""
        bits = {"none": 0, "in": 1, "out": 2, "inout": 3}[self.direction]
        size = self.struct.size if bits else 0
        return bits << 30 | size << 16 | self.type << 8 | self.number


@dataclass
class SysfsFile(Named):
    """One file; `type` is number, hex, flag, word, text or bitmap. `words` is {word: meaning}."""
    file: str
    type: str
    unit: str | None
    bits: int
    enum: Enum | None
    words: dict[str, str]
    writable: bool
    optional: str


@dataclass
class SysfsFolder(Named):
    """A folder of sysfs that a driver creates; `path` has <n> for each number."""
    path: str
    files: list[SysfsFile] = field(default_factory=list)


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


@dataclass
class Uabi(names.Spelled):
    """One file of the specification.

    `objects` is the merged view: those of the uABI that it extends, in its order, each method with the
    attributes added here after its own, then those of this file. `own_objects` is this file's part.
    """
    name: str
    protocol: str  # attribute, ioctl, memory
    header: str
    prefix: str
    doc: str
    file: str
    kernel: Kernel | None = None
    base: "Uabi | None" = None
    uses: list["Uabi"] = field(default_factory=list)
    constants: list[Constant] = field(default_factory=list)
    enums: list[Enum] = field(default_factory=list)
    structs: list[Struct] = field(default_factory=list)
    errnos: list[Errno] = field(default_factory=list)
    handles: list[Handle] = field(default_factory=list)
    ioctls: list[Ioctl] = field(default_factory=list)
    sysfs: list[SysfsFolder] = field(default_factory=list)
    objects: list[Object] = field(default_factory=list)
    extensions: list[Extension] = field(default_factory=list)

    @property
    def own_objects(self):
        return [o for o in self.objects if o.origin == self.name]

    def methods(self):
        """Every method of the merged view, in order."""
        return [method for obj in self.objects for method in obj.methods]

    def _find(self, kind, name):
        """An entry of this uABI, of the one that it extends, or `ring.layout` of one that it uses."""
        if "." in name:
            other, _, name = name.partition(".")
            uabi = next((u for u in self.uses if u.name == other), None)
            return uabi._find(kind, name) if uabi else None
        found = next((thing for thing in getattr(self, kind) if thing.name == name), None)
        return found or (self.base._find(kind, name) if self.base else None)

    def constant(self, name):
        return self._find("constants", name)

    def enum(self, name):
        return self._find("enums", name)

    def struct(self, name):
        return self._find("structs", name)

    def handle(self, name):
        return self._find("handles", name)

    def object(self, name):
        return self._find("objects", name)


@dataclass
class Spec:
    """All uABIs by name, each one after those that it extends or uses."""
    uabis: dict[str, Uabi]
    folder: str

    def __getitem__(self, name):
        return self.uabis[name]

    def __iter__(self):
        return iter(self.uabis.values())

    def of_protocol(self, protocol):
        return [uabi for uabi in self if uabi.protocol == protocol]

    @property
    def core(self):
        """The common attribute uABI, which extends no other."""
        return next((u for u in self.of_protocol("attribute") if u.base is None), None)

    @property
    def drivers(self):
        return [u for u in self.of_protocol("attribute") if u.base is not None]


def load(folder=loading.TOP / "spec"):
    """Read, check and resolve a spec folder; SpecError has all errors."""
    from .build import build
    from .checks import check
    spec = build(loading.read_folder(folder), loading.shown(folder))
    check(spec)
    return spec
