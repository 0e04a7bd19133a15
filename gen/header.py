# SPDX-License-Identifier: MIT
"""The C header of a uABI."""
from .names import snake
from .render import render


def all_structs(uabi):
    """The structures, and before each one the variants of its unions: C wants what is contained first."""
    for struct in uabi.structs:
        yield from (variant for union in struct.unions for variant in union.variants)
        yield struct


def offsets(item):
    """The members of a structure whose offsets are asserted, with these."""
    if item.is_union:
        return [(variant.snake, item.offset) for variant in item.variants]
    return [(item.snake, item.offset)]


def attributes(attributes_):
    """Attributes and those nested in them."""
    for attribute in attributes_:
        yield attribute
        yield from attributes(attribute.attributes)


def field_doc(item):
    """What a field is, and where its values or the length of what it points to stand."""
    text = item.doc
    if item.enum:
        text += f" Bits {item.enum.c_name.upper()}_*." if item.enum.is_flags else \
            f" One of enum {item.enum.c_name}."
    target = item.target
    if target and target.length_field:
        unit = "elements" if target.unit == "elements" else "bytes"
        text += f" The address of @{snake(target.length_field)} {unit}."
    return text


def variant_doc(variant):
    return variant.doc + (f" For {', '.join(variant.when)}." if variant.when else "")


def attribute_doc(attribute):
    words = [attribute.type_text, attribute.direction, *(["required"] if attribute.required else [])]
    return f"{', '.join(words)}: {attribute.doc}"


def header(uabi):
    return render("uapi_header.h.j2", uabi=uabi, structs=list(all_structs(uabi)), offsets=offsets,
                  attributes=attributes, field_doc=field_doc, variant_doc=variant_doc,
                  attribute_doc=attribute_doc)
