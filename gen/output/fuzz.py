# SPDX-License-Identifier: MIT
"""The fuzz dictionary of an attribute uABI, in the format of libFuzzer and AFL."""
from ..model.names import snake
from .render import render


def _attribute(uabi, attribute):
    """The attribute without its value, then the boundary values of its checks."""
    head = uabi.struct("attribute")
    indirect = next(m.value for m in uabi.enum("attribute-flags").members if m.name == "indirect")
    yield attribute.path, head.pack({
        "id": attribute.value, "flags": 0 if attribute.is_inline else indirect,
        "length": attribute.length or attribute.size})[:head.find("value").offset]
    if attribute.enum:
        for member in attribute.enum.members:
            yield f"{attribute.path}.{member.name}", member.value.to_bytes(attribute.size, "little")
    elif attribute.is_number:
        yield f"{attribute.path}.minimum", attribute.minimum.to_bytes(attribute.size, "little")
        yield f"{attribute.path}.maximum", attribute.maximum.to_bytes(attribute.size, "little")


def _words(uabi):
    for method in uabi.methods():
        yield method.path, method.object.value.to_bytes(2, "little") + method.value.to_bytes(2, "little")
        for attribute in method.attributes:
            yield from _attribute(uabi, attribute)
    for enum in uabi.enums:
        for member in enum.members:
            size = 1 if member.value <= 0xFF else 4 if member.value <= 0xFFFFFFFF else 8
            yield f"{enum.name}.{member.name}", member.value.to_bytes(size, "little")


def dictionary(uabi):
    words = {}
    for name, data in _words(uabi):
        words.setdefault(data, snake(name))
    escaped = [(name, "".join(f"\\x{byte:02x}" for byte in data)) for data, name in words.items()]
    return render("fuzz.dict.j2", uabi=uabi, words=escaped)
