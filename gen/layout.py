# SPDX-License-Identifier: MIT
"""Structures: fields at stated offsets, unions of variants, and the padding between them."""
from dataclasses import dataclass, field
import typing

from . import names

SIZES = {"u8": 1, "s8": 1, "char": 1, "u16": 2, "s16": 2, "u32": 4, "s32": 4, "u64": 8, "s64": 8,
         "pointer": 8}


@dataclass
class Target:
    """What a pointer of an ioctl structure points to.

    `kind` is bytes, struct or choice. struct: `struct`, `length_field` counts as `unit` says. choice:
    the member of the enum of `selector` chooses among `cases` {member name: Struct}.
    """
    kind: str
    direction: str
    length_field: str | None
    unit: str  # bytes or elements
    struct: "Struct | None" = None
    selector: str | None = None
    cases: dict[str, "Struct"] = field(default_factory=dict)


@dataclass
class Field(names.Spelled):
    name: str
    doc: str
    where: str
    type: str  # a key of SIZES, or struct
    offset: int  # from the start of the outermost structure that is not a field itself
    count: int | None = None  # elements of an array
    enum: typing.Any = None  # model.Enum
    struct: "Struct | None" = None
    atomic: bool = False
    target: Target | None = None
    kernel: str | None = None  # its name in the kernel's structure, if it is another one

    is_union = False
    is_pad = False

    @property
    def element_size(self):
        return self.struct.size if self.type == "struct" else SIZES[self.type]

    @property
    def size(self):
        return self.element_size * (1 if self.count is None else self.count)

    @property
    def alignment(self):
        return self.struct.alignment if self.type == "struct" else SIZES[self.type]

    @property
    def c_type(self):
        if self.type == "struct":
            return f"struct {self.struct.c_name}"
        if self.type == "pointer" or (self.atomic and self.type == "u64"):
            return "__aligned_u64"
        return "char" if self.type == "char" else f"__{self.type}"

    @property
    def c_declaration(self):
        return f"{self.c_type} {self.snake}" + (f"[{self.count}]" if self.count is not None else "")


@dataclass
class Pad:
    """Bytes between fields that no field names."""
    offset: int
    size: int

    is_union = False
    is_pad = True

    @property
    def snake(self):
        return f"pad{self.offset}"

    @property
    def c_declaration(self):
        return f"__u8 {self.snake}[{self.size}]"


@dataclass
class Union:
    """An anonymous union; each variant is a structure of its own that fills it."""
    name: str
    doc: str
    where: str
    offset: int
    size: int
    selector: str | None = None
    variants: list["Struct"] = field(default_factory=list)

    is_union = True
    is_pad = False

    @property
    def alignment(self):
        return max(variant.alignment for variant in self.variants)


@dataclass
class Struct(names.Spelled):
    """`fields` is what the specification says, `layout` the same with the padding.

    A variant of a union has `base` = offset of the union: its fields' offsets are stated absolutely,
    `base` is to be taken off for its C structure. `when` lists the selector's members that choose it.
    """
    name: str
    doc: str
    where: str
    c_name: str
    size: int
    kernel: str | None = None  # tag of the kernel's structure
    fields: list[Field | Union] = field(default_factory=list)
    base: int = 0
    extensible: bool = False
    when: list[str] = field(default_factory=list)

    @property
    def alignment(self):
        return max((f.alignment for f in self.fields), default=1)

    @property
    def layout(self):
        items, end = [], self.base
        for item in self.fields:
            if item.offset > end:
                items.append(Pad(end, item.offset - end))
            items.append(item)
            end = item.offset + item.size
        if end < self.base + self.size:
            items.append(Pad(end, self.base + self.size - end))
        return items

    @property
    def unions(self):
        return [f for f in self.fields if f.is_union]

    def pack(self, values):
        """The bytes of this structure, which has no unions, with numbers or zero in its fields."""
        data = bytearray(self.size)
        for item in self.fields:
            number = values.get(item.name, 0)
            data[item.offset:item.offset + item.size] = number.to_bytes(item.size, "little")
        return bytes(data)

    def find(self, name):
        return next((f for f in self.fields if f.name == name), None)
