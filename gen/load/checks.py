# SPDX-License-Identifier: MIT
"""Rules beyond the schema: unique names and numbers, their ranges, layouts, keys that belong together."""
import errno

from ..model.errors import Problems
from ..model.names import DRIVER_NAMESPACE
from . import check_attribute, check_facts, check_layout

INT_MAX = 0x7FFFFFFF
IOCTL_SIZE_MAX = 0x3FFF

# The generator and the codec require that the common uABI has these with these members.
CORE_ENUMS = {
    "attribute-flags": {"mandatory", "written", "indirect"},
    "attribute-type": {"u32", "u64", "enum", "flags", "handle", "fd", "deadline", "address", "string",
                       "bytes", "struct"},
    "policy-kind": {"object", "method", "attribute", "member"},
    "policy-flags": {"in", "out", "required", "power-of-two", "creates", "destroys"},
}
CORE_STRUCTS = {
    "attribute": {"id", "flags", "length", "value"},
    "policy-header": {"size", "entry-size", "entry-count", "names-size", "driver", "reserved", "hash"},
    "policy-entry": {"kind", "type", "id", "flags", "object", "name", "parent", "size", "length",
                     "minimum", "maximum"},
}


def _enums(problems, uabi):
    for enum in uabi.enums:
        problems.unique(enum.members, lambda m: m.name, "name")
        problems.unique(enum.members, lambda m: m.value, "number")
        for member in enum.members:
            if enum.is_flags and (member.value == 0 or member.value & (member.value - 1)):
                problems.add(member.where, f"{member.value:#x} is not one bit")
            if enum.kind == "enum" and member.value > INT_MAX:
                problems.add(member.where, f"{member.value:#x} does not fit into an enum of C, "
                                           f"allowed: 0 to {INT_MAX:#x}")


def _errnos(problems, uabi):
    contract = {line.name for line in uabi.errnos}
    for line in uabi.errnos:
        if line.name != "OK" and not hasattr(errno, line.name):
            problems.add(line.where, f"'{line.name}' is not an errno of Linux")
    for enum in uabi.enums:
        for member in enum.members:
            if member.errno and member.errno not in contract:
                problems.add(member.where, f"the errno {member.errno} is not among errnos, "
                                           f"allowed: {', '.join(sorted(contract)) or 'none'}")


def _ranges(problems, uabi):
    for enum in uabi.enums:
        for member in enum.members:
            if member.minimum > member.maximum:
                problems.add(member.where, f"the range {member.minimum}..{member.maximum} is wrong, "
                                           "allowed: minimum <= maximum")


def _scopes(problems, uabi):
    scopes = uabi.enum("scope")
    names = [member.name for member in scopes.members] if scopes else []
    for enum in uabi.enums:
        for member in enum.members:
            if member.scope and member.scope not in names:
                problems.add(member.where, f"unknown scope '{member.scope}', "
                                           f"allowed: {', '.join(names) or 'none'}")


def _ioctls(problems, uabi):
    problems.unique(uabi.ioctls, lambda i: i.type << 8 | i.number, "number")
    for ioctl in uabi.ioctls:
        if ioctl.direction != "none" and ioctl.struct.size > IOCTL_SIZE_MAX:
            problems.add(ioctl.where, f"struct {ioctl.struct.name} has {ioctl.struct.size} bytes, "
                                      f"allowed: at most {IOCTL_SIZE_MAX}")


def _handle(method, direction):
    """The first handle attribute of that direction."""
    return next((a for a in method.attributes if a.type == "handle" and a.direction == direction), None)


def _lifetime(problems, method):
    for wanted, direction in ((method.creates, "out"), (method.destroys, "in")):
        handle = _handle(method, direction)
        if wanted and not (handle and handle.required and handle.object is method.object):
            problems.add(method.where, f"it must have a required handle({method.object.name}), "
                                       f"direction {direction}, before any other handle of that direction")
    if method.creates and method.destroys:
        problems.add(method.where, "it has 'creates' and 'destroys', allowed: one of them")


def _tree(problems, uabi):
    for obj in uabi.own_objects:
        seen, parent = {obj.name}, obj.parent
        while parent:
            if parent.name in seen:
                problems.add(obj.where, f"its parents form a cycle: {', '.join(sorted(seen))}")
                break
            seen.add(parent.name)
            parent = parent.parent


def _objects(problems, uabi):
    is_driver = uabi.base is not None
    problems.unique(uabi.objects, lambda o: o.name, "name")
    problems.unique(uabi.objects, lambda o: o.value, "number")
    check_attribute.namespace(problems, uabi.objects, uabi.name, is_driver)
    _tree(problems, uabi)
    for obj in uabi.objects:
        problems.unique(obj.methods, lambda m: m.name, "name")
        problems.unique(obj.methods, lambda m: m.value, "number")
        own = obj.origin == uabi.name
        check_attribute.namespace(problems, obj.methods, uabi.name, False)
        for method in obj.methods:
            added = is_driver and not own
            check_attribute.check(problems, method.attributes, uabi.name, added)
            if own:
                _lifetime(problems, method)
                check_attribute.answer(problems, method, is_driver)


def _core(problems, uabi):
    border = uabi.constant("driver-namespace")
    if border is None or border.value != DRIVER_NAMESPACE:
        problems.add(f"{uabi.file}: constants",
                     f"the common uABI must have 'driver-namespace' of {DRIVER_NAMESPACE:#x}")
    for kind, wanted, inner in (("enums", CORE_ENUMS, "members"), ("structs", CORE_STRUCTS, "fields")):
        for name, names in wanted.items():
            thing = next((t for t in getattr(uabi, kind) if t.name == name), None)
            present = {part.name for part in getattr(thing, inner)} if thing else set()
            if names - present:
                missing = ", ".join(sorted(names - present))
                problems.add(f"{uabi.file}: {kind}", f"the common uABI must have '{name}' with {missing}")


def _identifiers(problems, spec):
    """All headers may be included together, so every identifier must be unique."""
    problems.unique(_all_named(spec), lambda thing: thing.c_name, "identifier")
    headers = {}
    for uabi in spec:
        if uabi.header in headers:
            problems.add(f"{uabi.file}: header", f"'{uabi.header}' is taken by {headers[uabi.header]}")
        headers[uabi.header] = uabi.file


def _all_named(spec):
    for uabi in spec:
        yield from uabi.constants
        for enum in uabi.enums:
            yield enum
            yield from enum.members
        for struct in uabi.structs:
            yield struct
            yield from (variant for union in struct.unions for variant in union.variants)
            yield from (part for field in struct.everything() for part in field.bits)
        yield from uabi.ioctls
        for obj in uabi.own_objects:
            yield obj
            for method in obj.methods:
                yield method
                if method.answer:
                    yield method.answer
                    yield from method.answer.members
                yield from method.attributes
        for extension in uabi.extensions:
            yield from extension.attributes


def check(spec):
    """Raise SpecError with all errors."""
    problems = Problems()
    for uabi in spec:
        for things in (uabi.constants, uabi.enums, uabi.structs, uabi.errnos, uabi.ioctls):
            problems.unique(things, lambda thing: thing.name, "name")
        _enums(problems, uabi)
        _errnos(problems, uabi)
        _ranges(problems, uabi)
        _scopes(problems, uabi)
        _ioctls(problems, uabi)
        check_layout.check(problems, uabi)
        check_facts.check(problems, uabi)
        if uabi.protocol == "attribute":
            _objects(problems, uabi)
            if uabi.base is None:
                _core(problems, uabi)
    _identifiers(problems, spec)
    problems.raise_if_any()
