# SPDX-License-Identifier: MIT
"""Signals, broken pipes and terminals."""
import os
import pty
import re
import signal
import subprocess
import time

import pytest

from conftest import ACCEL, only


def until(condition, seconds=60):
    """Waits until the condition is true; returns False after the time limit."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.01)
    return False


@pytest.mark.parametrize("number", [
    signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGALRM, signal.SIGXCPU, signal.SIGUSR1,
    signal.SIGUSR2])
@pytest.mark.parametrize("before", [None, b"before"])
def test_a_signal_removes_an_incomplete_output(tmp_path, number, before):
    out = tmp_path / "out"
    if before:
        out.write_bytes(before)
    with subprocess.Popen(["prlimit", "--core=0", ACCEL, "run", "deflate", "-", "-o", out],
                          stdin=subprocess.PIPE) as child:
        child.stdin.write(bytes(5_000_000))
        child.stdin.flush()
        assert until(lambda: any(".accel-" in name for name in os.listdir(tmp_path)))
        child.send_signal(number)
        assert child.wait(60) == -number
    if before:
        assert out.read_bytes() == before
    assert only(tmp_path, *(["out"] if before else []))


def test_a_signal_that_was_ignored_stays_ignored(tmp_path):
    with subprocess.Popen(["nohup", ACCEL, "run", "copy", "-", "-o", tmp_path / "out"],
                          stdin=subprocess.PIPE, stderr=subprocess.DEVNULL) as child:
        child.stdin.write(bytes(100))
        child.stdin.flush()
        assert until(lambda: any(".accel-" in name for name in os.listdir(tmp_path)))
        child.send_signal(signal.SIGHUP)
        child.stdin.close()
        assert child.wait(60) == 0
    assert (tmp_path / "out").read_bytes() == bytes(100)


@pytest.mark.parametrize("arguments", [
    ["run", "deflate", "/dev/zero"], ["run", "copy", "/dev/zero"], ["run", "fill", "-s", "1T"],
    ["run", "deflate", "/dev/zero", "-o", "/dev/stdout"]])
def test_a_broken_pipe_is_quiet(arguments):
    with subprocess.Popen([ACCEL, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        assert child.stdout.read(10)
        child.stdout.close()
        assert child.wait(60) == -signal.SIGPIPE
        assert child.stderr.read() == b""


@pytest.mark.parametrize("arguments", [["list"], ["uabi", "show", "soft0"], ["errors"]])
def test_a_broken_pipe_of_text_is_quiet(arguments):
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run([ACCEL, *arguments], stdout=write, stderr=subprocess.PIPE, check=False)
    os.close(write)
    assert done.returncode == -signal.SIGPIPE and done.stderr == b""


def test_a_broken_pipe_where_the_signal_is_ignored():
    script = f"trap '' PIPE; '{ACCEL}' run deflate /dev/zero; echo $? >&2"
    with subprocess.Popen(["bash", "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        assert child.stdout.read(10)
        child.stdout.close()
        assert child.stderr.read() == b"141\n"


def on_terminal(arguments, feed, environment=None):
    """Runs the program with standard error on a terminal, and feed(process); returns the output of the terminal."""
    ours, theirs = pty.openpty()
    with subprocess.Popen([ACCEL, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=theirs,
                          env={**os.environ, "TERM": "xterm", "NO_COLOR": "", **(environment or {})}) as child:
        os.close(theirs)
        feed(child)
        seen = b""
        try:
            while piece := os.read(ours, 65536):
                seen += piece
        except OSError:
            pass  # the program has closed the terminal
        child.stdin.close()
        assert child.wait(60) == 0
    os.close(ours)
    return seen.decode()


def drip(child):
    """Feeds the program slowly, so that it shows its progress."""
    for _ in range(12):
        child.stdin.write(bytes(1 << 20))
        child.stdin.flush()
        time.sleep(0.1)
    child.stdin.close()


def test_progress_of_an_unknown_length(tmp_path):
    seen = on_terminal(["run", "copy", "-", "-o", tmp_path / "out"], drip)
    assert "\r" in seen and "MiB" in seen and "/s" in seen and "\x1b[K" in seen
    assert re.search(r"(?<!\w)12 \w", seen), "a terminal gets the summary, too"


def test_progress_of_a_file(data):
    def sip(child):
        while child.stdout.read(1 << 20):
            time.sleep(0.08)
    seen = on_terminal(["run", "copy", data(15 << 20)], sip)
    assert "15.0 MiB" in seen and re.search(r"\d+ % \[=*", seen) and re.search(r"\d:\d\d", seen)


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_no_progress_without_escape_sequences(tmp_path, environment):
    seen = on_terminal(["run", "copy", "-", "-o", tmp_path / "out"], drip, environment)
    assert "\x1b" not in seen


def test_short_work_shows_no_progress(data):
    begin = time.monotonic()
    seen = on_terminal(["run", "copy", data(100)], lambda child: child.stdout.read())
    assert "\x1b" not in seen or time.monotonic() - begin > 0.5


def test_data_is_not_written_to_a_terminal(data):
    ours, theirs = pty.openpty()
    done = subprocess.run([ACCEL, "run", "deflate", data(10)], stdout=theirs, stderr=subprocess.PIPE,
                          check=False)
    assert done.returncode == 2 and b"-o" in done.stderr
    done = subprocess.run([ACCEL, "run", "deflate"], stdin=theirs, capture_output=True, check=False)
    assert done.returncode == 2 and b"FILE" in done.stderr
    done = subprocess.run([ACCEL, "list"], stdout=theirs, stderr=subprocess.PIPE, check=False,
                          env={**os.environ, "TERM": "xterm", "NO_COLOR": ""})
    assert done.returncode == 0 and b"\x1b[32m" in os.read(ours, 65536)
    os.close(theirs)
    os.close(ours)
