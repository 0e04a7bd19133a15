# SPDX-License-Identifier: MIT
"""The rules for properties of fields besides their layout: units, ranges, handles, parts; and for ioctls."""
from ..model.layout import SIZES

UNSIGNED = ("u8", "u16", "u32", "u64")
# A number with such a name needs a unit. Checked for the uABIs of the kernel; the project's own names contain
# the unit (deadline-ns).
COUNTING = {"size", "len", "length", "timeout", "latency", "time", "delay", "offset", "resize", "us", "ns", "ms"}
TIMES = ("s", "ms", "us", "ns")


def _top(field):
    return (1 << 8 * SIZES[field.type]) - 1


def _unit(problems, field):
    if field.type in UNSIGNED and not (field.unit or field.reserved) and COUNTING & set(field.name.split("-")):
        problems.add(field.where, f"'{field.name}' needs the key 'unit': what it counts")


def _constant_unit(problems, constant):
    if not constant.unit and COUNTING & set(constant.name.split("-")):
        problems.add(constant.where, f"'{constant.name}' needs the key 'unit': what it counts")


def _value(problems, field):
    """The rules for the value; only one of reserved, enum, handle and bits is allowed."""
    if field.type not in UNSIGNED:
        given = [key for key in ("reserved", "handle", "minimum", "maximum", "unit", "bits")
                 if getattr(field, key) not in (None, False, [])]
        if given and not (field.type == "struct" and given == ["reserved"]):
            problems.add(field.where, f"the key '{given[0]}' does not go with the type {field.type}, "
                                      f"allowed: {', '.join(UNSIGNED)}")
        return
    kinds = [key for key in ("reserved", "enum", "handle", "bits") if getattr(field, key)]
    if len(kinds) > 1:
        problems.add(field.where, f"'{kinds[0]}' and '{kinds[1]}' cannot both be keys of a field")
    if field.reserved and (field.ignored or field.is_out):
        problems.add(field.where, "a reserved field is checked and unchanged, "
                                  "so it cannot be ignored or written")
    low, high = field.minimum or 0, _top(field) if field.maximum is None else field.maximum
    if not low <= high <= _top(field):
        problems.add(field.where, f"the range {low}..{high} is wrong, "
                                  f"allowed: minimum <= maximum <= {_top(field)}")
    if field.handle and field.count is not None:
        problems.add(field.where, "an array cannot be a handle")


def _bits(problems, field):
    taken = 0
    for part in field.bits:
        if part.first + part.width > 8 * SIZES[field.type]:
            problems.add(part.where, f"bits {part.first} to {part.first + part.width - 1} are outside a "
                                     f"{field.type}")
        if taken & part.mask:
            problems.add(part.where, f"'{part.name}' overlaps a part before it")
        if part.enum and max(member.value for member in part.enum.members) >= 1 << part.width:
            problems.add(part.where, f"{part.width} bits cannot hold every member of '{part.enum.name}'")
        taken |= part.mask
    problems.unique(field.bits, lambda part: part.name, "name")


def _errno(problems, where, name, uabi):
    contract = [line.name for line in uabi.errnos]
    if name not in contract:
        problems.add(where, f"the errno {name} is not among errnos, allowed: {', '.join(contract) or 'none'}")


def fields(struct, direction=None):
    """(field, direction) of every number in the structure. The direction out or inout of a field of type struct
    applies to all numbers inside."""
    for item in struct.everything():
        way = direction or item.direction
        if item.type == "struct":
            yield from fields(item.struct, way if way != "in" else None)
        else:
            yield item, way


def _struct(problems, uabi, struct):
    for field in struct.everything():
        _value(problems, field)
        if field.bits and field.type in UNSIGNED:
            _bits(problems, field)
        if uabi.kernel:
            _unit(problems, field)
        if uabi.protocol != "ioctl" and (field.handle or field.errno or field.is_out):
            problems.add(field.where, f"the protocol {uabi.protocol} has no calls, so a field cannot have "
                                      "the keys handle, errno and direction")
        if field.errno or field.handle:
            _errno(problems, field.where, field.handle_refusal if field.handle else field.errno, uabi)


def _lifetime(problems, thing, struct):
    for wanted, ways, what in ((thing.creates, ("out", "inout"), "returns"),
                               (thing.destroys, ("in", "inout"), "names")):
        if wanted and not any(field.handle is wanted and way in ways for field, way in fields(struct)):
            problems.add(thing.where, f"no field of struct {struct.name} {what} a handle({wanted.name})")


def _ioctl(problems, uabi, ioctl):
    for line in ioctl.errnos:
        _errno(problems, line.where, line.name, uabi)
    _lifetime(problems, ioctl, ioctl.struct)
    if ioctl.waits:
        field = ioctl.struct.follow(ioctl.waits)
        if field is None or field.is_union or field.unit not in TIMES:
            problems.add(ioctl.where, f"waits: '{ioctl.waits}' is not a field of struct {ioctl.struct.name} with "
                                      f"one of the units {', '.join(TIMES)}")
    # _IO() has no direction; the kernel's function may copy in both directions.
    for field, way in fields(ioctl.struct):
        if ioctl.direction == "in" and way != "in":
            problems.add(field.where, f"the ioctl {ioctl.name} copies no output, "
                                      "but the field has the direction " + way)


def _sysfs(problems, folder):
    for key in ("name", "file"):
        problems.unique(folder.files, lambda file, key=key: getattr(file, key), key)
    for file in folder.files:
        for key, wanted in (("words", file.type == "word"), ("bits", file.type == "bitmap")):
            if bool(getattr(file, key)) != wanted:
                problems.add(file.where, f"a {file.type} {'needs' if wanted else 'cannot have'} the key '{key}'")
        if file.unit and file.type != "number":
            problems.add(file.where, f"a {file.type} cannot have the key 'unit', only a number")


def check(problems, uabi):
    problems.unique(uabi.sysfs, lambda folder: folder.name, "name")
    for folder in uabi.sysfs:
        _sysfs(problems, folder)
    problems.unique(uabi.handles, lambda handle: handle.name, "name")
    for handle in uabi.handles:
        _errno(problems, handle.where, handle.errno, uabi)
    for struct in uabi.structs:
        _struct(problems, uabi, struct)
        _lifetime(problems, struct, struct)
    for constant in uabi.constants if uabi.kernel else ():
        _constant_unit(problems, constant)
    if uabi.protocol == "ioctl":
        for ioctl in uabi.ioctls:
            _ioctl(problems, uabi, ioctl)
