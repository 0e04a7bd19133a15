# SPDX-License-Identifier: MIT
"""run inflate: what other programs wrote, and what is no gzip data."""
import gzip
import random
import shutil
import subprocess
import zlib

import pytest

from conftest import DATA, good, only, refused

KIB = 1024


def content_of(size, seed=1):
    """Bytes that compress to about a half."""
    source = random.Random(seed)
    return bytes(source.choices(range(16), k=size))


def member(content, name=b"", comment=b"", extra=b"", crc=False, level=6):
    """A gzip member with any of the optional fields."""
    flags = bool(crc) * 2 | bool(extra) * 4 | bool(name) * 8 | bool(comment) * 16
    head = b"\x1f\x8b\x08" + bytes([flags]) + b"\0\0\0\0\0\x03"
    if extra:
        head += len(extra).to_bytes(2, "little") + extra
    head += (name + b"\0" if name else b"") + (comment + b"\0" if comment else b"")
    if crc:
        head += (zlib.crc32(head) & 0xFFFF).to_bytes(2, "little")
    engine = zlib.compressobj(level, zlib.DEFLATED, -15)
    body = engine.compress(content) + engine.flush()
    return head + body + zlib.crc32(content).to_bytes(4, "little") + (len(content) & 0xFFFFFFFF).to_bytes(4, "little")


def inflate(packed):
    return good("run", "inflate", input=packed).out


@pytest.mark.parametrize("size", [0, 1, 100, 255 * KIB, 3_000_000])
@pytest.mark.parametrize("level", ["-1", "-6", "-9"])
def test_gzip(tmp_path, size, level):
    file = tmp_path / "file"
    file.write_bytes(content_of(size))
    packed = subprocess.run(["gzip", level, "-c", file], check=True, stdout=subprocess.PIPE).stdout
    assert inflate(packed) == file.read_bytes()


@pytest.mark.parametrize("options", [[], ["-i"], ["-b", "128", "-p", "3"], ["-11", "-b", "32"]])
def test_pigz(tmp_path, options):
    assert shutil.which("pigz"), "pigz is in scripts/packages.txt"
    file = tmp_path / "file"
    file.write_bytes(content_of(400_000))
    packed = subprocess.run(["pigz", *options, "-c", file], check=True, stdout=subprocess.PIPE).stdout
    assert inflate(packed) == file.read_bytes()


def test_many_members():
    parts = [content_of(size, size) for size in (0, 1, 70_000, 0, 0, 300_000, 5)]
    assert inflate(b"".join(map(member, parts))) == b"".join(parts)


def test_many_tiny_members():
    assert inflate(member(b"x") * 5000) == b"x" * 5000


def test_optional_fields_of_the_header():
    content = content_of(1000)
    packed = member(content, name=b"a-name", comment=b"a comment", extra=b"AB\x04\0wxyz", crc=True)
    assert inflate(packed * 2) == content * 2


def test_zero_bytes_behind_the_last_member():
    content = content_of(1000)
    for zeros in (1, 511, 512, 1 << 20):
        assert inflate(member(content) + bytes(zeros)) == content


@pytest.mark.parametrize("level", [0, 1, 9])
def test_a_thousand_times_smaller(tmp_path, level):
    """The output of one piece of input needs many rooms."""
    content = bytes(40 << 20)
    (tmp_path / "zeros.gz").write_bytes(gzip.compress(content, level))
    good("run", "inflate", tmp_path / "zeros.gz", "-o", tmp_path / "zeros")
    assert (tmp_path / "zeros").read_bytes() == content


@pytest.mark.parametrize("size", [256 * KIB - 1, 256 * KIB, 256 * KIB + 1, 512 * KIB])
def test_input_of_exactly_some_pieces(size):
    """A member of stored blocks has 5 bytes for each 65535, and 18 around them: make the file that long."""
    content = b""
    for length in range(size - 64, size):
        content = bytes(random.Random(1).randbytes(length))
        packed = member(content, level=0)
        if len(packed) >= size:
            break
    packed += bytes(max(0, size - len(packed)))
    assert inflate(packed) == content


def test_truncated(tmp_path):
    content = content_of(600_000)
    packed = member(content)
    for length in (1, 5, 10, 11, 1000, 256 * KIB, len(packed) - 9, len(packed) - 8, len(packed) - 1):
        file = tmp_path / "short.gz"
        file.write_bytes(packed[:length])
        refused(DATA, "run", "inflate", file, "-o", tmp_path / "out", says=[file, "too early", length])
        assert only(tmp_path, "short.gz")


def test_truncated_in_a_later_member(tmp_path):
    file = tmp_path / "short.gz"
    file.write_bytes(member(b"one") + member(content_of(5000))[:-3])
    refused(DATA, "run", "inflate", file, "-o", tmp_path / "out", says="too early")
    assert only(tmp_path, "short.gz")


@pytest.mark.parametrize("position", [-8, -5, -4, -1])
def test_corrupt_checksum_or_length(tmp_path, position):
    packed = bytearray(member(content_of(600_000)))
    packed[position] ^= 1
    file = tmp_path / "wrong.gz"
    file.write_bytes(packed)
    refused(DATA, "run", "inflate", file, "-o", tmp_path / "out", says=[file, "checksum"])
    assert only(tmp_path, "wrong.gz")
    # An output that was there stays as it was.
    (tmp_path / "out").write_bytes(b"before")
    refused(DATA, "run", "inflate", file, "-o", tmp_path / "out")
    assert (tmp_path / "out").read_bytes() == b"before"


def test_corrupt_data(tmp_path):
    packed = member(content_of(600_000))
    file = tmp_path / "wrong.gz"
    for position in range(10, len(packed) - 8, len(packed) // 40):
        wrong = bytearray(packed)
        wrong[position] ^= 0xFF
        file.write_bytes(wrong)
        refused(DATA, "run", "inflate", file, "-o", tmp_path / "out", says=file)
        assert only(tmp_path, "wrong.gz")


@pytest.mark.parametrize("content, says", [
    (b"", "empty"), (b"hello, world, this is no gzip data", "not gzip"), (b"\x1f", "too early"),
    (b"\x1f\x8b\x07" + bytes(20), "not gzip"), (b"PK\x03\x04" + bytes(100), "not gzip"),
    (bytes(1000), "not gzip")])
def test_no_gzip_data(tmp_path, content, says):
    file = tmp_path / "file"
    file.write_bytes(content)
    refused(DATA, "run", "inflate", file, "-o", tmp_path / "out", says=[file, says])
    assert only(tmp_path, "file")


def test_garbage_behind_the_last_member(tmp_path):
    packed = member(b"content")
    file = tmp_path / "file"
    file.write_bytes(packed + b"garbage")
    refused(DATA, "run", "inflate", file, "-o", tmp_path / "out", says=[file, f"byte {len(packed)}"])
