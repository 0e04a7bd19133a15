# SPDX-License-Identifier: MIT
"""The text form of a policy, as `accel uabi show` prints it: docs/reference/show.md is its grammar.

It is made of the lines of a description alone, so that the answer of a device can be printed the same.
"""
from .policy import FLAGS, KINDS, TYPES, Policy

TYPE_NAMES = {number: name for name, number in TYPES.items()}
# The range that a number has by its type; a range is printed where it is another one.
OWN_RANGES = {"u32": (0, 2**32 - 1), "fd": (0, 2**32 - 1), "u64": (0, 2**64 - 1),
              "handle": (0, 2**64 - 1), "deadline": (0, 2**64 - 1), "address": (0, 2**64 - 1)}
WITH_LENGTH = ("string", "bytes", "array", "nest")


def number(value):
    """An id: decimal below the drivers' namespace, hexadecimal in it."""
    return f"0x{value:x}" if value >= 0x8000 else str(value)


def _type(line, objects):
    name = TYPE_NAMES.get(line.type, f"type({line.type})")
    return f"{name}({objects.get(line.object, number(line.object))})" if line.object else name


def _direction(flags):
    return {0: "-", 1: "in", 2: "out", 3: "inout"}[flags & (FLAGS["in"] | FLAGS["out"])]


def _attribute(line, objects):
    kind = TYPE_NAMES.get(line.type)
    words = ["attribute", line.text, number(line.id), _type(line, objects), _direction(line.flags)]
    if line.flags & FLAGS["required"]:
        words.append("required")
    if kind in OWN_RANGES and (line.minimum, line.maximum) != OWN_RANGES[kind]:
        words.append(f"{line.minimum}..{line.maximum}")
    if line.flags & FLAGS["power-of-two"]:
        words.append("power-of-two")
    if kind == "struct":
        words.append(f"size {line.size}")
    if kind == "array":
        words.append(f"element {line.size}")
    if kind in WITH_LENGTH:
        words.append(f"length {line.length}")
    return words


def _words(line, lines, objects):
    if line.kind == KINDS["object"]:
        return ["object", line.text, number(line.id)]
    if line.kind == KINDS["method"]:
        return ["method", line.text, number(line.id),
                *(word for word in ("creates", "destroys") if line.flags & FLAGS[word])]
    if line.kind == KINDS["attribute"]:
        return _attribute(line, objects)
    flags = lines[line.parent].type == TYPES["flags"]
    return [line.text, f"0x{line.minimum:x}" if flags else str(line.minimum)]


def listing(policy):
    """The whole text, one line an item, ended by a newline."""
    lines = policy.lines
    objects = {line.id: line.text for line in lines if line.kind == KINDS["object"]}
    depths, text = [], [f"uabi {policy.driver}"]
    for line in lines:
        depths.append(0 if line.parent >= len(depths) else depths[line.parent] + 1)
        text.append("  " * depths[-1] + " ".join(_words(line, lines, objects)))
    return "\n".join(text) + "\n"


def show(uabi):
    return listing(Policy(uabi))
