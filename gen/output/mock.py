# SPDX-License-Identifier: MIT
"""The mock kernel's side of ioctl uABIs: functions for its templates, and the refused values.

It serves the uABIs of DRM nodes, whose ioctls all have the type 'd' and the same decoding in the kernel.
"""
from dataclasses import dataclass

from ..model.errors import SpecError
from ..model.layout import SIZES

FOLDER = "accel/mock"


def served(spec):
    """The uABIs with a mock."""
    return [uabi for uabi in spec.of_protocol("ioctl")
            if uabi.ioctls and all(ioctl.type == ord("d") for ioctl in uabi.ioctls)]


def bases(spec, uabi):
    """The mocks of the uABIs that this one uses, at most one."""
    used = [other for other in uabi.uses if other in served(spec)]
    if len(used) > 1:
        raise SpecError(f"{uabi.file}: uses: a mock serves one uABI besides its own, "
                        f"these are {len(used)}: {', '.join(other.name for other in used)}")
    return used


def leaves(struct, direction=None, offset=0, path=()):
    """(field, direction, offset, member path) of every number; structures inside are opened, unions are not."""
    for item in struct.fields:
        if item.is_union:
            continue
        way = direction or (item.direction if item.direction != "in" else None)
        names = (*path, item.snake)
        if item.type == "struct" and item.count is None:
            yield from leaves(item.struct, way, offset + item.offset, names)
        else:
            yield item, way or "in", offset + item.offset, names


def values(struct):
    """The numbers of a structure that the driver checks: those that the caller writes and the driver reads."""
    return [(item, offset, ".".join(path)) for item, way, offset, path in leaves(struct)
            if way != "out" and not item.ignored and item.type not in ("pointer", "struct", "char")]


def uses(struct):
    """Those of values() that identify objects."""
    return [(item, path) for item, _, path in values(struct) if item.handle]


def of_kind(struct, handle, ways):
    """Path of the field with the number of an object of this kind."""
    return next(".".join(path) for item, way, _, path in leaves(struct) if item.handle is handle and way in ways)


def refusal_of(struct, handle):
    """The errno of the driver for a number of no object of this kind."""
    return next(item.handle_refusal for item, _ in uses(struct) if item.handle is handle)


def top(item):
    return (1 << 8 * SIZES[item.type]) - 1


def limit(item):
    """The greatest value that is accepted, or None if every value is."""
    most = item.maximum
    if item.handle and item.handle.maximum is not None:
        most = min(item.handle.maximum, top(item) if most is None else most)
    return None if most is None or most >= top(item) else most


def pointers(struct):
    """(field, member path, path of the field with the length or the number of elements)."""
    found = []
    for item, _, _, path in leaves(struct):
        if item.type == "pointer" and item.target:
            if item.target.kind == "choice":
                raise SpecError(f"{item.where}: a mock cannot serve a pointer of the kind choice")
            head = ".".join(path[:-1])
            length = item.target.length_field
            found.append((item, ".".join(path), f"{head}." * bool(head) + _member(struct, length)))
    return found


def _member(struct, path):
    return ".".join(field.snake for field in struct.resolve(path)) if path else ""


def count_member(struct, target):
    return _member(struct, target.count_field)


def element(target):
    return target.struct.c_name if target.kind == "struct" else "std::byte"


def created(target):
    """The kinds of objects whose creation the answers of a list report."""
    found = []
    for struct in target.answers.values():
        found += [struct.creates] if struct.creates and struct.creates not in found else []
    return found


def structs(uabi):
    """The structures to check: arguments, elements and parts of lists, each once."""
    found = {}
    for ioctl in uabi.ioctls:
        reached = [ioctl.struct]
        for item, _, _ in pointers(ioctl.struct):
            reached += [item.target.struct] if item.target.kind == "struct" else []
            reached += item.target.cases.values()
        found |= {struct.c_name: struct for struct in reached}
    return list(found.values())


def looked_up(uabi):
    """The structures with handles to look up, except those that free the object."""
    freeing = [ioctl.struct for ioctl in uabi.ioctls if ioctl.destroys]
    return [struct for struct in structs(uabi) if uses(struct) and not struct.destroys and struct not in freeing]


def kinds(uabi):
    """The kinds of objects whose numbers this mock stores; a base stores its own."""
    return uabi.handles


def member_value(target, member):
    return next(m.value for m in target.header.find(target.selector).enum.members if m.name == member)


@dataclass
class Refusal:
    what: str
    ioctl: object
    pointer: int
    selector: int
    offset: int
    size: int
    value: int
    error: str


def _wrong(item):
    """(error, value, errno) for each fact of a field."""
    if item.reserved:
        yield "is not zero", 1, item.refusal
        return
    if item.enum:
        wrong = item.enum.maximum + 1
        if item.enum.is_flags:
            wrong = next((1 << bit for bit in range(8 * item.size) if not item.enum.mask >> bit & 1), top(item) + 1)
        if wrong <= top(item):
            yield "is unknown", wrong, item.refusal
    if item.minimum:
        yield "is too small", item.minimum - 1, item.refusal
    if limit(item) is not None:
        yield "is too great", limit(item) + 1, item.refusal
    if item.handle:
        yield "names no object", min(0xdead, item.handle.maximum or top(item)), item.handle_refusal


def _refusals(ioctl, struct, pointer=-1, selector=-1, label=""):
    for item, offset, path in values(struct):
        if item.count is None:
            for what, value, error in _wrong(item):
                yield Refusal(f"{ioctl.name}: {label}{path} {what}", ioctl, pointer, selector, offset,
                              item.size, value, error)
    for item, way, offset, path in leaves(struct):
        if item.type == "pointer" and item.target and way != "out":
            name = f"{ioctl.name}: {label}{'.'.join(path)}"
            yield Refusal(f"{name} cannot be read", ioctl, pointer, selector, offset, 8, 16, "EFAULT")
            if item.errno:
                yield Refusal(f"{name} is null", ioctl, pointer, selector, offset, 8, 0, item.errno)


def refusals(uabi):
    """For tests: one wrong value for each fact of the description, with the errno of its refusal."""
    for ioctl in uabi.ioctls:
        yield from _refusals(ioctl, ioctl.struct)
        for item, offset in [(item, offset) for item, _, offset, _ in leaves(ioctl.struct) if item.target]:
            target = item.target
            if target.kind == "struct" and target.direction != "out":
                yield from _refusals(ioctl, target.struct, offset, label=f"{item.name}[0].")
            for member, struct in target.cases.items():
                yield from _refusals(ioctl, struct, offset, member_value(target, member), f"{member}.")
