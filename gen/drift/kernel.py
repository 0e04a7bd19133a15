# SPDX-License-Identifier: MIT
"""Compares a described uABI of the kernel with the kernel's headers, by compiling assertions."""
from dataclasses import dataclass
import pathlib
import re
import subprocess

from ..model.errors import SpecError

COMPLAINT = re.compile(r"^facts:(\d+):\d+: error: (.*)$", re.MULTILINE)
UNKNOWN = re.compile(r"undeclared|undefined|unknown|no member|incomplete|not declared", re.IGNORECASE)


@dataclass
class Fact:
    """`what` is a place in the specification, `expression` must be true with the headers."""
    what: str
    expression: str


@dataclass
class Result:
    """`wrong`: contradicted by the headers. `absent`: not in the headers, which are older."""
    checked: int
    wrong: list[str]
    absent: list[str]


def _struct_facts(struct):
    name = f"struct {struct.kernel}"
    yield Fact(struct.where, f"sizeof({name}) == {struct.size}")
    for item in struct.everything():
        if item.is_bit_fields:
            continue  # C has no offsetof for bit-fields; declared.py reads them
        for field in item.kernel_names:
            yield Fact(item.where, f"__builtin_offsetof({name}, {field}) == {item.offset}")
            yield Fact(item.where, f"sizeof((({name} *)0)->{field}) == {item.size}")


def facts(uabi):
    """A fact for each entry of the uABI with a name in the kernel's headers."""
    for constant in uabi.constants:
        if constant.kernel:
            yield Fact(constant.where, f"({constant.kernel}) == {constant.value:#x}ULL")
    for enum in uabi.enums:
        for member in enum.members:
            if member.kernel:
                yield Fact(member.where, f"({member.kernel}) == {member.value:#x}ULL")
    for struct in uabi.structs:
        if struct.kernel:
            yield from _struct_facts(struct)
    for ioctl in uabi.ioctls:
        if ioctl.kernel:
            yield Fact(ioctl.where, f"{ioctl.kernel} == {ioctl.code:#x}U")


def _complaints(uabi, asked, include, compiler):
    """{number of a fact: error message of the compiler}, empty if every fact is true."""
    lines = ["#include <linux/ioctl.h>", "#include <linux/types.h>"]
    lines += [f"#define {name} {value:#x}" for name, value in uabi.kernel.macros.items()]
    lines += [f"#if __has_include(<{h}>)\n#include <{h}>\n#endif" for h in uabi.kernel.headers]
    lines += ['#line 1 "facts"', *(f'_Static_assert({fact.expression}, "drift");' for fact in asked)]
    command = [*compiler, "-std=gnu11", "-x", "c", "-fsyntax-only", "-fmax-errors=0", f"-I{include}", "-"]
    done = subprocess.run(command, input="\n".join(lines) + "\n", capture_output=True, text=True,
                          env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"}, check=False)
    errors = {}
    for number, text in COMPLAINT.findall(done.stderr):
        errors.setdefault(int(number) - 1, text)
    if done.returncode and not errors:
        raise SpecError(f"gcc cannot compile the kernel's headers: {done.stderr.strip()}")
    return errors


def present(uabi, include):
    """The first of the kernel's headers exists."""
    return bool(uabi.kernel) and pathlib.Path(include, uabi.kernel.headers[0]).exists()


def compare(uabi, include, compiler=("gcc",)):
    """Compile the facts against the headers below `include`."""
    every = list(facts(uabi))
    result = Result(len(every), [], [])
    for number, complaint in _complaints(uabi, every, include, compiler).items():
        fact = every[number]
        if UNKNOWN.search(complaint):
            result.absent.append(f"{fact.what}: the headers do not know {fact.expression}")
        else:
            result.wrong.append(f"{fact.what}: the headers contradict {fact.expression}")
    return result
