# SPDX-License-Identifier: MIT
"""include/accel/names.h and its like: the enums of a uABI as C tables of number, name and meaning.

Programs that show or read such names (tools/accel) take them from here and do not type them again.
"""
from .render import render

NAMED = ("accel", "soft")  # the uABIs of which a program uses names


def _file(uabi):
    return "names.h" if uabi.base is None and uabi.protocol == "attribute" else f"{uabi.snake}_names.h"


def headers(spec):
    """{file in include/accel: text}."""
    return {_file(uabi): render("names.h.j2", uabi=uabi, file=_file(uabi))
            for uabi in spec if uabi.name in NAMED}
