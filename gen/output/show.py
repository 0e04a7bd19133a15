# SPDX-License-Identifier: MIT
"""The text form of a policy, printed by `accel uabi show`: docs/reference/show.md is its grammar.

It depends only on the lines of a description, so that the answer of a device is printed in the same form.
"""
from ..model.names import id_text
from .policy import Policy

# The range of a number by its type; a different range is printed.
OWN_RANGES = {"u32": (0, 2**32 - 1), "fd": (0, 2**32 - 1), "u64": (0, 2**64 - 1),
              "handle": (0, 2**64 - 1), "deadline": (0, 2**64 - 1), "address": (0, 2**64 - 1)}
WITH_LENGTH = ("string", "bytes")


class _Printer:
    def __init__(self, policy):
        self.policy = policy
        self.lines = policy.lines
        self.kinds = {value: name for name, value in policy.kinds.items()}
        self.types = {value: name for name, value in policy.types.items()}
        self.objects = {line.id: line.text for line in self.lines if self.kinds[line.kind] == "object"}

    def set_flags(self, line, *names):
        return [name for name in names if line.flags & self.policy.flags[name]]

    def type_text(self, line):
        name = self.types.get(line.type, f"type({line.type})")
        return f"{name}({self.objects.get(line.object, id_text(line.object))})" if line.object else name

    def attribute(self, line):
        kind = self.types.get(line.type)
        words = ["attribute", line.text, id_text(line.id), self.type_text(line),
                 "".join(self.set_flags(line, "in", "out")) or "-", *self.set_flags(line, "required")]
        if kind in OWN_RANGES and (line.minimum, line.maximum) != OWN_RANGES[kind]:
            words.append(f"{line.minimum}..{line.maximum}")
        words += self.set_flags(line, "power-of-two")
        if kind == "struct":
            words.append(f"size {line.size}")
        if kind in WITH_LENGTH:
            words.append(f"length {line.length}")
        return words

    def words(self, line):
        kind = self.kinds[line.kind]
        if kind == "object":
            return ["object", line.text, id_text(line.id)]
        if kind == "method":
            return ["method", line.text, id_text(line.id), *self.set_flags(line, "creates", "destroys")]
        if kind == "attribute":
            return self.attribute(line)
        is_flags = self.types.get(self.lines[line.parent].type) == "flags"
        return [line.text, f"0x{line.minimum:x}" if is_flags else str(line.minimum)]

    def text(self):
        depths, text = [], [f"uabi {self.policy.driver}"]
        for line in self.lines:
            depths.append(depths[line.parent] + 1 if line.parent < len(depths) else 0)
            text.append("  " * depths[-1] + " ".join(self.words(line)))
        return "\n".join(text) + "\n"


def listing(policy):
    """The whole text, one line per item, terminated by a newline."""
    return _Printer(policy).text()


def show(uabi):
    return listing(Policy(uabi))
