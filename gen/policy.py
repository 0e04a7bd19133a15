# SPDX-License-Identifier: MIT
"""The policy of an attribute uABI: the lines, names and hash that device.describe answers with."""
from dataclasses import dataclass
import struct

NO_PARENT = 0xFFFFFFFF
KINDS = {"object": 1, "method": 2, "attribute": 3, "member": 4}
TYPES = {"u32": 1, "u64": 2, "enum": 3, "flags": 4, "handle": 5, "fd": 6, "deadline": 7, "address": 8,
         "string": 9, "bytes": 10, "struct": 11, "array": 12, "nest": 13}
FLAGS = {"in": 0x1, "out": 0x2, "required": 0x4, "power-of-two": 0x8, "creates": 0x10, "destroys": 0x20}
HEADER = struct.Struct("<IIIIIIQ")
ENTRY = struct.Struct("<BBHHHIIIIQQ")


@dataclass
class Line:
    """struct accel_policy_entry, field by field; `text` is the name that `name` is the offset of."""
    kind: int
    type: int
    id: int
    flags: int
    object: int
    name: int
    parent: int
    size: int
    length: int
    minimum: int
    maximum: int
    text: str
    source: object = None  # the Object, Method, Attribute or Member that the line describes

    def packed(self):
        return ENTRY.pack(self.kind, self.type, self.id, self.flags, self.object, self.name, self.parent,
                          self.size, self.length, self.minimum, self.maximum)


class Policy:
    """`lines` in tree order, `names` as bytes, `hash` over both; `blob()` is the whole answer."""

    def __init__(self, uabi):
        self.uabi = uabi
        self.driver = uabi.name
        self.lines = []
        self.names = b""
        self._offsets = {}
        self.driver_offset = self._name(uabi.name)
        for obj in uabi.objects:
            self._object(obj)

    def _name(self, text):
        if text not in self._offsets:
            self._offsets[text] = len(self.names)
            self.names += text.encode() + b"\0"
        return self._offsets[text]

    def _add(self, kind, thing, parent, **values):
        line = Line(kind=KINDS[kind], type=0, id=0, flags=0, object=0, name=self._name(thing.name),
                    parent=parent, size=0, length=0, minimum=0, maximum=0, text=thing.name, source=thing)
        for key, value in values.items():
            setattr(line, key, value)
        self.lines.append(line)
        return len(self.lines) - 1

    def _object(self, obj):
        index = self._add("object", obj, NO_PARENT, id=obj.value)
        for method in obj.methods:
            flags = FLAGS["creates"] * method.creates | FLAGS["destroys"] * method.destroys
            parent = self._add("method", method, index, id=method.value, flags=flags)
            for attribute in method.attributes:
                self._attribute(attribute, parent)

    def _attribute(self, attribute, parent):
        flags = (FLAGS["in"] * attribute.is_in | FLAGS["out"] * attribute.is_out |
                 FLAGS["required"] * attribute.required | FLAGS["power-of-two"] * attribute.power_of_two)
        index = self._add(
            "attribute", attribute, parent, type=TYPES[attribute.type], id=attribute.value, flags=flags,
            object=attribute.object.value if attribute.object else 0, size=attribute.size,
            length=attribute.length, minimum=attribute.minimum, maximum=attribute.maximum)
        for member in attribute.enum.members if attribute.enum else []:
            self._add("member", member, index, minimum=member.value, maximum=member.value)
        for nested in attribute.attributes:
            self._attribute(nested, index)

    @property
    def hash(self):
        """64-bit FNV-1a of the lines and the names."""
        value = 0xCBF29CE484222325
        for byte in b"".join(line.packed() for line in self.lines) + self.names:
            value = ((value ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
        return value

    def blob(self):
        head = HEADER.pack(HEADER.size, ENTRY.size, len(self.lines), len(self.names), self.driver_offset, 0,
                           self.hash)
        return head + b"".join(line.packed() for line in self.lines) + self.names
