# SPDX-License-Identifier: MIT
"""The reference pages in docs/reference."""
import errno

from .header import struct_doc, value_doc
from .render import render
from .show import OWN_RANGES, show

# The example on the page about the format: a method that uses most of it.
EXAMPLE = ("queue", "create")


def _example(uabi):
    lines = show(uabi).splitlines()
    start = next((i for i, line in enumerate(lines) if line.startswith(f"object {EXAMPLE[0]} ")), 0)
    end = next((i for i in range(start + 2, len(lines)) if not lines[i].startswith("    ")), len(lines))
    return "\n".join([lines[0], *lines[start:end]]) + "\n"


def _names(enum):
    return ", ".join(member.name for member in enum.members)


class _Page:
    """Functions for the template of a uABI's page."""

    def __init__(self, spec, uabi):
        self.spec = spec
        self.uabi = uabi

    def home(self, thing):
        """Name of the page that has the enum or structure."""
        return next(u.name for u in self.spec if thing in u.enums or thing in u.structs)

    def link(self, thing, anchor):
        home = self.home(thing)
        return f"[{thing.name}]({'' if home == self.uabi.name else home + '.md'}#{anchor})"

    def type_cell(self, attribute):
        if attribute.enum:
            return f"{attribute.type} {self.link(attribute.enum, attribute.enum.name)}"
        if attribute.struct:
            return f"{attribute.type} {self.link(attribute.struct, 'struct-' + attribute.struct.name)}"
        return attribute.type_text

    @staticmethod
    def range_cell(attribute):
        words = []
        own = OWN_RANGES.get(attribute.type)
        if own and (attribute.minimum, attribute.maximum) != own:
            # A range up to the maximum of the type is shown by its lower bound.
            words.append(f"at least {attribute.minimum}" if attribute.maximum == own[1]
                         else f"{attribute.minimum} to {attribute.maximum}")
        if attribute.power_of_two:
            words.append("power of two")
        if attribute.length:
            words.append(f"at most {attribute.length} bytes")
        return ", ".join(words)

    def facts(self, field):
        """The rules for a field's value, besides its type."""
        words = [] if self.uabi.protocol != "ioctl" or field.type == "struct" else \
            {"in": [], "out": ["Written by the kernel."], "inout": ["Read and written."]}[field.direction]
        words = [*words, *value_doc(field)]
        if field.handle:
            words.append(f"A handle of [{field.handle.name}]({self.handle_home(field.handle)}#handles), "
                         f"otherwise {field.handle_refusal}.")
        elif field.errno:
            words.append(f"Otherwise {field.errno}.")
        return " ".join(words)

    def handle_home(self, handle):
        home = next(u.name for u in self.spec if handle in u.handles)
        return "" if home == self.uabi.name else home + ".md"

    def text(self):
        return render("page_uabi.md.j2", uabi=self.uabi, home=self.home, type_cell=self.type_cell,
                      range_cell=self.range_cell, facts=self.facts, struct_doc=struct_doc,
                      handle_home=self.handle_home)


def _errors(uabi):
    members = uabi.enum("reason").members

    def reasons(name=None):
        return [m for m in members if name is None or m.errno == name]

    def number(name):
        return 0 if name == "OK" else getattr(errno, name)

    return render("page_errors.md.j2", uabi=uabi, reasons=reasons, number=number)


def pages(spec):
    """{file name: text} of docs/reference."""
    made = {f"{uabi.name}.md": _Page(spec, uabi).text() for uabi in spec}
    shown = spec.drivers[0] if spec.drivers else spec.core
    if shown:
        made["show.md"] = render("page_show.md.j2", types=_names(shown.enum("attribute-type")),
                                 example=_example(shown))
    if spec.core and spec.core.errnos and spec.core.enum("reason"):
        made["errors.md"] = _errors(spec.core)
    return made
