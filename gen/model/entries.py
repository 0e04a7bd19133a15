# SPDX-License-Identifier: MIT
"""The basic entries of a specification: constants, enums, errnos, and kinds of objects.

Every entry with a name is a Named: `name` as written (`address-space`), `snake` (`address_space`), `upper`,
`camel`, `constant` (`kAddressSpace`), `c_name` (the identifier in the C header) and `where` (its place, for
messages).
"""
from dataclasses import dataclass, field

from . import names

U32_MAX = 0xFFFFFFFF
U64_MAX = 0xFFFFFFFFFFFFFFFF


class Hex(int):
    """A number that is hexadecimal in the specification and in the output."""


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
        return isinstance(self.value, Hex)


@dataclass
class Member(Named):
    value: int
    errno: str | None = None  # members of accel's `reason`
    scope: str | None = None  # members of a driver's `opcode`
    minimum: int = 0  # range of the setting of that name; maximum 0: no range
    maximum: int = 0

    @property
    def is_hex(self):
        return isinstance(self.value, Hex)


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
