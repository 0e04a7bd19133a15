# SPDX-License-Identifier: MIT
"""spec/numbers.lock: every published name and its number. The file is append-only.

A line is `uabi kind name number`. Kinds `struct` (size) and `limit` may grow: a later line of the same
name then has the greater number, and the last one is valid. Every other number never changes.

A number that was in no release can be withdrawn: add a line `withdrawn uabi kind name number` by
hand. The name may then be removed or have another number; its siblings must not use the number again.
"""
import pathlib
import re

from .files import REMEDY
from .load.documents import shown
from .model.answers import offsets
from .model.errors import SpecError
from .model.names import id_text

FILE = "numbers.lock"
HEAD = ("# SPDX-License-Identifier: MIT\n"
        "# Every number of spec/*.yaml that was ever published. Append-only: `python3 -m gen --update`.\n")
GROWING = ("struct", "limit")
ONCE = ("member", "ioctl", "object", "method", "attribute")
SHOWN = 20
LINE = re.compile(r"(withdrawn )?([a-z0-9-]+) ([a-z]+) (\S+) (\d+|0x[0-9a-f]+)")


def _fields(uabi, path, struct):
    for item in struct.fields:
        if item.is_union:
            for variant in item.variants:
                yield from _fields(uabi, f"{path}.{variant.name}", variant)
        elif not item.name.startswith("reserved"):  # a later version may use it
            yield uabi.name, "field", f"{path}.{item.name}", str(item.offset)
            for part in (p for p in item.bits if not p.reserved):
                yield uabi.name, "bits", f"{path}.{item.name}.{part.name}", f"0x{part.mask:x}"


def _attributes(uabi, attributes):
    for attribute in attributes:
        yield uabi.name, "attribute", attribute.path, id_text(attribute.value)


def _uabi_numbers(uabi):
    for constant in uabi.constants:
        kind = "limit" if constant.limit else "constant"
        yield uabi.name, kind, constant.name, hex(constant.value) if constant.is_hex else str(constant.value)
    for enum in uabi.enums:
        for member in enum.members:
            yield (uabi.name, "member", f"{enum.name}.{member.name}",
                   hex(member.value) if enum.is_macros else str(member.value))
    for struct in uabi.structs:
        yield uabi.name, "struct", struct.name, str(struct.size)
        yield from _fields(uabi, struct.name, struct)
    for ioctl in uabi.ioctls:
        yield uabi.name, "ioctl", ioctl.name, f"0x{ioctl.type << 8 | ioctl.number:x}"
    for obj in uabi.own_objects:
        yield uabi.name, "object", obj.name, id_text(obj.value)
        for method in obj.methods:
            yield uabi.name, "method", method.path, id_text(method.value)
            yield from _attributes(uabi, method.attributes)
            if method.answer:
                for member, offset in offsets(method.answer):
                    yield uabi.name, "answer", f"{method.answer.name}.{member}", str(offset)
    for extension in uabi.extensions:
        yield from _attributes(uabi, extension.attributes)


def numbers(spec):
    """Every number of the specification as (uabi, kind, name, text of the number)."""
    return [number for uabi in spec for number in _uabi_numbers(uabi)]


def _text(folder):
    path = pathlib.Path(folder, FILE)
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise SpecError(f"{shown(path)}: cannot be read: {getattr(error, 'strerror', None) or error}")
    if text and not text.endswith("\n"):
        raise SpecError(f"{shown(path)}: its last line is truncated")
    return text


def _siblings(key):
    """The key of numbers of one kind below one parent, which must be unique."""
    uabi, kind, name = key
    return uabi, kind, name.rpartition(".")[0]


def read(folder):
    """The lock as {(uabi, kind, name): text of the number}, from the last line of a name, and the
    withdrawn numbers as a set of (siblings, number)."""
    file = shown(pathlib.Path(folder, FILE))
    locked, withdrawn = {}, set()
    for row, line in enumerate(_text(folder).splitlines(), start=1):
        if not line or line.startswith("#"):
            continue
        match = LINE.fullmatch(line)
        if not match:
            raise SpecError(f"{file}: line {row}: '{line}' is not 'uabi kind name number'")
        goes, *key, number = match.groups()
        key = tuple(key)
        if goes:
            if locked.pop(key, None) != number:
                raise SpecError(f"{file}: line {row}: {' '.join(key)} {number} is not locked, so it "
                                "cannot be withdrawn")
            withdrawn.add((_siblings(key), int(number, 0)))
            continue
        if key in locked and (key[1] not in GROWING or int(number, 0) <= int(locked[key], 0)):
            raise SpecError(f"{file}: line {row}: {' '.join(key)} is duplicated")
        locked[key] = number
    return locked, withdrawn


def _compare(spec, folder):
    """(errors, new numbers)."""
    file = shown(pathlib.Path(folder, FILE))
    locked, withdrawn = read(folder)
    broken, new, seen = [], [], set()
    for *key, number in numbers(spec):
        key = tuple(key)
        seen.add(key)
        before = locked.get(key)
        grown = before is not None and key[1] in GROWING and int(number, 0) > int(before, 0)
        if (_siblings(key), int(number, 0)) in withdrawn and key[1] in ONCE:
            broken.append(f"{file}: {' '.join(key)} has {number}, which was withdrawn; use another one")
        elif before is None or grown:
            new.append(" ".join((*key, number)))
        elif int(before, 0) != int(number, 0):
            rule = "may only grow from" if key[1] in GROWING else "is locked to"
            broken.append(f"{file}: {' '.join(key)} {rule} {before}, the specification has {number}")
    for key in locked:
        if key not in seen:
            broken.append(f"{file}: {' '.join(key)} {locked[key]} is missing in the specification")
    return broken, new


def problems(spec, folder):
    """All errors, one sentence per line; of the new numbers, the first few."""
    broken, new = _compare(spec, folder)
    file = shown(pathlib.Path(folder, FILE))
    lines = [f"{file}: {line} is not locked yet; {REMEDY}" for line in new[:SHOWN]]
    if len(new) > SHOWN:
        lines.append(f"{file}: and {len(new) - SHOWN} more are not locked yet; {REMEDY}")
    return broken + lines


def update(spec, folder):
    """Append new numbers; refuse without any change if a locked number is missing or different."""
    broken, new = _compare(spec, folder)
    if broken:
        raise SpecError(broken)
    path = pathlib.Path(folder, FILE)
    if new:
        with path.open("a", encoding="utf-8") as lock:
            lock.write(("" if path.stat().st_size else HEAD) + "\n".join(new) + "\n")
    return new
