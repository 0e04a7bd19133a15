# SPDX-License-Identifier: MIT
"""The folders of the generator import only those below them, and no module imports itself through others."""
import ast
import graphlib
import pathlib

GEN = pathlib.Path(__file__).resolve().parent.parent
# What each folder may import besides itself; "" has the commands.
BELOW = {"model": set(), "load": {"model"}, "output": {"model"}, "drift": {"model"},
         "": {"model", "load", "output", "drift"}}


def imported(path):
    """The files that a module of the generator imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.ImportFrom) or not node.level:
            continue
        module = path.parents[node.level - 1].joinpath(*(node.module or "").split("."))
        for name in node.names:
            places = (module / f"{name.name}.py", module.with_suffix(".py"), module / "__init__.py")
            yield next(place for place in places if place.exists())


def modules():
    return [path for folder in BELOW for path in (GEN / folder).glob("*.py")]


def folder_of(path):
    return "" if path.parent == GEN else path.parent.name


def test_folders_import_only_those_below():
    arrows = [(source, target) for source in modules() for target in imported(source)]
    assert len(arrows) > 50
    for source, target in arrows:
        own, other = folder_of(source), folder_of(target)
        assert other == own or other in BELOW[own], f"{source} may not import {target}"


def test_imports_have_no_circle():
    list(graphlib.TopologicalSorter({path: set(imported(path)) for path in modules()}).static_order())
