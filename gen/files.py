# SPDX-License-Identifier: MIT
"""Writes and compares the outputs."""
import os
import pathlib

from .model.errors import SpecError

MANIFEST = "gen.manifest"
REMEDY = "run: /usr/bin/python3 -m gen --update"


def _read(path):
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise SpecError(f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}")


def write(root, files):
    """Write the files whose text changed, each atomically; return their names."""
    changed = []
    for name, text in files.items():
        path = pathlib.Path(root, name)
        if _read(path) == text:
            continue
        temporary = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary.write_text(text, encoding="utf-8")
            temporary.replace(path)
        except OSError as error:
            if path.parent.is_dir():
                temporary.unlink(missing_ok=True)
            raise SpecError(f"{path}: cannot be written: {error.strerror}")
        changed.append(name)
    return changed


def write_build(root, files):
    """As write(), and remove files of an earlier build that are no longer outputs."""
    before = (_read(pathlib.Path(root, MANIFEST)) or "").split()
    for name in set(before) - set(files):
        pathlib.Path(root, name).unlink(missing_ok=True)
    return write(root, files | {MANIFEST: "\n".join(files) + "\n"})


def _difference(name, is_text, must):
    is_lines, must_lines = is_text.splitlines(), must.splitlines()
    for number, (line, wanted) in enumerate(zip(is_lines, must_lines), start=1):
        if line != wanted:
            return f"{name}: line {number} is stale: it is '{line}', must be '{wanted}'; {REMEDY}"
    if len(is_lines) == len(must_lines):
        return f"{name}: the end of a line or of the file is stale; {REMEDY}"
    return f"{name}: is stale: it has {len(is_lines)} lines, must have {len(must_lines)}; {REMEDY}"


def compare(root, files, folders):
    """Differences between the tree and the outputs, one sentence per file."""
    problems = []
    for name, text in files.items():
        present = _read(pathlib.Path(root, name))
        if present is None:
            problems.append(f"{name}: is missing; {REMEDY}")
        elif present != text:
            problems.append(_difference(name, present, text))
    for folder in folders:
        for path in sorted(pathlib.Path(root, folder).glob("*")):
            if f"{folder}/{path.name}" not in files:
                problems.append(f"{folder}/{path.name}: is not generated; remove it, or name it in spec/")
    return problems
