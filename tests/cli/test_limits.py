# SPDX-License-Identifier: MIT
"""Too few file descriptors, too little memory, too few threads: an error message, never a crash."""
import errno
import os
import subprocess

import pytest

from conftest import ACCEL, DEVICE, FILE, OK, RESOURCES, SANITIZED, only, refused, run

ALLOWED = {OK, DEVICE, FILE, RESOURCES}


def check(result, tmp_path, file):
    """Requires success, or an error message and no output; never the message of a crash."""
    assert result.code in ALLOWED, result
    for word in ("terminate", "what()", "Aborted", "Segmentation"):
        assert word not in result.error, result
    if result.code == OK:
        (tmp_path / "out").unlink()
    else:
        assert result.error.startswith("accel: "), result
    assert only(tmp_path, file.name)
    return result.code


@pytest.mark.skipif(SANITIZED, reason="a sanitizer needs file descriptors of its own")
def test_file_descriptors(data, tmp_path):
    file = data(2_000_000)
    codes = [check(run("run", "deflate", file, "-o", tmp_path / "out",
                       prefix=["prlimit", f"--nofile={number}"]), tmp_path, file)
             for number in range(4, 24)]
    # With the least number, the input can be opened and the output cannot.
    assert codes[0] == RESOURCES and codes[-1] == OK
    assert codes == sorted(codes, key=lambda code: code == OK), "more descriptors never make it worse"


@pytest.mark.skipif(SANITIZED, reason="a sanitizer reserves address space without bounds")
def test_memory(data, tmp_path):
    file = data(2_000_000)
    codes = []
    for megabytes in range(16, 700, 12):
        result = run("run", "deflate", file, "-o", tmp_path / "out", "--workers", "2",
                     prefix=["prlimit", f"--as={megabytes << 20}"])
        # Below some size the dynamic loader fails.
        if result.code == 127 and "shared librar" in result.error:
            continue
        codes.append(check(result, tmp_path, file))
    assert codes and codes[0] != OK and codes[-1] == OK


def one_process():
    """A command prefix that allows one thread only. The limit does not apply to root, so another user runs it."""
    limit = ["prlimit", "--nproc=1"]
    if os.geteuid():
        return limit
    prefix = ["setpriv", "--reuid=12345", "--regid=12345", "--clear-groups", *limit]
    if subprocess.run([*prefix, ACCEL, "version"], capture_output=True, check=False).returncode:
        pytest.skip("another user cannot run the program here")
    return prefix


@pytest.mark.skipif(SANITIZED, reason="a sanitizer may need threads of its own")
def test_threads():
    for arguments in (["copy", "/etc/passwd"], ["crc32c", "/etc/passwd"], ["matmul", "-m4", "-n4", "-k4"],
                      ["inflate", "/etc/passwd"]):
        refused(RESOURCES, "run", *arguments, prefix=one_process(), mentions="(ENOMEM, no-memory)")


@pytest.mark.skipif(SANITIZED, reason="a sanitizer reserves address space without bounds")
def test_no_memory_is_no_fault_of_the_device(data):
    """With too little memory the exit status is that of resources, also where the library cannot be loaded."""
    file = data(2_000_000)
    for megabytes in range(60, 400, 12):
        result = run("run", "crc32c", file, prefix=["prlimit", f"--as={megabytes << 20}"])
        if "ENOMEM" in result.error or "EMFILE" in result.error:
            assert result.code == RESOURCES, result
        assert not result.error.startswith(f"accel: {os.strerror(errno.EAGAIN)}"), "the resource must be named"


@pytest.mark.skipif(SANITIZED, reason="a sanitizer needs file descriptors of its own")
def test_every_command_without_file_descriptors():
    for arguments in (["list"], ["info", "soft0"], ["uabi", "show", "soft0"],
                      ["uabi", "call", "soft0", "event.create", "--fd", "eventfd"],
                      ["command", "self-test", "soft0"]):
        for number in (4, 5, 6, 7, 8, 10, 12):
            result = run(*arguments, prefix=["prlimit", f"--nofile={number}"])
            assert result.code in ALLOWED, result
            assert result.code == OK or result.error.startswith("accel: "), result


def test_the_program_is_what_is_tested():
    assert os.access(ACCEL, os.X_OK)
