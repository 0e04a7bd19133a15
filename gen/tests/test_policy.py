# SPDX-License-Identifier: MIT
"""The answer of device.describe and its text form."""
import struct
import subprocess
import sys

import pytest

from gen.load.documents import TOP
from gen.output.policy import NO_PARENT, Policy, fnv1a
from gen.output.show import show

SHELF = """\
object shelf 0x8001
  method idle 1
  method change 2
    attribute a 1 u32 in 4..32 power-of-two
    attribute b 2 u64 in 1..18446744073709551615
    attribute c 3 enum in required
      red 3
      blue 9
    attribute d 4 flags in
      fast 0x10
      small 0x8000000000000000
    attribute e 5 handle(shelf) in
    attribute f 6 fd in
    attribute g 7 deadline in
    attribute h 8 address in
    attribute i 9 string in length 12
    attribute j 10 bytes out length 4096
    attribute k 11 struct in size 8
    attribute l 12 struct out size 80
"""


def entries(blob):
    """The blob decoded as by a client, only with the layouts of accel.h."""
    size, entry_size, count, names_size, driver, reserved, digest = struct.unpack_from("<IIIIIIQ", blob)
    assert (size, entry_size, reserved) == (32, 40, 0)
    names = blob[size + entry_size * count:]
    assert len(names) == names_size
    assert digest == fnv1a(blob[size:])

    def text(offset):
        return names[offset:names.index(b"\0", offset)].decode()
    keys = "kind type id flags object name parent size length minimum maximum".split()
    rows = [dict(zip(keys, struct.unpack_from("<BBHHHIIIIQQ", blob, size + entry_size * i)))
            for i in range(count)]
    return text(driver), [{**row, "text": text(row["name"])} for row in rows]


def test_fnv1a():
    """Vectors of the FNV page."""
    assert fnv1a(b"") == 0xCBF29CE484222325
    assert fnv1a(b"a") == 0xAF63DC4C8601EC8C
    assert fnv1a(b"foobar") == 0x85944171F73967E8


@pytest.mark.parametrize("name", ["accel", "soft", "extra"])
def test_blob_has_the_tree(full, name):
    uabi = full[name]
    driver, rows = entries(Policy(uabi).blob())
    assert driver == name
    paths = []
    for row in rows:
        parent = row["parent"]
        assert parent == NO_PARENT or parent < len(paths)
        paths.append(([] if parent == NO_PARENT else paths[parent]) + [row["text"]])
    methods = [".".join(p) for p, row in zip(paths, rows) if row["kind"] == 2]
    assert methods == [method.path for method in uabi.methods()]
    attributes = {".".join(p): row for p, row in zip(paths, rows) if row["kind"] == 3}
    for method in uabi.methods():
        for attribute in method.attributes:
            row = attributes[attribute.path]
            assert (row["id"], row["size"], row["length"], row["minimum"], row["maximum"]) == (
                attribute.value, attribute.size, attribute.length, attribute.minimum, attribute.maximum)


def test_flags_of_lines(full):
    _, rows = entries(Policy(full["extra"]).blob())
    shelf = next(i for i, row in enumerate(rows) if row["text"] == "shelf" and row["kind"] == 1)
    by_name = {row["text"]: row for row in rows[shelf:]}
    assert by_name["a"]["flags"] == 0x1 | 0x8
    assert by_name["c"]["flags"] == 0x1 | 0x4
    assert by_name["l"]["flags"] == 0x2
    create = next(row for row in rows if row["text"] == "create")
    destroy = next(row for row in rows if row["text"] == "destroy")
    assert (create["flags"], destroy["flags"]) == (0x10, 0x20)
    assert by_name["e"]["object"] == 0x8001 and by_name["a"]["object"] == 0


def test_names_stand_once(full):
    policy = Policy(full["soft"])
    texts = policy.names.split(b"\0")[:-1]
    assert len(texts) == len(set(texts)) and texts[0] == b"soft"


def test_hash_tells_uabis_apart(full):
    hashes = {Policy(full[name]).hash for name in ("accel", "soft", "extra")}
    assert len(hashes) == 3
    assert Policy(full["soft"]).hash == Policy(full["soft"]).hash


def test_show_of_everything(full):
    """Every type, ranges, lengths and members, in the format of docs/reference/show.md."""
    text = show(full["extra"])
    assert text[text.index("object shelf"):] == SHELF


def test_show_begins_and_ends(full):
    text = show(full["extra"])
    assert text.startswith("uabi extra\nobject device 1\n  method describe 1\n"
                           "    attribute policy 1 bytes out required length 1048576\n")
    assert text.endswith("\n") and not text.endswith("\n\n")


def test_show_has_extensions_behind_the_core(full):
    lines = show(full["extra"]).splitlines()
    start = lines.index("    attribute layout 7 struct out required size 80")
    assert lines[start + 1:start + 5] == [
        "    attribute colour 0x8001 enum in", "      red 3", "      blue 9", "  method destroy 2 destroys"]
    assert "    attribute why 0x8010 string in length 16" in lines


def test_show_prints_what_it_does_not_know(full):
    """An answer of a newer device: unknown types, and a handle of an object that is not described."""
    from gen.output.show import listing
    policy = Policy(full["accel"])
    line = next(line for line in policy.lines if line.text == "entries")
    line.type, line.object, line.flags = 77, 0x9000, 0
    assert "    attribute entries 3 type(77)(0x9000) -\n" in listing(policy)


def test_commands_write_the_same(real):
    for option, wanted in (("--show", show(real["soft"]).encode()), ("--describe", Policy(real["soft"]).blob())):
        done = subprocess.run([sys.executable, "-m", "gen", option, "soft"], cwd=TOP, capture_output=True,
                              check=False)
        assert (done.returncode, done.stdout, done.stderr) == (0, wanted, b"")
