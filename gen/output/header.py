# SPDX-License-Identifier: MIT
"""The C header of a uABI."""
from ..model.names import snake
from .render import render


def all_structs(uabi):
    """The structures, each after the variants of its unions, as C requires."""
    for struct in uabi.structs:
        yield from (variant for union in struct.unions for variant in union.variants)
        yield struct


def offsets(item):
    """(member, offset) for the assertions on a structure."""
    if item.is_union:
        return [(variant.snake, item.offset) for variant in item.variants]
    return [(item.snake, item.offset)]


def value_doc(item):
    """Unit and rules of the value, in words."""
    words = []
    if item.unit:
        words.append(f"In {item.unit}.")
    if item.minimum is not None and item.maximum is not None:
        words.append(f"{item.minimum} to {bound_text(item.maximum)}.")
    elif item.minimum is not None or item.maximum is not None:
        words.append(f"At least {item.minimum}." if item.maximum is None
                     else f"At most {bound_text(item.maximum)}.")
    if item.reserved:
        words.append("Checked.")
    if item.ignored:
        words.append("Ignored.")
    return words


def bound_text(value):
    return f"0x{value:x}" if value >= 0x1000 else str(value)


def field_doc(item):
    """The doc of a field with references to its values or to the length of its target."""
    words = [item.doc]
    if item.is_out and item.direction == "out":
        words.append("Written by the kernel.")
    words += value_doc(item)
    if item.enum:
        words.append(enum_text(item.enum))
    if item.handle:
        words.append(f"A handle({item.handle.name}).")
    if item.bits:
        words.append(f"Parts {item.bits[0].c_name.removesuffix(item.bits[0].upper)}*.")
    target = item.target
    if target and target.length_field:
        unit = "elements" if target.unit == "elements" else "bytes"
        words.append(f"The address of @{path_text(target.length_field)} {unit}.")
    return " ".join(words)


def enum_text(enum):
    if enum.kind == "enum":
        return f"One of enum {enum.c_name}."
    return f"{'Bits' if enum.is_flags else 'One of'} {enum.c_name.upper()}_*."


def path_text(path):
    """`header.count` in C."""
    return ".".join(snake(part) for part in path.split("."))


def struct_doc(uabi, struct):
    """The doc of a structure, and whether it is in the kernel's headers."""
    named = struct.kernel or not uabi.kernel or uabi.kernel.covers != "whole" or struct.base or struct.when
    return struct.doc + ("" if named or is_part(uabi, struct) else " Not in the kernel's header.")


def is_part(uabi, struct):
    """In the kernel's headers it is an unnamed structure in another one."""
    return any(item.struct is struct for other in uabi.structs if other.kernel for item in other.everything())


def variant_doc(variant):
    return variant.doc + (f" For {', '.join(variant.when)}." if variant.when else "")


def attribute_doc(attribute):
    words = [attribute.type_text, attribute.direction, *(["required"] if attribute.required else [])]
    return f"{', '.join(words)}: {attribute.doc}"


def header(uabi):
    return render("uapi_header.h.j2", uabi=uabi, structs=list(all_structs(uabi)), offsets=offsets,
                  field_doc=field_doc, variant_doc=variant_doc, attribute_doc=attribute_doc,
                  struct_doc=struct_doc)
