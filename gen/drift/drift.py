# SPDX-License-Identifier: MIT
"""Compares a described uABI with the kernel's headers, in both directions, for 64 and 32 bits."""
from collections import Counter
import pathlib
import re

from . import kernel
from .declared import compiler, declared

IDENTIFIER = re.compile(r"[A-Za-z_]\w*")
STRUCT = re.compile(r"\bstruct (\w+)")
WIDTHS = {False: "64 bits", True: "32 bits"}


class _Drift:
    """One comparison: `counts` has the compared items, `problems` a line for each difference."""

    def __init__(self, uabi, headers):
        self.uabi = uabi
        self.headers = headers  # declared.Declared
        self.counts = Counter(structures=0, members=0, values=0, ioctls=0)
        self.problems = []
        self.left_out = set()  # names of leaves-out that are in the headers

    def leaves_out(self, name):
        if name not in self.uabi.kernel.leaves_out:
            return False
        self.left_out.add(name)
        return True

    def missing(self, what, name):
        """Add a problem: the kernel has a declaration that is not described."""
        if self.uabi.kernel.covers == "whole" and not self.leaves_out(name):
            self.problems.append(f"{self.uabi.file}: the kernel has {what} {name}, which is not described here")

    def structs(self):
        described = set()
        for struct in self.uabi.structs:
            if not struct.kernel:
                continue
            described.add(struct.kernel)
            record = self.headers.records.get(struct.kernel)
            if record is None:
                self.problems.append(f"{struct.where}: the kernel has no struct {struct.kernel}")
            else:
                self.struct(struct, record, struct.kernel)
        self.counts["structures"] = len(described & set(self.headers.records))
        for tag in self.headers.records:
            if tag not in described:
                self.missing("struct", tag)

    def struct(self, struct, record, tag):
        if struct.size != record.size:
            self.problems.append(f"{struct.where}: struct {tag} has {record.size} bytes in the kernel, "
                                 f"{struct.size} here")
        described = set()
        for item in struct.everything():
            for name, first, bits in self.places(item):
                described.add(name)
                self.member(item, record, tag, name, first, bits)
        if struct.tail:
            described.add(struct.tail.snake)
            self.tail(struct, record, tag)
        for name in record.members:
            if name not in described:
                self.missing("the member", f"{tag}.{name}")

    @staticmethod
    def places(item):
        """(name in the kernel, first bit, number of bits) of a field, or of its parts."""
        if item.is_bit_fields:
            return [(part.kernel or part.snake, 8 * item.offset + part.first, part.width) for part in item.bits]
        return [(name, 8 * item.offset, 8 * item.size) for name in item.kernel_names]

    def member(self, item, record, tag, name, first, bits):
        member = record.members.get(name)
        if member is None:
            self.problems.append(f"{item.where}: the kernel's struct {tag} has no member {name}")
            return
        if (member.first, member.bits) != (first, bits):
            self.problems.append(f"{item.where}: {tag}.{name} has {member.bits} bits from bit {member.first} "
                                 f"in the kernel, {bits} from bit {first} here")
        elif not item.is_bit_fields and member.element_bits != 8 * item.element_size:
            self.problems.append(f"{item.where}: an element of {tag}.{name} has {member.element_bits} bits in "
                                 f"the kernel, {8 * item.element_size} here")
        elif item.type != "char" and member.signed != (item.type[0] == "s" and item.type != "struct"):
            kinds = ("signed", "unsigned") if member.signed else ("unsigned", "signed")
            self.problems.append(f"{item.where}: {tag}.{name} is {kinds[0]} in the kernel, {kinds[1]} here")
        elif (member.record is None) != (item.type != "struct"):
            kinds = ("a number", "a structure")[::1 if member.record is None else -1]
            self.problems.append(f"{item.where}: {tag}.{name} is {kinds[0]} in the kernel, {kinds[1]} here")
        if member.record and item.type == "struct":
            self.inner(item, member, f"{tag}.{name}")
        self.counts["members"] += 1

    def inner(self, item, member, path):
        """A structure that is a member: a named or an unnamed one."""
        if member.record.tag is None:
            self.struct(item.struct, member.record, path)
        elif member.record.tag != item.struct.kernel:
            self.problems.append(f"{item.where}: {path} is a struct {member.record.tag} in the kernel, "
                                 f"struct {item.struct.kernel} here")

    def tail(self, struct, record, tag):
        member = record.members.get(struct.tail.snake)
        if member is None or member.bits or member.first != 8 * struct.size:
            self.problems.append(f"{struct.where}: the kernel's struct {tag} does not end with an array "
                                 f"{struct.tail.snake}[] without a size")
        self.counts["members"] += 1

    def values(self):
        """Every macro and enumerator must be named; those in the definition of an ioctl count as named by it."""
        things = [*self.uabi.constants, *(m for enum in self.uabi.enums for m in enum.members)]
        named = {word for thing in things if thing.kernel for word in IDENTIFIER.findall(thing.kernel)}
        self.counts["values"] += sum(1 for thing in things if thing.kernel)
        for ioctl in self.uabi.ioctls:
            if ioctl.kernel:
                named |= self.ioctl(ioctl)
        for name in (*self.headers.enumerators, *self.headers.macros):
            if name not in named:
                self.missing("the value", name)

    def ioctl(self, ioctl):
        body = self.headers.macros.get(ioctl.kernel, "")
        for tag in STRUCT.findall(body):
            if tag != ioctl.struct.kernel:
                self.problems.append(f"{ioctl.where}: the argument of {ioctl.kernel} is a struct {tag} in the "
                                     f"kernel, struct {ioctl.struct.kernel} here")
        self.counts["ioctls"] += 1
        named, waiting = {ioctl.kernel}, IDENTIFIER.findall(body)
        while waiting:
            word = waiting.pop()
            if word not in named:
                named.add(word)
                waiting += IDENTIFIER.findall(self.headers.macros.get(word, ""))
        return named

    def stale(self):
        for name in self.uabi.kernel.leaves_out:
            if name not in self.left_out:
                self.problems.append(f"{self.uabi.file}: kernel.leaves-out: {name} is not in the kernel's "
                                     "headers, or it is described")


def _one_width(uabi, include, narrow):
    found = _Drift(uabi, declared(uabi, include, narrow))
    found.structs()
    found.values()
    found.stale()
    result = kernel.compare(uabi, include, compiler(include, narrow))
    found.counts["assertions"] = result.checked
    # Report a difference once, preferably from the comparison that knows the value in the kernel.
    reported = {line.split(": ")[1] for line in found.problems}
    asserted = [line for line in result.wrong + result.absent if line.split(": ")[1] not in reported]
    return found.counts, found.problems + asserted


def check(uabi, include):
    """(counts, problems): a problem of only one width has that width appended."""
    missing = [h for h in uabi.kernel.headers if not pathlib.Path(include, h).exists()]
    if missing:
        absent = [f"{uabi.file}: kernel.headers: {h} does not exist below {include}" for h in missing]
        return Counter(compared=0), absent
    results = {narrow: _one_width(uabi, include, narrow) for narrow in (False, True)}
    wide, narrow = results[False][1], results[True][1]
    problems = [line if line in narrow else f"{line} ({WIDTHS[False]})" for line in wide]
    problems += [f"{line} ({WIDTHS[True]})" for line in narrow if line not in wide]
    return results[False][0], problems
