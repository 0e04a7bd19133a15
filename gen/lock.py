# SPDX-License-Identifier: MIT
"""spec/numbers.lock: every name and its number, for ever. Lines are only ever appended.

A line is `uabi kind name number`. Kinds `struct` (size) and `limit` may grow: a later line of the same
name then has the greater number, and the last one counts. Every other number stays what it is.
"""
import pathlib
import re

from .errors import SpecError

FILE = "numbers.lock"
HEAD = ("# SPDX-License-Identifier: MIT\n"
        "# Every number of spec/*.yaml that was ever published. Append-only: `python3 -m gen --update`.\n")
GROWING = ("struct", "limit")
LINE = re.compile(r"([a-z0-9-]+) ([a-z]+) (\S+) (\d+|0x[0-9a-f]+)")


def _fields(uabi, path, struct):
    for item in struct.fields:
        if item.is_union:
            for variant in item.variants:
                yield from _fields(uabi, f"{path}.{variant.name}", variant)
        else:
            yield uabi.name, "field", f"{path}.{item.name}", str(item.offset)


def _attributes(uabi, attributes):
    for attribute in attributes:
        yield uabi.name, "attribute", attribute.path, _id(attribute.value)
        yield from _attributes(uabi, attribute.attributes)


def _id(value):
    return f"0x{value:x}" if value >= 0x8000 else str(value)


def _uabi_numbers(uabi):
    for constant in uabi.constants:
        kind = "limit" if constant.limit else "constant"
        yield uabi.name, kind, constant.name, hex(constant.value) if constant.is_hex else str(constant.value)
    for enum in uabi.enums:
        for member in enum.members:
            yield (uabi.name, "member", f"{enum.name}.{member.name}",
                   hex(member.value) if enum.is_flags else str(member.value))
    for struct in uabi.structs:
        yield uabi.name, "struct", struct.name, str(struct.size)
        yield from _fields(uabi, struct.name, struct)
    for ioctl in uabi.ioctls:
        yield uabi.name, "ioctl", ioctl.name, f"0x{ioctl.type << 8 | ioctl.number:x}"
    for obj in uabi.own_objects:
        yield uabi.name, "object", obj.name, _id(obj.value)
        for method in obj.methods:
            yield uabi.name, "method", method.path, _id(method.value)
            yield from _attributes(uabi, method.attributes)
    for extension in uabi.extensions:
        yield from _attributes(uabi, extension.attributes)


def numbers(spec):
    """Every number of the specification as (uabi, kind, name, text of the number)."""
    return [number for uabi in spec for number in _uabi_numbers(uabi)]


def read(folder):
    """The lock as {(uabi, kind, name): text of the number}, the last line of a name winning."""
    path = pathlib.Path(folder, FILE)
    if not path.exists():
        return {}
    locked = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line or line.startswith("#"):
            continue
        match = LINE.fullmatch(line)
        if not match:
            raise SpecError(f"spec/{FILE}: line {number}: '{line}' is not 'uabi kind name number'")
        key, text = match.groups()[:3], match.group(4)
        if key in locked and (key[1] not in GROWING or int(text, 0) <= int(locked[key], 0)):
            raise SpecError(f"spec/{FILE}: line {number}: {' '.join(key)} stands twice")
        locked[key] = text
    return locked


def _compare(spec, folder):
    """What is broken for good, and what is only new."""
    locked, broken, new, seen = read(folder), [], [], set()
    for *key, text in numbers(spec):
        key = tuple(key)
        seen.add(key)
        before = locked.get(key)
        if before is None or (key[1] in GROWING and int(text, 0) > int(before, 0)):
            new.append(" ".join((*key, text)))
        elif int(before, 0) != int(text, 0):
            broken.append(f"spec/{FILE}: {' '.join(key)} is {before} for ever, the specification says {text}")
    for key in locked:
        if key not in seen:
            broken.append(f"spec/{FILE}: {' '.join(key)} {locked[key]} has vanished from the specification")
    return broken, new


def problems(spec, folder):
    broken, new = _compare(spec, folder)
    return broken + [f"spec/{FILE}: {line} is not locked yet; run: /usr/bin/python3 -m gen --update"
                     for line in new]


def update(spec, folder):
    """Append what is new; refuse, changing nothing, if a locked number is gone or another one."""
    broken, new = _compare(spec, folder)
    if broken:
        raise SpecError(broken)
    path = pathlib.Path(folder, FILE)
    if new:
        with path.open("a", encoding="utf-8") as lock:
            lock.write(("" if path.stat().st_size else HEAD) + "\n".join(new) + "\n")
    return new
