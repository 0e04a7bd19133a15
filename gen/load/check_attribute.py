# SPDX-License-Identifier: MIT
"""The rules for attributes: which keys go with which type, ranges, lengths, namespaces."""
from ..model.answers import GIVEN_MAX, TYPES
from ..model.names import DRIVER_NAMESPACE

NEEDS = {
    "u32": set(), "u64": set(), "enum": {"enum"}, "flags": {"enum"}, "handle": {"object"}, "fd": set(),
    "deadline": set(), "address": set(), "string": {"length"}, "bytes": {"length"}, "struct": {"struct"},
}
MAY_HAVE = {
    "u32": {"minimum", "maximum", "power-of-two"}, "u64": {"minimum", "maximum", "power-of-two"},
}
BY_TYPE = {"object", "enum", "struct", "length", "minimum", "maximum", "power-of-two"}
TYPE_MAXIMUM = {"u32": 0xFFFFFFFF, "u64": 0xFFFFFFFFFFFFFFFF}


def _keys(problems, attribute):
    given = attribute.given & BY_TYPE
    needs = NEEDS[attribute.type]
    for key in sorted(needs - given):
        problems.add(attribute.where, f"the type {attribute.type} needs the key '{key}'")
    allowed = needs | MAY_HAVE.get(attribute.type, set())
    for key in sorted(given - allowed):
        problems.add(attribute.where, f"the key '{key}' does not go with the type {attribute.type}, "
                                      f"allowed: {', '.join(sorted(allowed)) or 'none'}")


def _reference(problems, attribute):
    if attribute.type in ("enum", "flags") and attribute.enum and attribute.enum.kind != attribute.type:
        problems.add(attribute.where, f"'{attribute.enum.name}' is of the kind {attribute.enum.kind}, "
                                      f"allowed: one of the kind {attribute.type}")


def _range(problems, attribute):
    if not attribute.is_number:
        return
    top = TYPE_MAXIMUM[attribute.type]
    if not attribute.minimum <= attribute.maximum <= top:
        problems.add(attribute.where, f"the range {attribute.minimum}..{attribute.maximum} is wrong, "
                                      f"allowed: minimum <= maximum <= {top}")
    if not attribute.power_of_two:
        return
    for key in ("minimum", "maximum"):
        value = getattr(attribute, key)
        if value == 0 or value & (value - 1):
            problems.add(attribute.where, f"{key} {value} is not a power of two, as required for the value")


def namespace(problems, things, origin, added):
    """Ids that a driver adds to the common uABI are 0x8000 or greater, all others less."""
    for thing in things:
        if thing.origin != origin:
            continue
        if added and thing.value < DRIVER_NAMESPACE:
            problems.add(thing.where, f"{thing.value:#x} belongs to the common uABI, "
                                      f"allowed for a driver: {DRIVER_NAMESPACE:#x} to 0xffff")
        if not added and thing.value >= DRIVER_NAMESPACE:
            problems.add(thing.where, f"{thing.value:#x} belongs to drivers that extend this uABI, "
                                      f"allowed: 1 to {DRIVER_NAMESPACE - 1:#x}")


def answer(problems, method, is_driver):
    """An answer becomes a C structure, so its attributes are outputs of fixed size, and handles as inputs."""
    if not method.answer:
        return
    if is_driver:
        problems.add(method.answer.where, "an answer of a driver is not possible in include/accel, "
                                          "allowed: an answer of the common uABI")
    for attribute in method.attributes:
        if attribute.is_in and attribute.type != "handle":
            problems.add(attribute.where, f"{method.path} has an answer, "
                                          "allowed: outputs, and handles as inputs")
        elif attribute.is_out and attribute.type not in TYPES:
            problems.add(attribute.where, f"the type {attribute.type} is not possible in an answer, "
                                          f"allowed: {', '.join(sorted(TYPES))}")
        elif attribute.is_out and attribute.value > GIVEN_MAX:
            problems.add(attribute.where, f"the number {attribute.value} has no bit in an answer, "
                                          f"allowed: 1 to {GIVEN_MAX}")


def check(problems, attributes, origin, added):
    """`added`: the attributes of `origin` extend a method of another uABI."""
    problems.unique(attributes, lambda a: a.name, "name")
    problems.unique(attributes, lambda a: a.value, "number")
    namespace(problems, attributes, origin, added)
    for attribute in attributes:
        if attribute.origin != origin:
            continue
        _keys(problems, attribute)
        _reference(problems, attribute)
        _range(problems, attribute)
