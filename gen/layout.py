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

    `kind` is bytes, struct, choice or list. struct: `struct`, `length_field` counts as `unit` says. choice:
    the member of the enum of `selector` chooses among `cases` {member name: Struct}. list: structures that
    begin with `header`, in which `selector` chooses among `cases`, or `answers` on the way back, and
    `size_field` has the bytes of one; `count_field` has their number, `room` the bytes that an answer may
    need. `length_field` and `count_field` may be paths: `header.count`.
    """
    kind: str
    direction: str
    length_field: str | None
    unit: str  # bytes or elements
    struct: "Struct | None" = None
    selector: str | None = None
    cases: dict[str, "Struct"] = field(default_factory=dict)
    answers: dict[str, "Struct"] = field(default_factory=dict)
    header: "Struct | None" = None
    size_field: str | None = None
    count_field: str | None = None
    room: int | None = None


@dataclass
class Bits(names.Spelled):
    """A part of a field: `width` bits from bit `first` up."""
    name: str
    doc: str
    where: str
    c_name: str
    first: int
    width: int
    enum: typing.Any = None  # model.Enum
    reserved: bool = False
    kernel: str | None = None

    @property
    def mask(self):
        return ((1 << self.width) - 1) << self.first

    @property
    def is_bytes(self):
        """It fills whole bytes, and can be read like a field."""
        return self.first % 8 == 0 and self.width % 8 == 0


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
    kernel: list[str] = field(default_factory=list)  # its names in the kernel's structure, if they are others
    direction: str = "in"  # who writes it: in the caller, out the kernel, inout both
    unit: str | None = None  # what the number counts
    reserved: bool = False  # it must be zero, or the call is refused
    ignored: bool = False
    minimum: int | None = None
    maximum: int | None = None
    handle: typing.Any = None  # model.Handle: the kind of object that the number names
    errno: str | None = None  # what the kernel answers if a fact of it does not hold
    bits: list[Bits] = field(default_factory=list)

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
    def is_bit_fields(self):
        """The kernel's structure has its parts as members and not the whole."""
        return any(part.kernel for part in self.bits)

    @property
    def kernel_names(self):
        return self.kernel or [self.snake]

    @property
    def is_in(self):
        return self.direction in ("in", "inout")

    @property
    def is_out(self):
        return self.direction in ("out", "inout")

    @property
    def has_byte_parts(self):
        """Every part of it can be read like a field."""
        return all(part.is_bytes for part in self.bits) and self.count is None

    @property
    def refusal(self):
        """The errno of a value that breaks a fact of this field, other than naming no object."""
        return self.errno if self.errno and not self.handle else "EINVAL"

    @property
    def handle_refusal(self):
        """The errno of a number that names no object."""
        return self.errno or self.handle.errno

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
class Tail(names.Spelled):
    """Bytes that follow a structure; what contains it says how many."""
    name: str
    doc: str
    multiple_of: int = 1


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
    tail: Tail | None = None
    creates: typing.Any = None  # model.Handle: as part of a list it tells that such an object was made
    destroys: typing.Any = None  # model.Handle: as part of a list it frees such an object

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

    def resolve(self, path):
        """The fields on the way to `header.count`: [header, count]; None if there is no such field."""
        head, _, rest = path.partition(".")
        item = self.find(head)
        if not rest or item is None:
            return None if item is None else [item]
        inner = item.struct.resolve(rest) if not item.is_union and item.type == "struct" else None
        return None if inner is None else [item, *inner]

    def follow(self, path):
        """The last field on that way, or None."""
        way = self.resolve(path)
        return way[-1] if way else None

    def chooser(self, name):
        """The field or the part of a field that chooses a variant or a case, or None."""
        parts = (bits for f in self.fields if not f.is_union for bits in f.bits)
        return self.find(name) or next((bits for bits in parts if bits.name == name), None)

    def everything(self):
        """Every field, those of variants too."""
        for item in self.fields:
            if not item.is_union:
                yield item
                continue
            for variant in item.variants:
                yield from variant.everything()
