# SPDX-License-Identifier: MIT
"""include/accel/names.h and soft_names.h: the enums of a uABI as C tables of number, name and meaning.

Programs that print or parse such names (tools/accel) use them instead of copies.
"""
from .render import render

NAMED = ("accel", "soft")  # the uABIs whose names programs use


def _file(uabi):
    return "names.h" if uabi.base is None and uabi.protocol == "attribute" else f"{uabi.snake}_names.h"


def headers(spec):
    """{file in include/accel: text}."""
    return {_file(uabi): render("names.h.j2", uabi=uabi, file=_file(uabi))
            for uabi in spec if uabi.name in NAMED}
