# SPDX-License-Identifier: MIT
"""The reference pages in docs/reference."""
from .render import render
from .show import show

# The listing on the page about its form: one method that has most of what there is.
EXAMPLE = ("queue", "create")


def _example(uabi):
    lines = show(uabi).splitlines()
    start = next((i for i, line in enumerate(lines) if line.startswith(f"object {EXAMPLE[0]} ")), 0)
    end = next((i for i in range(start + 2, len(lines)) if not lines[i].startswith("    ")), len(lines))
    return "\n".join([lines[0], *lines[start:end]]) + "\n"


def _names(enum):
    return ", ".join(member.name for member in enum.members)


def pages(spec):
    """{file name: text} of docs/reference."""
    made = {}
    shown = spec.drivers[0] if spec.drivers else spec.core
    if shown:
        made["show.md"] = render("page_show.md.j2", types=_names(shown.enum("attribute-type")), example=_example(shown))
    return made
