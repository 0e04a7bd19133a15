# SPDX-License-Identifier: MIT
"""The C structure of an answer: the members in the order of their numbers, with the padding."""
from .layout import Pad
from .methods import Answer

HEAD = 16  # bytes of size, reserved and given, the first members of every answer
GIVEN_MAX = 63  # the greatest attribute number with a bit in `given`

# The type and the bytes of a member, by the type of its attribute; a string is an array of char.
TYPES = {"u32": ("uint32_t", 4), "enum": ("uint32_t", 4), "u64": ("uint64_t", 8), "flags": ("uint64_t", 8),
         "address": ("uint64_t", 8), "deadline": ("uint64_t", 8), "string": ("char", 1)}


class Slot:
    """A member and its offset; the members are in the order of their numbers, so that the structure only
    grows at its end."""
    is_pad = False

    def __init__(self, member, end):
        self.member = member
        self.snake = member.snake
        self.c_type, width = TYPES[member.attribute.type]
        self.count = member.attribute.length if member.attribute.type == "string" else 0
        self.size = width * (self.count or 1)
        self.offset = (end + width - 1) // width * width

    @property
    def declaration(self):
        return f"{self.c_type} {self.snake}" + (f"[{self.count}]" if self.count else "")

    @property
    def doc(self):
        attribute = self.member.attribute
        if attribute.type == "enum":
            return f"{attribute.doc} One of enum {attribute.enum.c_name}."
        if attribute.type == "flags":
            return f"{attribute.doc} Bits {attribute.enum.c_name.upper()}_*."
        return f"{attribute.doc} Terminated by a zero byte." if self.count else attribute.doc


def layout(answer: Answer):
    """(members with the padding between and after them, size in bytes)."""
    items, end = [], HEAD
    for member in answer.members:
        slot = Slot(member, end)
        if slot.offset > end:
            items.append(Pad(end, slot.offset - end))
        items.append(slot)
        end = slot.offset + slot.size
    size = (end + 7) // 8 * 8
    if size > end:
        items.append(Pad(end, size - end))
    return items, size


def offsets(answer):
    """(name of the member, offset), for the lock."""
    return [(item.member.name, item.offset) for item in layout(answer)[0] if not item.is_pad]
