# SPDX-License-Identifier: MIT
"""bench: figures for every operation and size, a picture, and a failure for work that was not done."""
import os
import re
import shutil
import subprocess
import xml.etree.ElementTree

import pytest

from conftest import DEVICE, DIFFERENCE, FILE, SANITIZED, USAGE, good, in_order, only, refused

OPERATIONS = ["nop", "copy", "fill", "compare", "crc32c", "copy-crc32c", "deflate", "inflate", "matmul"]
SIZES = [64 << 2 * i for i in range(8)]
SVG = "{http://www.w3.org/2000/svg}"


def points(*arguments):
    return good("bench", "soft0", "--seconds", "0.002", "--json", *arguments).json["points"]


def test_all_operations_and_sizes():
    report = good("bench", "soft0", "--seconds", "0.001", "--json").json
    assert report["device"] == "soft0" and report["depth"] == 64 and report["parallel"] == 1
    found = [(point["operation"], point["size"]) for point in report["points"]]
    least = {"nop": 1 << 40, "deflate": 4096, "inflate": 4096, "matmul": 1024}
    assert found == [("nop", 0)] + [(name, size) for name in OPERATIONS for size in SIZES
                                    if size >= least.get(name, 0)]


def test_the_figures_fit_together():
    for point in points("--size", "4k", "--size", "70001"):
        for kind, depth in (("latency", 1), ("throughput", 64)):
            times = point[kind]
            assert times["depth"] == depth and times["operations"] >= 1
            assert 0 < times["minimum-ns"] <= times["median-ns"] <= times["maximum-ns"]
        per_second = 1e9 / point["throughput"]["median-ns"]
        assert point["operations-per-second"] == pytest.approx(per_second)
        if point["operation"] == "matmul":
            side = {4096: 32, 70001: 132}[point["size"]]
            assert point["flops-per-second"] == pytest.approx(2 * side**3 * per_second)
        elif point["size"]:
            assert point["bytes-per-second"] == pytest.approx(point["size"] * per_second)
        if point["operation"] == "deflate":
            assert 0.1 < point["output-per-input"] < 0.8


def test_the_time_is_that_of_the_work():
    """A loop that did not wait for the device would be far below what a processor can do."""
    for point in points("--op", "crc32c", "--size", "1M"):
        assert point["latency"]["median-ns"] > 5000 and point["throughput"]["median-ns"] > 5000


def test_depth_and_what_memory_has_room_for():
    small, large = points("--op", "copy", "--size", "64", "--size", "16M", "--depth", "300")
    assert small["throughput"]["depth"] == 300 and large["throughput"]["depth"] == 1
    assert points("--op", "nop", "--depth", "1")[0]["throughput"]["depth"] == 1


def test_workers_and_parallel():
    report = good("bench", "soft0", "--seconds", "0.01", "--json", "--workers", 3, "--parallel", 2, "--op", "copy",
                  "--op", "matmul", "--size", "64k").json
    assert report["workers"] == 3 and report["parallel"] == 2


def test_tables():
    text = good("bench", "soft0", "--seconds", "0.001", "--op", "nop", "--op", "copy", "--op", "matmul", "--size", "1k",
                "--size", "1M", "--size", "1000").text
    blocks = [block.splitlines() for block in text.split("\n\n")]
    assert [block[0].split(":")[0] for block in blocks] == ["latency"] + ["throughput"] * 3
    for block in blocks[:2]:
        assert block[1].split() == ["1000", "B", "1", "KiB", "1", "MiB"]
        assert [line.split()[0] for line in block[2:]] == ["nop", "copy", "matmul"]
        assert all(re.search(r" [0-9.]+ (ns|µs|ms)( |$)", line) for line in block[2:])
        assert len(set(map(len, block[1:2] + block[3:]))) == 1, "columns are aligned at their right edge"
    assert "copy" in blocks[2][2] and "matmul" in blocks[3][2] and len(blocks[2]) == len(blocks[3]) == 3


def curves(picture):
    """The number of points of each curve of the picture, and all its texts."""
    root = xml.etree.ElementTree.fromstring(picture)
    assert root.tag == SVG + "svg"
    width, height = float(root.get("width")), float(root.get("height"))
    lengths = []
    for path in root.iter(SVG + "path"):
        if path.get("fill") != "none":
            continue
        places = [tuple(map(float, place.split(","))) for place in re.split("[ML]", path.get("d"))[1:]]
        assert all(0 < x < width and 0 < y < height for x, y in places)
        assert places == sorted(places)
        lengths.append(len(places))
    return lengths, [text.text for text in root.iter(SVG + "text")]


def test_plot(tmp_path):
    file = tmp_path / "plot.svg"
    good("bench", "soft0", "--seconds", "0.001", "--plot", file)
    lengths, words = curves(file.read_bytes())
    assert lengths == 3 * [8, 8, 8, 8, 8, 5, 5, 6]
    for word in (*OPERATIONS, "64 B", "1 MiB", "1 µs", "accel bench soft0"):
        assert word in words, word
    assert only(tmp_path, "plot.svg")


