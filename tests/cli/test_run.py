# SPDX-License-Identifier: MIT
"""run: the output is correct for every operation and size."""
import gzip
import os
import random
import struct
import subprocess
import sys
import time

import pytest

from conftest import DATA, DEVICE, DIFFERENCE, USAGE, good, in_order, mentions_all, only, refused, run

SIZES = [0, 1, 4095, 4096, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 9_000_001]


def crc32c(content):
    """A plain implementation that shares nothing with the program."""
    table = []
    for byte in range(256):
        for _ in range(8):
            byte = byte >> 1 ^ (0x82F63B78 if byte & 1 else 0)
        table.append(byte)
    crc = 0xFFFFFFFF
    for byte in content:
        crc = crc >> 8 ^ table[(crc ^ byte) & 0xFF]
    return crc ^ 0xFFFFFFFF


@pytest.mark.parametrize("size", SIZES)
def test_deflate_is_read_by_gunzip(data, tmp_path, size):
    file = data(size)
    packed = tmp_path / "packed.gz"
    good("run", "deflate", file, "-o", packed)
    assert only(tmp_path, file.name, "packed.gz")
    unpacked = subprocess.run(["gunzip", "-c", packed], check=True, stdout=subprocess.PIPE).stdout
    assert unpacked == file.read_bytes()
    assert subprocess.run(["gzip", "-t", packed], check=False).returncode == 0


@pytest.mark.parametrize("size", SIZES)
def test_pipes(data, size):
    content = data(size).read_bytes()
    packed = good("run", "deflate", "-", "-o", "-", input=content).out
    assert gzip.decompress(packed) == content
    assert good("run", "inflate", input=packed).out == content


@pytest.mark.parametrize("level", [0, 1, 2, 3])
def test_levels(data, level):
    file = data(300_000)
    packed = good("run", "deflate", file, "--level", level).out
    assert gzip.decompress(packed) == file.read_bytes()
    assert len(packed) < 200_000


@pytest.mark.parametrize("parallel, chunk", [(1, "4k"), (2, "64k"), (7, "1M"), (64, "4097")])
def test_any_number_of_workers_and_any_chunk(data, parallel, chunk):
    file = data(3_000_001)
    packed = good("run", "deflate", file, "--parallel", parallel, "--workers", min(parallel, 8),
                  "--chunk", chunk).out
    assert gzip.decompress(packed) == file.read_bytes()


def test_incompressible_data(tmp_path):
    content = random.Random(3).randbytes(5_000_000)
    for chunk in ("4k", "1M", "16M"):
        packed = good("run", "deflate", "--chunk", chunk, input=content).out
        assert gzip.decompress(packed) == content


@pytest.mark.parametrize("size", [0, 1, 9, 4096, 1_048_577, 5_000_003])
def test_crc32c(data, size):
    file = data(size)
    expected = f"{crc32c(file.read_bytes()):08x}"
    assert good("run", "crc32c", file).text == f"{expected}  {file}\n"
    assert good("run", "crc32c", file, "--json", "--chunk", "4099").json["crc32c"] == expected
    assert good("run", "crc32c", "-", input=file.read_bytes()).text == f"{expected}  -\n"


def test_crc32c_of_the_check_word():
    assert good("run", "crc32c", input=b"123456789").text == "e3069283  -\n"


