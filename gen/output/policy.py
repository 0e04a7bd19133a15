# SPDX-License-Identifier: MIT
"""The policy of an attribute uABI: the lines, names and hash in the answer of device.describe."""
from dataclasses import dataclass, fields

NO_PARENT = 0xFFFFFFFF
FNV_START, FNV_PRIME = 0xCBF29CE484222325, 0x100000001B3


@dataclass
class Line:
    """struct accel_policy_entry, field by field; `text` is the name that `name` is the offset of."""
    kind: int
    id: int
    name: int
    parent: int
    text: str
    type: int = 0
    flags: int = 0
    object: int = 0
    size: int = 0
    length: int = 0
    minimum: int = 0
    maximum: int = 0
    source: object = None  # the Object, Method, Attribute or Member that the line describes

    def numbers(self):
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name not in ("text", "source")}


def fnv1a(data):
    """64-bit FNV-1a."""
    value = FNV_START
    for byte in data:
        value = ((value ^ byte) * FNV_PRIME) & 0xFFFFFFFFFFFFFFFF
    return value


class Policy:
    """`lines` in tree order, `names` as bytes, `hash` over both; `blob()` is the whole answer.

    `kinds`, `types` and `flags` are the enums policy-kind, attribute-type and policy-flags as
    {name: number}.
    """

    def __init__(self, uabi):
        self.uabi = uabi
        self.driver = uabi.name
        self.kinds, self.types, self.flags = (
            {member.name: member.value for member in uabi.enum(name).members}
            for name in ("policy-kind", "attribute-type", "policy-flags"))
        self.lines = []
        self.names = b""
        self._offsets = {}
        self.driver_offset = self._name(uabi.name)
        for obj in uabi.objects:
            self._object(obj)
        self.entries = b"".join(self._entry.pack(line.numbers()) for line in self.lines)
        self.hash = fnv1a(self.entries + self.names)

    @property
    def _entry(self):
        return self.uabi.struct("policy-entry")

    def _name(self, text):
        """Offset of the text in the names, where each text is stored once, terminated by a zero byte."""
        if text not in self._offsets:
            self._offsets[text] = len(self.names)
            self.names += text.encode() + b"\0"
        return self._offsets[text]

    def _add(self, kind, thing, parent, number=0, **values):
        self.lines.append(Line(self.kinds[kind], number, self._name(thing.name), parent, thing.name,
                               source=thing, **values))
        return len(self.lines) - 1

    def _bits(self, **wanted):
        """_bits(power_of_two=True) -> the bit power-of-two."""
        return sum(self.flags[name.strip("_").replace("_", "-")] for name, is_set in wanted.items() if is_set)

    def _object(self, obj):
        index = self._add("object", obj, NO_PARENT, obj.value)
        for method in obj.methods:
            parent = self._add("method", method, index, method.value,
                               flags=self._bits(creates=method.creates, destroys=method.destroys))
            for attribute in method.attributes:
                self._attribute(attribute, parent)

    def _attribute(self, attribute, parent):
        flags = self._bits(in_=attribute.is_in, out=attribute.is_out, required=attribute.required,
                           power_of_two=attribute.power_of_two)
        index = self._add(
            "attribute", attribute, parent, attribute.value, type=self.types[attribute.type], flags=flags,
            object=attribute.object.value if attribute.object else 0, size=attribute.size,
            length=attribute.length, minimum=attribute.minimum, maximum=attribute.maximum)
        for member in attribute.enum.members if attribute.enum else []:
            self._add("member", member, index, minimum=member.value, maximum=member.value)

    def blob(self):
        header = self.uabi.struct("policy-header")
        return header.pack({
            "size": header.size, "entry-size": self._entry.size, "entry-count": len(self.lines),
            "names-size": len(self.names), "driver": self.driver_offset, "hash": self.hash,
        }) + self.entries + self.names