@pytest.mark.parametrize("arguments, expected", [
    (["--op", "nop"], []), (["--op", "copy", "--size", "100"], [1, 1, 1]),
    (["--op", "copy", "--size", "1M", "--size", "1", "--size", "7000"], [3, 3, 3])])
def test_plot_of_little(arguments, expected):
    picture = good("bench", "soft0", "--seconds", "0.001", "--plot", "-", *arguments).out
    assert curves(picture)[0] == expected


def test_a_picture_that_cannot_be_written(tmp_path):
    refused(FILE, "bench", "soft0", "--plot", tmp_path / "no" / "plot.svg", mentions="plot.svg")
    refused(FILE, "bench", "soft0", "--plot", "/dev/full", "--op", "nop", "--seconds", "0.001", mentions="/dev/full")


def test_no_picture_is_left_when_the_device_fails(tmp_path):
    refused(DEVICE, "bench", "soft0", "--faults", 1, "--op", "nop", "--plot", tmp_path / "plot.svg",
            mentions="engine-error")
    assert only(tmp_path)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_fault_fails_the_command(operation):
    refused(DEVICE, "bench", "soft0", "--faults", 1, "--op", operation, "--seconds", "0.001",
            mentions=[operation, "engine-error"])


@pytest.mark.skipif(SANITIZED, reason="the library of a sanitizer must be preloaded before any other")
@pytest.mark.parametrize("operation", ["crc32c", "copy-crc32c"])
def test_a_wrong_result_fails_the_command(operation, tmp_path):
    """A checksum engine that is wrong for one length only."""
    with open("/proc/cpuinfo", encoding="utf-8") as info:
        if "vpclmulqdq" in info.read():
            pytest.skip("this processor's checksums do not come from the library that the test replaces")
    if not shutil.which("gcc"):
        pytest.skip("gcc is not installed")
    source, library = tmp_path / "liar.c", tmp_path / "liar.so"
    source.write_text("unsigned crc32_iscsi(unsigned char *at, int n, unsigned crc)\n"
                      "{ for (int i = 0; i < n; i++) { crc ^= at[i]; for (int b = 0; b < 8; b++)\n"
                      "crc = crc >> 1 ^ (crc & 1 ? 0x82f63b78u : 0); } return n == 777 ? crc ^ 1 : crc; }\n",
                      encoding="utf-8")
    subprocess.run(["gcc", "-O2", "-shared", "-fPIC", "-o", library, source], check=True)
    keywords = {"env": {**os.environ, "LD_PRELOAD": str(library)}}
    arguments = ["bench", "soft0", "--op", operation, "--seconds", "0.001", "--size"]
    good(*arguments, 778, **keywords)
    refused(DIFFERENCE, *arguments, 777, mentions=operation, **keywords)


@pytest.mark.skipif(SANITIZED, reason="the library of a sanitizer must be preloaded before any other")
def test_work_that_was_not_done_fails_the_command(tmp_path):
    """A matrix engine that returns success and computes nothing."""
    if not shutil.which("gcc"):
        pytest.skip("gcc is not installed")
    source, library = tmp_path / "lazy.c", tmp_path / "lazy.so"
    source.write_text("int dnnl_sgemm(void) { return 0; }\nint dnnl_primitive_execute(void) { return 0; }\n",
                      encoding="utf-8")
    subprocess.run(["gcc", "-shared", "-fPIC", "-o", library, source], check=True)
    arguments = ["bench", "soft0", "--op", "matmul", "--size", "64k", "--seconds", "0.001"]
    good(*arguments)
    refused(DIFFERENCE, *arguments, mentions="matmul",
            env={**os.environ, "LD_PRELOAD": str(library)})


def test_a_device_with_other_descriptors():
    refused(DEVICE, "bench", "null0", mentions=["null0", "'null'", in_order("soft")])
    refused(DEVICE, "bench", "nothing7", mentions=["nothing7", "soft0", "ENODEV"])


@pytest.mark.parametrize("arguments, mentions", [
    ([], "DEV"),
    (["soft0", "--op", "batch"], ["--op", "batch", "matmul"]),
    (["soft0", "--size", "0"], ["--size", "'0'", in_order(1, 16777216)]),
    (["soft0", "--size", "64", "--size", "17M"], ["--size", "'17M'"]),
    (["soft0", "--depth", "5000"], ["--depth", in_order(1, 4096)]),
    (["soft0", "--seconds", "0"], ["--seconds", "'0'", in_order(0.001, 3600)]),
    (["soft0", "--seconds", "1x"], ["--seconds", "'1x'"]),
    (["soft0", "--seconds", "nan"], ["--seconds", "'nan'"]),
    (["soft0", "--plot"], "--plot"),
])
def test_wrong_usage(arguments, mentions):
    refused(USAGE, "bench", *arguments, mentions=mentions)
