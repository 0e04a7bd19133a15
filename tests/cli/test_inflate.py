# SPDX-License-Identifier: MIT
"""run inflate: members of other programs, and data that is not gzip data."""
import gzip
import json
import random
import re
import shutil
import subprocess
import time
import zlib

import pytest

from conftest import ACCEL, DATA, DEVICE, content_of, good, in_order, only, refused

KIB = 1024


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


def test_zero_bytes_after_the_last_member():
    content = content_of(1000)
    for zeros in (1, 511, 512, 1 << 20):
        assert inflate(member(content) + bytes(zeros)) == content


@pytest.mark.parametrize("level", [0, 1, 9])
def test_a_thousand_times_smaller(tmp_path, level):
    """The output of one piece of input needs many output buffers."""
    content = bytes(40 << 20)
    (tmp_path / "zeros.gz").write_bytes(gzip.compress(content, level))
    good("run", "inflate", tmp_path / "zeros.gz", "-o", tmp_path / "zeros")
    assert (tmp_path / "zeros").read_bytes() == content


@pytest.mark.parametrize("size", [256 * KIB - 1, 256 * KIB, 256 * KIB + 1, 512 * KIB])
def test_input_of_exactly_some_pieces(size):
    """A member of stored blocks has 5 extra bytes for each 65535, and 18 around them."""
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
        refused(DATA, "run", "inflate", file, "-o", tmp_path / "out", mentions=[file, in_order(length)])
        assert only(tmp_path, "short.gz")


def test_truncated_in_a_later_member(tmp_path):
    file = tmp_path / "short.gz"
    packed = member(b"one") + member(content_of(5000))[:-3]
    file.write_bytes(packed)
    refused(DATA, "run", "inflate", file, "-o", tmp_path / "out", mentions=[file, in_order(len(packed))])
    assert only(tmp_path, "short.gz")


@pytest.mark.parametrize("position", [-8, -5, -4, -1])
def test_corrupt_checksum_or_length(tmp_path, position):
    packed = bytearray(member(content_of(600_000)))
    packed[position] ^= 1
    file = tmp_path / "wrong.gz"
    file.write_bytes(packed)
    refused(DATA, "run", "inflate", file, "-o", tmp_path / "out", mentions=[file, "checksum-error"])
    assert only(tmp_path, "wrong.gz")
    # An existing output is unchanged.
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
        refused(DATA, "run", "inflate", file, "-o", tmp_path / "out", mentions=file)
        assert only(tmp_path, "wrong.gz")


@pytest.mark.parametrize("content, mentions", [
    (b"", "gzip"), (b"hello, world, this is no gzip data", "gzip"), (b"\x1f", in_order(1)),
    (b"\x1f\x8b\x07" + bytes(20), "gzip"), (b"PK\x03\x04" + bytes(100), "gzip"), (bytes(1000), "gzip")])
def test_data_that_is_not_gzip_data(tmp_path, content, mentions):
    file = tmp_path / "file"
    file.write_bytes(content)
    refused(DATA, "run", "inflate", file, "-o", tmp_path / "out", mentions=[file, mentions])
    assert only(tmp_path, "file")


def test_garbage_after_the_last_member(tmp_path):
    packed = member(b"content")
    file = tmp_path / "file"
    file.write_bytes(packed + b"garbage")
    refused(DATA, "run", "inflate", file, "-o", tmp_path / "out", mentions=[file, in_order(len(packed))])


def fails(packed, mentions):
    """The output of wrong data that a pipe receives."""
    return refused(DATA, "run", "inflate", input=packed, mentions=mentions).out


def zcat(packed):
    return subprocess.run(["zcat"], input=packed, capture_output=True, check=False).stdout


