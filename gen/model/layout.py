# SPDX-License-Identifier: MIT
"""Structures: fields at given offsets, unions of variants, and the padding between them."""
from dataclasses import dataclass, field

from . import names
from .entries import Enum, Handle

SIZES = {"u8": 1, "s8": 1, "char": 1, "u16": 2, "s16": 2, "u32": 4, "s32": 4, "u64": 8, "s64": 8,
         "pointer": 8}


@dataclass
class Target:
    """Target of a pointer of an ioctl structure.

    `kind` is bytes, struct, choice or list. struct: `struct`, `unit` is the unit of `length_field`. choice:
    the member of the enum of `selector` selects from `cases` {member name: Struct}. list: structures that
    begin with `header`, in which `selector` selects from `cases`, or from `answers` after the call, and
    `size_field` is the size of one; `count_field` is their number, `room` the bytes of room for an
    answer. `length_field` and `count_field` may be paths: `header.count`.
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
    enum: Enum | None = None
    reserved: bool = False
    kernel: str | None = None

    @property
    def mask(self):
        return ((1 << self.width) - 1) << self.first

    @property
    def is_bytes(self):
        """It consists of whole bytes and can be read like a field."""
        return self.first % 8 == 0 and self.width % 8 == 0


@dataclass
class Field(names.Spelled):
    name: str
    doc: str
    where: str
    type: str  # a key of SIZES, or struct
    offset: int  # from the start of the outermost structure that is not a field
    count: int | None = None  # elements of an array
    enum: Enum | None = None
    struct: "Struct | None" = None
    atomic: bool = False
    target: Target | None = None
    kernel: list[str] = field(default_factory=list)  # its names in the kernel's structure, if different
    direction: str = "in"  # writer: in the caller, out the kernel, inout both
    unit: str | None = None  # unit of the number
    reserved: bool = False  # it must be zero, or the call is refused
    ignored: bool = False
    minimum: int | None = None
    maximum: int | None = None
    handle: Handle | None = None  # the kind of object that the number identifies
    errno: str | None = None  # errno of the kernel for a wrong value
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
        """The kernel's structure has its parts as members instead of the whole."""
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
        """Each part can be read like a field."""
        return all(part.is_bytes for part in self.bits) and self.count is None

    @property
    def refusal(self):
        """The errno of a wrong value of this field, except a number of no object."""
        return self.errno if self.errno and not self.handle else "EINVAL"

    @property
    def handle_refusal(self):
        """The errno of a number of no object."""
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
    """Bytes between fields."""
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
    """An anonymous union; each variant is a structure of the same size."""
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
    """Bytes that follow a structure; the container determines their number."""
    name: str
    doc: str
    multiple_of: int = 1


@dataclass
class Struct(names.Spelled):
    """`fields` is from the specification, `layout` is the same with the padding.

    A variant of a union has `base` = offset of the union: the offsets of its fields are absolute;
    subtract `base` for its C structure. `when` lists the selector's members that select it.
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
    creates: Handle | None = None  # as part of a list it reports the creation of such an object
    destroys: Handle | None = None  # as part of a list it frees such an object

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
        """The bytes of this structure, which has no unions; fields without a value are zero."""
        data = bytearray(self.size)
        for item in self.fields:
            number = values.get(item.name, 0)
            data[item.offset:item.offset + item.size] = number.to_bytes(item.size, "little")
        return bytes(data)

    def find(self, name):
        return next((f for f in self.fields if f.name == name), None)

    def resolve(self, path):
        """The fields of the path `header.count`: [header, count]; None if no such field exists."""
        head, _, rest = path.partition(".")
        item = self.find(head)
        if not rest or item is None:
            return None if item is None else [item]
        inner = item.struct.resolve(rest) if not item.is_union and item.type == "struct" else None
        return None if inner is None else [item, *inner]

    def follow(self, path):
        """The last field of the path, or None."""
        way = self.resolve(path)
        return way[-1] if way else None

    def chooser(self, name):
        """The field or the part of a field that selects a variant or a case, or None."""
        parts = (bits for f in self.fields if not f.is_union for bits in f.bits)
        return self.find(name) or next((bits for bits in parts if bits.name == name), None)

    def everything(self):
        """Every field, including those of variants."""
        for item in self.fields:
            if not item.is_union:
                yield item
                continue
            for variant in item.variants:
                yield from variant.everything()
