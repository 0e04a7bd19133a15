# SPDX-License-Identifier: MIT
"""BGZF, the blocked gzip of bgzip and samtools: written, read in parallel, and read by other programs."""
import gzip
import json
import random
import shutil
import struct
import subprocess
import zlib

import pytest

from conftest import DATA, USAGE, content_of, good, in_order, only, refused

KIB, MIB = 1 << 10, 1 << 20
END = bytes.fromhex("1f8b08040000000000ff0600424302001b0003000000000000000000")


def blocks(packed):
    """The content of each block, after a check of all fields (specification of SAM, 4.1)."""
    parts, at = [], 0
    while at < len(packed):
        assert packed[at:at + 4] == b"\x1f\x8b\x08\x04"
        (extra,) = struct.unpack_from("<H", packed, at + 10)
        assert packed[at + 12:at + 16] == b"BC\x02\x00" and extra == 6
        size = struct.unpack_from("<H", packed, at + 16)[0] + 1
        block = packed[at:at + size]
        assert len(block) == size
        content = zlib.decompress(block[18:-8], wbits=-15)
        crc, length = struct.unpack("<II", block[-8:])
        assert crc == zlib.crc32(content) and length == len(content) <= 64 * KIB
        parts.append(content)
        at += size
    return parts


def block_of(content, level=6, time=0, system=255, more=b""):
    """A block as other programs write it. @more: extra fields after the one with the size."""
    engine = zlib.compressobj(level, zlib.DEFLATED, -15)
    body = engine.compress(content) + engine.flush()
    size = 18 + len(more) + len(body) + 8
    return struct.pack("<4BI2BH2BHH", 31, 139, 8, 4, time, 0, system, 6 + len(more), 66, 67, 2, size - 1) + more + \
        body + struct.pack("<II", zlib.crc32(content), len(content))


def in_flight(packed, content):
    """Decompresses; returns the largest number of descriptors in flight."""
    answer = good("run", "inflate", "--json", "--parallel", 2, input=packed)
    assert answer.out == content
    return json.loads(answer.error)["in-flight"]


@pytest.mark.parametrize("level", [0, 1, 2, 3])
@pytest.mark.parametrize("size", [1, 100, 0xff00 - 1, 0xff00, 0xff00 + 1, 3_000_000])
def test_what_is_written(size, level):
    content = content_of(size)
    packed = good("run", "deflate", "--bgzf", "-l", level, input=content).out
    parts = blocks(packed)
    assert packed.endswith(END) and parts[-1] == b""
    assert all(len(part) == 0xff00 for part in parts[:-2]) and b"".join(parts) == content
    assert gzip.decompress(packed) == content
    assert good("run", "inflate", input=packed).out == content


def test_content_that_does_not_get_smaller():
    content = random.Random(1).randbytes(1_000_000)
    for level in range(4):
        packed = good("run", "deflate", "--bgzf", "-l", level, input=content).out
        assert b"".join(blocks(packed)) == content


def test_an_empty_input_becomes_the_end_block():
    assert good("run", "deflate", "--bgzf", input=b"").out == END
    assert good("run", "inflate", input=END).out == b""


def test_blocks_are_decompressed_in_parallel():
    content = content_of(2 * MIB)
    packed = good("run", "deflate", "--bgzf", input=content).out
    assert in_flight(packed, content) > 2
    others = b"".join(block_of(content[at:at + 0xff00], time=at, system=3) for at in range(0, len(content), 0xff00))
    assert in_flight(others + END, content) > 2
    assert in_flight(others, content) > 2, "the end block may be missing"


def test_more_fields_and_other_members_between():
    first, second = content_of(100_000), content_of(200_000, 2)
    with_more = block_of(first[:60_000], more=b"XY\x04\0abcd") + block_of(first[60_000:])
    for packed in (with_more + END, with_more + gzip.compress(second) + END, gzip.compress(second) + with_more):
        assert good("run", "inflate", input=packed).out == gzip.decompress(packed)


@pytest.mark.parametrize("change", [-30_000, -1, 1, 30, 30_000])
def test_a_wrong_size_is_ignored(change):
    content = content_of(200_000)
    packed = bytearray(good("run", "deflate", "--bgzf", input=content).out)
    size = struct.unpack_from("<H", packed, 16)[0]
    struct.pack_into("<H", packed, 16, min(max(0, size + change), 0xffff))
    assert gzip.decompress(packed) == content
    assert good("run", "inflate", input=packed).out == content


def test_truncated_and_corrupt_blocks(tmp_path):
    packed = good("run", "deflate", "--bgzf", input=content_of(200_000)).out
    file = tmp_path / "file.gz"
    for length in (17, 18, 27, 10_000, len(packed) - len(END) + 5, len(packed) - 1):
        file.write_bytes(packed[:length])
        refused(DATA, "run", "inflate", file, "-o", tmp_path / "out", mentions=[file, in_order(length)])
    wrong = bytearray(packed)
    wrong[len(packed) // 2] ^= 0xff
    file.write_bytes(wrong)
    refused(DATA, "run", "inflate", file, "-o", tmp_path / "out", mentions=file)
    file.write_bytes(packed + b"garbage")
    refused(DATA, "run", "inflate", file, "-o", tmp_path / "out",
            mentions=[file, in_order(len(packed))])
    assert only(tmp_path, "file.gz")


def test_the_size_of_a_block_is_not_a_choice():
    refused(USAGE, "run", "deflate", "--bgzf", "--chunk", "4096", input=b"", mentions=["--bgzf", "--chunk"])


def test_bgzip_reads_it(tmp_path):
    if not shutil.which("bgzip"):
        pytest.skip("bgzip is not installed")
    content = content_of(500_000)
    file = tmp_path / "file.gz"
    file.write_bytes(good("run", "deflate", "--bgzf", input=content).out)
    assert subprocess.run(["bgzip", "-dc", file], check=True, stdout=subprocess.PIPE).stdout == content
    assert subprocess.run(["bgzip", "--test", file], check=False).returncode == 0