@pytest.mark.parametrize("size", SIZES)
def test_copy(data, tmp_path, size):
    file = data(size)
    good("run", "copy", file, "-o", tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == file.read_bytes()


@pytest.mark.parametrize("pattern", ["00", "ff", "0102", "deadbeef", "0102030405060708", "01:02"])
@pytest.mark.parametrize("size", [0, 1, 13, 100_003])
def test_fill(tmp_path, pattern, size):
    good("run", "fill", "-s", size, "-p", pattern, "-o", tmp_path / "filled", "--chunk", "4099")
    word = bytes.fromhex(pattern.replace(":", ""))
    assert (tmp_path / "filled").read_bytes() == (word * size)[:size]


def test_compare(data, tmp_path):
    one = data(2_500_000)
    content = bytearray(one.read_bytes())
    other = tmp_path / "other"
    other.write_bytes(content)
    assert good("run", "compare", one, other).text == ""
    assert good("run", "compare", one, "-", input=bytes(content)).text == ""
    for offset in (0, 1, 1_048_575, 1_048_576, 2_499_999):
        content[offset] ^= 0x40
        other.write_bytes(content)
        result = run("run", "compare", one, other)
        assert result.code == DIFFERENCE and mentions_all(result.text, in_order(offset)), result
        answer = run("run", "compare", one, other, "--json")
        assert answer.code == DIFFERENCE
        assert answer.json["offset"] == offset and answer.json["equal"] is False
        content[offset] ^= 0x40


@pytest.mark.parametrize("cut", [0, 1, 1_048_576, 2_499_999])
def test_compare_with_the_start_of_itself(data, tmp_path, cut):
    one = data(2_500_000)
    start = tmp_path / "start"
    start.write_bytes(one.read_bytes()[:cut])
    for a, b in ((one, start), (start, one)):
        result = run("run", "compare", a, b)
        assert result.code == DIFFERENCE
        assert mentions_all(result.text, [start, in_order(cut)]), result


def test_both_inputs_cannot_be_standard_input():
    refused(USAGE, "run", "compare", "-", "-", mentions="standard input")
    refused(USAGE, "run", "matmul", "-", "-", "-m", 1, "-n", 1, "-k", 1, mentions="standard input")


@pytest.mark.parametrize("kind", ["f32", "bf16", "s8"])
@pytest.mark.parametrize("m, n, k", [(1, 1, 1), (3, 5, 7), (64, 32, 128), (129, 65, 33)])
def test_matmul_of_random_matrices(kind, m, n, k):
    answer = good("run", "matmul", "-m", m, "-n", n, "-k", k, "-t", kind, "--check", "--json").json
    assert answer["check"]["wrong"] == 0 and answer["check"]["of-bound"] < 1
    assert answer["bytes-out"] == 4 * m * n


@pytest.mark.parametrize("kind, letter, result", [("f32", "f", "f"), ("s8", "b", "i"), ("bf16", "H", "f")])
def test_matmul_of_files(tmp_path, kind, letter, result):
    m, n, k = 5, 3, 4
    a = [i - 7 for i in range(m * k)]
    b = [2 * i - 11 for i in range(k * n)]
    # Small integers are exact in bfloat16, which is the upper half of a binary32.
    words = (lambda v: struct.unpack("<I", struct.pack("<f", v))[0] >> 16) if kind == "bf16" else (lambda v: v)
    for name, matrix in (("A", a), ("B", b)):
        (tmp_path / name).write_bytes(struct.pack(f"<{len(matrix)}{letter}", *map(words, matrix)))
    good("run", "matmul", tmp_path / "A", tmp_path / "B", "-m", m, "-n", n, "-k", k, "-t", kind,
         "-o", tmp_path / "C", "--check")
    c = struct.unpack(f"<{m * n}{result}", (tmp_path / "C").read_bytes())
    assert list(c) == [sum(a[i * k + x] * b[x * n + j] for x in range(k))
                       for i in range(m) for j in range(n)]


@pytest.mark.parametrize("a, b", [("nan", 1), ("inf", 0), ("inf", -1), (3e38, 10), (-3e38, 10)])
def test_matmul_checks_infinities_and_nans(tmp_path, a, b):
    for name, value in (("A", a), ("B", b)):
        (tmp_path / name).write_bytes(struct.pack("<f", float(value)))
    answer = good("run", "matmul", tmp_path / "A", tmp_path / "B", "-m", 1, "-n", 1, "-k", 1, "--check", "--json").json
    assert answer["check"]["wrong"] == 0


@pytest.mark.parametrize("k", [2, 3, 8, 65])
@pytest.mark.parametrize("factor", [2, -2])
def test_matmul_accepts_partial_sums_that_overflow(tmp_path, k, factor):
    """The sums are representable; the partial sums of 32-bit floating point are not."""
    row = [3e38 if i % 2 == 0 else -3e38 for i in range(k)]
    (tmp_path / "A").write_bytes(struct.pack(f"<{5 * k}f", *5 * row))
    (tmp_path / "B").write_bytes(struct.pack(f"<{7 * k}f", *7 * k * [factor]))
    answer = good("run", "matmul", tmp_path / "A", tmp_path / "B", "-m", 5, "-n", 7, "-k", k, "--check", "--json").json
    assert answer["check"]["wrong"] == 0


def test_matmul_of_pipes(tmp_path):
    for name in ("A", "B"):
        os.mkfifo(tmp_path / name)
    # The writer opens B after it has closed A.
    writer = "from sys import argv; [open(argv[i], 'wb').write(bytes.fromhex(argv[i + 1])) for i in (1, 3)]"
    a, b = struct.pack("<4f", 1, 0, 0, 1), struct.pack("<4f", 1, 2, 3, 4)
    with subprocess.Popen([sys.executable, "-c", writer, tmp_path / "A", a.hex(), tmp_path / "B", b.hex()]) as child:
        try:
            good("run", "matmul", tmp_path / "A", tmp_path / "B", "-m", 2, "-n", 2, "-k", 2, "-o", tmp_path / "C",
                 timeout=20)
            assert child.wait(20) == 0
        finally:
            child.kill()
    assert (tmp_path / "C").read_bytes() == b


def test_matrices_of_another_size(tmp_path):
    (tmp_path / "A").write_bytes(bytes(16))
    (tmp_path / "B").write_bytes(bytes(20))
    shape = ["-m", 2, "-n", 2, "-k", 2]
    refused(DATA, "run", "matmul", tmp_path / "A", tmp_path / "B", *shape, mentions=["B", in_order(16)])
    refused(DATA, "run", "matmul", tmp_path / "A", tmp_path / "A", "-m", 3, "-n", 2, "-k", 2,
            "-o", tmp_path / "C", mentions=[in_order(16), in_order(24)])
    assert only(tmp_path, "A", "B")


def test_the_same_seed_gives_the_same_matrices():
    def product(seed):
        return good("run", "matmul", "-m", 4, "-n", 4, "-k", 4, "--seed", seed, "-o", "-").out
    assert product(1) == product(1) != product(2)
    assert len(product(1)) == 64


def test_summary(data):
    file = data(2_500_000)
    result = good("run", "deflate", file, "-v")
    assert mentions_all(result.error, [in_order(3), "MiB/s"])
    assert good("run", "deflate", file).error == ""
    # Standard output has the data; the summary is on standard error.
    answer = good("run", "deflate", file, "--json")
    assert gzip.decompress(answer.out) == file.read_bytes()
    assert '"descriptors": 3' in answer.error
    answer = good("run", "crc32c", file, "--json", "--parallel", "2").json
    assert answer["bytes-in"] == 2_500_000 and answer["descriptors"] == 3
    assert answer["in-flight"] >= 4 and answer["parallel"] == 2


def test_trace(data):
    lines = good("run", "copy", data(100), "-o", "/dev/null", "--trace").error.splitlines()
    assert any(line.startswith("queue.create ") and line.endswith("= 0") for line in lines)
    assert any(line.startswith("address-space.create mode=shared") for line in lines)


@pytest.mark.parametrize("operation", ["deflate", "copy", "crc32c", "inflate"])
def test_a_failing_engine_leaves_nothing(data, tmp_path, operation):
    if os.geteuid():
        pytest.skip("injecting faults may need CAP_SYS_RAWIO")
    file = data(9_000_000)
    if operation == "inflate":
        file.write_bytes(gzip.compress(file.read_bytes(), 1))
    output = [] if operation == "crc32c" else ["-o", tmp_path / "out"]
    refused(DEVICE, "run", operation, file, *output, "--faults", 1, mentions=[file, "engine-error"])
    assert only(tmp_path, file.name)


@pytest.mark.parametrize("kind, size, k, n", [("f32", 4, 65536, 4097), ("bf16", 2, 16385, 32768), ("s8", 1, 65536, 65536)])
def test_a_matrix_that_is_too_large_is_refused_before_it_is_allocated(tmp_path, kind, size, k, n):
    begin = time.monotonic()
    refused(USAGE, "run", "matmul", "-m", 1, "-n", n, "-k", k, "-t", kind, "-o", tmp_path / "out",
            mentions=[in_order("B"), f"{k} × {n}", in_order(k * n * size), in_order(1 << 30)])
    assert time.monotonic() - begin < 5
    assert only(tmp_path)
