# SPDX-License-Identifier: MIT
"""A file of 300 MiB: correct results, in memory that does not depend on the length of the file."""
import os
import subprocess

import pytest

from conftest import ACCEL, SANITIZED, good

MIB = 1 << 20
# A sanitizer makes the work ten times as long, and adds its own memory.
SIZE = (24 if SANITIZED else 300) * MIB
BOUND = None if SANITIZED else 200 * MIB


@pytest.fixture(scope="module", name="large")
def make_large(tmp_path_factory):
    """Files of this machine, repeated up to SIZE."""
    path = tmp_path_factory.mktemp("large") / "file"
    subprocess.run(["bash", "-c", f"""
        cd /usr && find include share/doc lib/python3 -type f -size -4M -print0 2>/dev/null |
        LC_ALL=C sort -z | xargs -0 cat 2>/dev/null | head -c {64 * MIB} >'{path}.part'
        while (($(stat -c %s '{path}' 2>/dev/null || echo 0) < {SIZE})); do cat '{path}.part' >>'{path}'; done
        truncate -s {SIZE} '{path}'; rm '{path}.part'"""], check=True)
    assert path.stat().st_size == SIZE
    yield path
    path.unlink()


def peak(arguments, **keywords):
    """Runs the program; returns its peak resident memory in bytes."""
    process = subprocess.Popen([ACCEL, *map(str, arguments)], **keywords)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return usage.ru_maxrss * 1024


def check(name, memory):
    print(f"{name}: {SIZE // MIB} MiB, peak {memory / MIB:.0f} MiB")
    assert BOUND is None or memory <= BOUND


def test_deflate_and_inflate(large, tmp_path):
    packed, unpacked = tmp_path / "packed.gz", tmp_path / "unpacked"
    check("deflate", peak(["run", "deflate", large, "-o", packed]))
    subprocess.run(["bash", "-o", "pipefail", "-c", f"gunzip -c '{packed}' | cmp - '{large}'"], check=True)
    check("inflate", peak(["run", "inflate", packed, "-o", unpacked]))
    subprocess.run(["cmp", unpacked, large], check=True)


def test_inflate_of_output_of_gzip(large, tmp_path):
    packed = tmp_path / "packed.gz"
    with open(packed, "wb") as out:
        subprocess.run(["gzip", "-1", "-c", large], check=True, stdout=out)
    subprocess.run(["bash", "-o", "pipefail", "-c", f"'{ACCEL}' run inflate '{packed}' | cmp - '{large}'"],
                   check=True)


def test_pipe(large):
    subprocess.run(["bash", "-o", "pipefail", "-c",
                    f"cat '{large}' | '{ACCEL}' run deflate - -o - | gunzip | cmp - '{large}'"], check=True)


def test_the_others(large, tmp_path):
    copy = tmp_path / "copy"
    check("copy", peak(["run", "copy", large, "-o", copy]))
    check("compare", peak(["run", "compare", large, copy]))
    check("crc32c", peak(["run", "crc32c", large], stdout=subprocess.DEVNULL))
    assert good("run", "crc32c", large).text.split()[0] == \
        good("run", "crc32c", copy, "--chunk", "16M").text.split()[0]
    check("fill", peak(["run", "fill", "-s", SIZE, "-p", "a5", "-o", copy]))
    assert copy.stat().st_size == SIZE


def test_many_workers_need_no_more_than_the_bound(large):
    check("deflate with 64 workers",
          peak(["run", "deflate", large, "-o", "/dev/null", "--workers", "64", "--chunk", "16M"]))
