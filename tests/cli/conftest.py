# SPDX-License-Identifier: MIT
"""What the tests of the program share: running it, and where things are."""
import json
import os
import pathlib
import subprocess

import pytest

TOP = pathlib.Path(__file__).resolve().parents[2]
ACCEL = os.environ.get("ACCEL_BIN", str(TOP / "build/bin/accel"))
SANITIZED = bool(os.environ.get("ACCEL_SANITIZE"))

# What is printed depends on the character set.
os.environ["LC_ALL"] = "C.UTF-8"

OK, DIFFERENCE, USAGE, DEVICE, FILE, DATA, RESOURCES = range(7)


class Result:
    """How the program ended: code, and what it printed."""

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
    """Run the program to its end. Keywords as for subprocess.run()."""
    keywords.setdefault("stdin", subprocess.DEVNULL if "input" not in keywords else None)
    if keywords["stdin"] is None:
        del keywords["stdin"]
    keywords.setdefault("stdout", subprocess.PIPE)
    keywords.setdefault("timeout", 300)
    prefix = keywords.pop("prefix", [])
    done = subprocess.run([*prefix, ACCEL, *map(str, arguments)], stderr=subprocess.PIPE, **keywords)
    return Result(arguments, done)


def good(*arguments, **keywords):
    """Run it and demand success."""
    result = run(*arguments, **keywords)
    assert result.code == OK, result
    return result


def refused(code, *arguments, says=(), **keywords):
    """Run it and demand that exit code, and one line of "accel: ..." that says all of @says."""
    result = run(*arguments, **keywords)
    assert result.code == code, result
    line = result.error.splitlines()[0]
    assert line.startswith("accel: "), result
    for text in says if isinstance(says, (list, tuple)) else [says]:
        assert str(text) in line, result
    return result


@pytest.fixture
def data(tmp_path):
    """data(size): a file of that size, half of it compressible, the same at each call."""
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
    """Whether the folder has these files and no other, hidden ones included."""
    return sorted(os.listdir(folder)) == sorted(names)
