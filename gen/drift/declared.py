# SPDX-License-Identifier: MIT
"""The structures, enumerators and macros that headers of the kernel declare, from the C compiler.

The compiler writes each structure as debugging information, which has the position of each bit-field,
and lists each macro.
"""
from dataclasses import dataclass, field
import pathlib
import re
import subprocess
import tempfile

from ..model.errors import SpecError

LINE_MARKER = re.compile(r'# \d+ "([^"]*)"')
DEFINE = re.compile(r"#define (\w+)(\([^)]*\))?\s*(.*)")


@dataclass
class Member:
    """A member of a structure, `bits` wide and `first` bits from its start. `record` is a structure in it."""
    name: str
    first: int
    bits: int
    element_bits: int  # of one element of an array
    signed: bool
    record: "Record | None" = None


@dataclass
class Record:
    """A structure. Members of nameless structures and unions in it are members of it."""
    tag: str | None
    size: int  # bytes
    members: dict[str, Member] = field(default_factory=dict)


@dataclass
class Declared:
    records: dict[str, Record] = field(default_factory=dict)
    enumerators: dict[str, int] = field(default_factory=dict)
    macros: dict[str, str] = field(default_factory=dict)  # {name: replacement}


def source(uabi):
    """A C source that includes the kernel's headers of a uABI."""
    lines = ["#include <linux/ioctl.h>", "#include <linux/types.h>"]
    lines += [f"#define {name} {value:#x}" for name, value in uabi.kernel.macros.items()]
    return "\n".join(lines + [f"#include <{header}>" for header in uabi.kernel.headers]) + "\n"


def compiler(include, narrow):
    """The compiler's command for headers below `include` only, without the system's, for 64 or 32 bits."""
    folders = ["i386-linux-gnu", "x86_64-linux-gnu"]  # folders of asm/, if it is not in `include` itself
    if not narrow:
        folders.reverse()
    return ["gcc", "-std=gnu11", "-nostdinc", "-m32" if narrow else "-m64", f"-I{include}",
            *(f"-I{pathlib.Path(include, folder)}" for folder in folders)]


def _run(command, text):
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False,
                          env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"})
    if done.returncode:
        message = next((line for line in done.stderr.splitlines() if "error:" in line), done.stderr.strip())
        raise SpecError(f"gcc cannot compile the kernel's headers: {message}")
    return done.stdout


def _macros(uabi, command, headers):
    """The macros of the headers; those without a value are guards."""
    found, inside = {}, False
    for line in _run([*command, "-E", "-dD", "-x", "c", "-"], source(uabi)).splitlines():
        if marker := LINE_MARKER.match(line):
            inside = marker[1] in headers
        elif inside and (define := DEFINE.match(line)) and (define[3] or define[2]):
            found[define[1]] = define[3]
    return found


class _Reader:
    """Reads the debugging information of one object file."""

    def __init__(self, unit, headers, lines):
        self.unit = unit
        self.headers = headers
        self.files = lines.header.file_entry
        self.folders = lines.header.include_directory

    def is_ours(self, entry):
        number = self.value(entry, "DW_AT_decl_file")
        if not number:
            return False
        file = self.files[number - 1]
        folder = self.folders[file.dir_index - 1].decode() + "/" if file.dir_index else ""
        return folder + file.name.decode() in self.headers

    @staticmethod
    def value(entry, name, default=0):
        return entry.attributes[name].value if name in entry.attributes else default

    def name(self, entry):
        text = self.value(entry, "DW_AT_name", None)
        return text.decode() if text is not None else None

    def type_of(self, entry):
        """The type without typedefs and qualifiers, and the product of the bounds of its arrays."""
        count = 1
        while True:
            entry = entry.get_DIE_from_attribute("DW_AT_type")
            if entry.tag == "DW_TAG_array_type":
                for bound in entry.iter_children():
                    top = self.value(bound, "DW_AT_upper_bound", None)
                    count *= 0 if top is None else self.value(bound, "DW_AT_count", top + 1)
            elif entry.tag not in ("DW_TAG_typedef", "DW_TAG_volatile_type", "DW_TAG_const_type"):
                return entry, count

    def member(self, entry, base):
        kind, count = self.type_of(entry)
        size = self.value(kind, "DW_AT_byte_size")
        first = base + 8 * self.value(entry, "DW_AT_data_member_location")
        bits = self.value(entry, "DW_AT_bit_size", None)
        if "DW_AT_data_bit_offset" in entry.attributes:
            first = base + self.value(entry, "DW_AT_data_bit_offset")
        elif bits is not None:  # counted from the highest bit of the unit that holds it
            unit = self.value(entry, "DW_AT_byte_size", size)
            first += 8 * unit - self.value(entry, "DW_AT_bit_offset") - bits
        # DW_ATE_signed and DW_ATE_signed_char.
        signed = self.value(kind, "DW_AT_encoding") in (5, 6)
        made = Member(self.name(entry), first, 8 * size * count if bits is None else bits,
                      8 * size if bits is None else bits, signed)
        if kind.tag in ("DW_TAG_structure_type", "DW_TAG_union_type"):
            made.record = self.record(kind)
        return made

    def record(self, entry):
        made = Record(self.name(entry), self.value(entry, "DW_AT_byte_size"))
        for child in entry.iter_children():
            if child.tag != "DW_TAG_member":
                continue
            member = self.member(child, 0)
            if member.name:
                made.members[member.name] = member
                continue
            for inner in member.record.members.values():
                inner.first += member.first
                made.members[inner.name] = inner
        return made

    def read(self, found):
        for entry in self.unit.get_top_DIE().iter_children():
            if not self.is_ours(entry):
                continue
            if entry.tag == "DW_TAG_structure_type" and self.name(entry):
                found.records[self.name(entry)] = self.record(entry)
            elif entry.tag == "DW_TAG_enumeration_type":
                for child in entry.iter_children():
                    found.enumerators[self.name(child)] = self.value(child, "DW_AT_const_value")


def declared(uabi, include, narrow=False):
    """All declarations of the kernel's headers of the uABI, without those of headers that they include."""
    from elftools.elf.elffile import ELFFile
    headers = {str(pathlib.Path(include, header)) for header in uabi.kernel.headers}
    command = compiler(include, narrow)
    found = Declared(macros=_macros(uabi, command, headers))
    with tempfile.TemporaryDirectory() as folder:
        made = pathlib.Path(folder, "headers.o")
        _run([*command, "-gdwarf-4", "-fno-eliminate-unused-debug-types", "-c", "-x", "c", "-o", str(made), "-"],
             source(uabi))
        with made.open("rb") as file:
            info = ELFFile(file).get_dwarf_info()
            for unit in info.iter_CUs():
                _Reader(unit, headers, info.line_program_for_CU(unit)).read(found)
    return found
