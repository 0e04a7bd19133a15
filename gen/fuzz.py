# SPDX-License-Identifier: MIT
"""The fuzz dictionary of an attribute uABI, in the form that libFuzzer and AFL read."""
import struct

from .render import render

INDIRECT = 0x4


def _escaped(data):
    return "".join(f"\\x{byte:02x}" for byte in data)


def _attribute(attribute):
    """The head of the attribute, then the numbers at which its checks change their mind."""
    name = attribute.path.replace("-", "_").replace(".", "_")
    inline = attribute.is_inline
    length = attribute.size if inline else min(attribute.length, 0xFFFFFFFF) or attribute.size
    yield name, struct.pack("<HHI", attribute.value, 0 if inline else INDIRECT, length)
    if attribute.type == "struct" or not attribute.size or not attribute.is_in:
        return
    form = "<I" if attribute.size == 4 else "<Q"
    if attribute.enum:
        for member in attribute.enum.members:
            yield f"{name}_{member.snake}", struct.pack(form, member.value)
    elif attribute.is_number:
        for label, value in (("minimum", attribute.minimum), ("maximum", attribute.maximum)):
            yield f"{name}_{label}", struct.pack(form, value)


def _words(uabi):
    for method in uabi.methods():
        yield method.path, struct.pack("<HH", method.object.value, method.value)
        pending = list(method.attributes)
        while pending:
            attribute = pending.pop(0)
            pending.extend(attribute.attributes)
            yield from _attribute(attribute)
    for enum in uabi.enums:
        for member in enum.members:
            size = 1 if member.value <= 0xFF else 4 if member.value <= 0xFFFFFFFF else 8
            yield f"{enum.snake}_{member.snake}", member.value.to_bytes(size, "little")


def dictionary(uabi):
    seen, words = set(), []
    for name, data in _words(uabi):
        if data not in seen:
            seen.add(data)
            words.append((name.replace("-", "_").replace(".", "_"), _escaped(data)))
    return render("fuzz.dict.j2", uabi=uabi, words=words)
