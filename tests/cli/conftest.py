# SPDX-License-Identifier: MIT
"""Functions and fixtures for the tests of the program: running it, and checking what it refuses.

Tests do not pin sentences; texts.golden has those. They check the exit status, errno and reason, names, values and
ranges.
"""
import json
import os
import pathlib
import random
import re
import subprocess

import pytest

TOP = pathlib.Path(__file__).resolve().parents[2]
ACCEL = os.environ.get("ACCEL_BIN", str(TOP / "build/bin/accel"))
SANITIZED = bool(os.environ.get("ACCEL_SANITIZE"))

# The output depends on the character set.
os.environ["LC_ALL"] = "C.UTF-8"

OK, DIFFERENCE, USAGE, DEVICE, FILE, DATA, RESOURCES = range(7)


class Result:
    """Exit status and output of one run of the program."""

    def __init__(self, arguments, done):
        self.arguments = arguments
        self.code = done.returncode
        self.out = done.stdout or b""
        self.error = (done.stderr or b"").decode()

    @property
    def text(self):
        return self.out.decode()

    @property
    def json(self):
        return json.loads(self.out)

    def __repr__(self):
        return f"accel {' '.join(map(str, self.arguments))}: {self.code}\n{self.out[:2000]}\n{self.error}"


def run(*arguments, **keywords):
    """Runs the program to its end. Keywords as for subprocess.run()."""
    keywords.setdefault("stdin", subprocess.DEVNULL if "input" not in keywords else None)
    if keywords["stdin"] is None:
        del keywords["stdin"]
    keywords.setdefault("stdout", subprocess.PIPE)
    keywords.setdefault("timeout", 300)
    prefix = keywords.pop("prefix", [])
    done = subprocess.run([*prefix, ACCEL, *map(str, arguments)], stderr=subprocess.PIPE, **keywords)
    return Result(arguments, done)


def good(*arguments, **keywords):
    """Runs the program, which must succeed."""
    result = run(*arguments, **keywords)
    assert result.code == OK, result
    return result


def content_of(size, seed=1):
    """Random bytes of 4 bits, which compress to about half their length."""
    return random.Random(seed).randbytes(size).translate(bytes(byte % 16 for byte in range(256)))


def in_order(*words):
    """A pattern of whole words and numbers in this order: in_order(1, 64) finds the range "from 1 to 64"."""
    return re.compile(".*".join(rf"(?<!\w){re.escape(str(word))}(?!\w)" for word in words))


def mentions_all(text, mentions):
    """Whether the text contains each string and matches each pattern of @mentions, which may be a single one."""
    return all(item.search(text) if isinstance(item, re.Pattern) else str(item) in text
               for item in (mentions if isinstance(mentions, (list, tuple)) else [mentions]))


def refused(code, *arguments, mentions=(), **keywords):
    """Runs the program, which must exit with @code after a line "accel: ..." that has all of @mentions."""
    result = run(*arguments, **keywords)
    assert result.code == code, result
    line = result.error.splitlines()[0]
    assert line.startswith("accel: ") and mentions_all(line, mentions), (result, mentions)
    return result


def unprivileged():
    """A prefix that drops the capabilities of root over files; None where that is not possible."""
    if os.geteuid():
        return []
    prefix = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search", "--inh-caps", "-all"]
    return None if subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode else prefix


@pytest.fixture
def data(tmp_path):
    """data(size): a file of that size, of which half is compressible; its content depends on the size only."""
    def make(size, name=None):
        path = tmp_path / (name or f"data-{size}")
        block = b"".join(bytes([i * 7 % 251, i % 13, 0x55]) * 11 for i in range(997))
        with open(path, "wb") as file:
            left, number = size, 0
            while left:
                piece = (number.to_bytes(8, "little") + block)[:left]
                file.write(piece)
                left -= len(piece)
                number += 1
        return path
    return make


def only(folder, *names):
    """Whether the folder contains exactly these files, hidden ones included."""
    return sorted(os.listdir(folder)) == sorted(names)
