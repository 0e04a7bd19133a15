# SPDX-License-Identifier: MIT
"""Which files are made: the committed ones and those of a build."""
from . import render
from .header import header


def committed(spec):
    """{path from the top of the tree: text} of everything that is made and kept in the tree."""
    return {f"include/uapi/accel/{uabi.header}": header(uabi) for uabi in spec}
