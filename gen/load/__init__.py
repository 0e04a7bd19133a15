# SPDX-License-Identifier: MIT
"""Loads a specification: reads its documents, builds the objects, and checks them."""
from .build import build
from .checks import check
from .documents import TOP, read_folder, shown


def load(folder=TOP / "spec"):
    """Read, check and resolve a spec folder; SpecError has all errors."""
    spec = build(read_folder(folder), shown(folder))
    check(spec)
    return spec