@pytest.mark.parametrize("size", [1000, 588_895, 12 << 20])
def test_a_pipe_gets_all_that_comes_before_the_end(size):
    content = b"".join(b"%d\n" % number for number in range(size // 6))
    packed = member(content)
    for length in (11, 100, len(packed) // 2, len(packed) - 9, len(packed) - 1):
        out = fails(packed[:length], in_order(length))
        assert content.startswith(out) and len(out) >= len(zcat(packed[:length]))


def test_a_pipe_gets_the_content_of_a_wrong_checksum():
    content = content_of(600_000)
    packed = bytearray(member(content))
    packed[-5] ^= 1
    assert fails(packed, "checksum-error") == content


@pytest.mark.parametrize("garbage", [b"\r\n", b"garbage", b"\x1f", b"\x1f\x8a..", b"\xff" * 100_000], ids=range(5))
@pytest.mark.parametrize("sizes", [[6], [0], [600_000], [9_000_000], [5, 70_000, 600_000], [0, 9_000_000]], ids=str)
def test_a_pipe_gets_the_content_before_garbage(sizes, garbage):
    parts = [content_of(size, size) for size in sizes]
    packed = b"".join(map(member, parts))
    # One byte of a header may be the start of another member, which is then truncated.
    at = len(packed) + (garbage == b"\x1f")
    assert fails(packed + garbage, in_order(at)) == b"".join(parts)


def test_corrupt_data_is_not_reported_as_garbage():
    packed = bytearray(member(content_of(600_000)))
    for position in range(1000, len(packed) - 8, len(packed) // 10):
        wrong = bytearray(packed)
        wrong[position:position + 4] = bytes(byte ^ 0xFF for byte in wrong[position:position + 4])
        refused(DATA, "run", "inflate", input=wrong, mentions=re.compile(r"\((data|checksum)-error\)$"))


MIB = 1 << 20


def sized(content, chunk="1M"):
    """The output of run deflate: members with a size field."""
    packed = good("run", "deflate", "--chunk", chunk, input=content).out
    assert packed[3] == 4 and packed[10:16] == b"\x08\0ms\x04\0"
    return packed


def sizes_of(packed):
    """The sizes of the members, from their headers."""
    sizes = []
    while sum(sizes) < len(packed):
        at = sum(sizes)
        assert packed[at:at + 2] == b"\x1f\x8b"
        sizes.append(int.from_bytes(packed[at + 16:at + 20], "little"))
    assert sum(sizes) == len(packed)
    return sizes


def parallel_of(packed, content):
    """Decompresses; returns the largest number of descriptors in flight."""
    answer = good("run", "inflate", "--json", "--parallel", 2, input=packed)
    assert answer.out == content
    return json.loads(answer.error)["in-flight"]


def test_members_with_a_size_field_are_decompressed_in_parallel():
    content = content_of(5 * MIB + 7)
    packed = sized(content)
    assert len(sizes_of(packed)) == 6
    assert parallel_of(packed, content) > 2
    assert gzip.decompress(packed) == content
    # These members have no size field.
    assert parallel_of(member(content), content) == 1


@pytest.mark.parametrize("chunk", ["4096", "65537", "1M", "1052671", "1052672", "3M"])
def test_members_of_any_size(chunk):
    content = content_of(2 * MIB) + random.Random(1).randbytes(MIB) + bytes(MIB)
    assert inflate(sized(content, chunk)) == content


def test_an_empty_member_with_a_size_field():
    assert inflate(sized(b"")) == b""


def test_members_of_other_programs_between():
    first, second, third = content_of(3 * MIB), b"of another program", content_of(2 * MIB, 2)
    assert inflate(sized(first) + member(second) + sized(third)) == first + second + third
    assert inflate(member(second) + sized(first)) == second + first
    assert inflate(sized(first) + member(third)) == first + third
    assert inflate(sized(first, "3M") + sized(third)) == first + third


@pytest.mark.parametrize("zeros", [1, 19, 20, 512, MIB])
def test_padding_after_members_with_a_size_field(zeros):
    content = content_of(3 * MIB)
    assert inflate(sized(content) + bytes(zeros)) == content


@pytest.mark.parametrize("which", [0, 1, 2])
@pytest.mark.parametrize("change", [-10**9, -30, -1, 1, 21, 10**6, 10**9])
def test_a_wrong_size_field_is_ignored(which, change):
    """Other programs do not read the field, so a wrong one must not make a valid file invalid."""
    content = content_of(3 * MIB)
    packed = bytearray(sized(content))
    sizes = sizes_of(packed)
    at = sum(sizes[:which])
    packed[at + 16:at + 20] = max(0, sizes[which] + change).to_bytes(4, "little")
    assert gzip.decompress(packed) == content
    assert inflate(packed) == content


def test_a_size_that_spans_two_members():
    content = content_of(3 * MIB)
    packed = bytearray(sized(content))
    sizes = sizes_of(packed)
    packed[16:20] = (sizes[0] + sizes[1]).to_bytes(4, "little")
    assert inflate(packed) == content


def test_truncated_members_with_a_size_field(tmp_path):
    packed = sized(content_of(3 * MIB))
    sizes = sizes_of(packed)
    file = tmp_path / "short.gz"
    for length in (1, 15, 19, 20, 21, sizes[0] - 1, sizes[0] + 1, sizes[0] + 19, sizes[0] + 20,
                   sizes[0] + sizes[1] - 4, len(packed) - 1):
        file.write_bytes(packed[:length])
        refused(DATA, "run", "inflate", file, "-o", tmp_path / "out", mentions=[file, in_order(length)])
        assert only(tmp_path, "short.gz")


@pytest.mark.parametrize("which", [0, 1, 2])
def test_corrupt_members_with_a_size_field(tmp_path, which):
    packed = sized(content_of(3 * MIB))
    sizes = sizes_of(packed)
    begin, end = sum(sizes[:which]), sum(sizes[:which + 1])
    file = tmp_path / "wrong.gz"
    for position, mentions in ((begin + 2, "data-error"), (begin + 3, "data-error"), (begin + 1000, file),
                               (end - 8, "checksum-error"), (end - 4, "checksum-error"), (end - 1, "checksum-error")):
        wrong = bytearray(packed)
        wrong[position] ^= 0xE0
        file.write_bytes(wrong)
        if position == begin + 2 and not which:
            mentions = "gzip"
        refused(DATA, "run", "inflate", file, "-o", tmp_path / "out", mentions=[file, mentions])
        assert only(tmp_path, "wrong.gz")


def test_garbage_after_members_with_a_size_field(tmp_path):
    packed = sized(content_of(3 * MIB))
    file = tmp_path / "file"
    file.write_bytes(packed + b"garbage")
    refused(DATA, "run", "inflate", file, "-o", tmp_path / "out",
            mentions=[file, in_order(len(packed))])
    assert fails(packed + b"garbage", in_order(len(packed))) == content_of(3 * MIB)


def test_a_failing_engine_with_a_size_field(tmp_path):
    file = tmp_path / "file.gz"
    file.write_bytes(sized(content_of(3 * MIB)))
    refused(DEVICE, "run", "inflate", file, "-o", tmp_path / "out", "--faults", 1, mentions=[file, "engine-error"])
    assert only(tmp_path, "file.gz")


def test_a_pipe_that_stops_in_the_middle_of_a_member(tmp_path):
    """Input that was read before the wrong size was found is kept for the sequential decompression."""
    content = content_of(3 * MIB)
    packed = bytearray(sized(content))
    sizes = sizes_of(packed)
    packed[16:20] = (sizes[0] + 1).to_bytes(4, "little")
    out = tmp_path / "out"
    with subprocess.Popen([ACCEL, "run", "inflate", "-", "-o", out], stdin=subprocess.PIPE) as process:
        for piece in (packed[:sizes[0] + sizes[1] + 1000], packed[sizes[0] + sizes[1] + 1000:]):
            process.stdin.write(piece)
            process.stdin.flush()
            time.sleep(0.3)
        process.stdin.close()
        assert process.wait() == 0
    assert out.read_bytes() == content
