# SPDX-License-Identifier: MIT
"""top: counters that other processes publish, on a terminal and elsewhere, and forged counters."""
import contextlib
import json
import os
import re
import struct
import subprocess
import time

import pytest

from conftest import ACCEL, SANITIZED, USAGE, good, in_order, refused

MAGIC = 0x31746E756F434341


@contextlib.contextmanager
def worker(*arguments):
    """A process that publishes counters until the end of the block."""
    with subprocess.Popen([ACCEL, "bench", "soft0", "--counters", "--op", "copy", "--size", "64", "--seconds", "600",
                           *arguments], stdout=subprocess.DEVNULL) as process:
        try:
            wait_for(lambda: any("accel-counters" in link(process.pid, fd) for fd in files(process.pid)))
            yield process
        finally:
            process.kill()


def files(pid):
    return os.listdir(f"/proc/{pid}/fd")


def link(pid, fd):
    try:
        return os.readlink(f"/proc/{pid}/fd/{fd}")
    except OSError:
        return ""


def wait_for(condition, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "the condition stays false"
        time.sleep(0.05)


def looks(count, *arguments):
    lines = good("top", "--count", count, "--interval", "0.3", "--json", *arguments).text.splitlines()
    assert len(lines) == count
    return [json.loads(line)["devices"] for line in lines]


def of(devices, pid):
    return [device for device in devices if device["pid"] == pid]


def test_a_working_process_is_shown():
    pair = []

    def works():
        pair[:] = [device for devices in looks(2) for device in of(devices, process.pid)]
        return len(pair) == 2 and pair[1]["total"]["completed"] > pair[0]["total"]["completed"] > 0
    with worker() as process:
        wait_for(works)
    first, second = pair
    assert first["process"] == "accel" and first["device"] == "soft0" and first["workers"] >= 1
    (queue,) = second["queues"]
    assert queue["entries"] == 64 and queue["parallel"] == 1 and queue["queue"] == 1
    assert queue["operations-per-second"] > 0 and queue["faults"] == 0
    assert queue["bytes-per-second"] == pytest.approx(64 * queue["operations-per-second"])
    assert second["total"]["operations-per-second"] == pytest.approx(queue["operations-per-second"])


def test_a_process_without_the_option_is_not_shown():
    with subprocess.Popen([ACCEL, "bench", "soft0", "--op", "nop", "--seconds", "600"],
                          stdout=subprocess.DEVNULL) as process:
        try:
            wait_for(lambda: len(os.listdir(f"/proc/{process.pid}/task")) > 1)
            assert not of(looks(1)[0], process.pid)
        finally:
            process.kill()


def test_blocks_without_a_terminal():
    with worker() as process:
        text = good("top", "--count", 2, "--interval", "0.2").text
    blocks = text.split("\n\n")
    assert len(blocks) == 2 and "\033" not in text
    for block in blocks:
        heading = block.splitlines()[0].split()
        assert heading[:4] == ["PID", "PROCESS", "DEVICE", "QUEUE"] and heading[-1] == "SPINS/S"
        assert any(line.split()[:4] == [str(process.pid), "accel", "soft0", "all"] for line in block.splitlines())


def publish(content, name="accel-counters"):
    """A file with the name of a published one and with that content; it exists until it is closed."""
    fd = os.memfd_create(name)
    os.pwrite(fd, content, 0)
    return fd


def head(**changes):
    """A valid head. Its time is 2.5 s ahead: the program ignores more than 3 s, and takes time to start."""
    values = {"magic": MAGIC, "sequence": 2, "time": time.monotonic_ns() + 2_500_000_000, "pid": os.getpid(),
              "workers": 1, "size": 128, "count": 1, "device": b"liar", **changes}
    return struct.pack("<QQQIIII32sQ48x", *(values[name] for name in ("magic", "sequence", "time", "pid", "workers",
                       "size", "count", "device")), 0)


@contextlib.contextmanager
def lie(content):
    fd = publish(content)
    try:
        yield
    finally:
        os.close(fd)


def mine():
    return of(looks(1)[0], os.getpid())


def test_the_format_is_read():
    with lie(head(count=2) + struct.pack("<QIIII", 0, 0, 0, 0, 0).ljust(128, b"\0") +
             struct.pack("<QIIII", 7, 64, 2, 3, 1).ljust(128, b"\0")):
        (device,) = mine()
    assert device["device"] == "liar"
    assert device["queues"][0]["queue"] == 7 and device["queues"][0]["depth"] == 3


@pytest.mark.parametrize("content", [b"", b"\0", b"\xff" * 4096], ids=range(3))
def test_random_content_is_not_shown(content):
    with lie(content):
        assert mine() == []


@pytest.mark.parametrize("change", [
    {"magic": 1}, {"sequence": 3}, {"count": 0}, {"count": 0xFFFFFFFF}, {"size": 0}, {"size": 0xFFFFFFFF},
    {"size": 127}, {"count": 2}, {"time": 0}, {"time": 1 << 63}, {"time": (1 << 64) - 1}], ids=str)
def test_a_wrong_head_is_not_shown(change):
    with lie(head(**change) + bytes(128)):
        assert mine() == []


def test_a_head_without_its_queues_is_not_shown():
    with lie(head()):
        assert mine() == []


def test_wild_numbers_and_names_do_no_harm():
    with lie(head(device=b"\x1b[2J\xff<>\n" + b"x" * 25, workers=0xFFFFFFFF) + b"\xff" * 128):
        (device,) = mine()
        text = good("top", "--count", 1, "--interval", "0.2").text
    assert device["device"].startswith("?[2J?<>?x") and len(device["device"]) == 32
    assert "\033" not in text


def test_other_things_of_that_name_are_left_alone(tmp_path):
    """Opening a pipe would wait for a writer without end."""
    fifo = tmp_path / "accel-counters"
    os.mkfifo(fifo)
    fd = os.open(fifo, os.O_RDWR)
    try:
        assert mine() == []
    finally:
        os.close(fd)


@contextlib.contextmanager
def forger(count, content, body="time.sleep(600)"):
    """A process with many files that begin with this content."""
    code = f"""import os, resource, sys, time
hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 8192), hard))
content, files = sys.stdin.buffer.read(), []
try:
    for i in range({count}):
        files.append(os.memfd_create("accel-counters"))
        os.write(files[-1], content)
        os.ftruncate(files[-1], 1 << 27)
except OSError:
    pass
print(len(files), flush=True)
{body}
"""
    with subprocess.Popen(["python3", "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        try:
            process.stdin.write(content)
            process.stdin.close()
            assert int(process.stdout.readline()) > 500
            yield process
        finally:
            process.kill()


def far(**changes):
    """A head that stays valid for longer than a slow search takes."""
    return head(**{"time": time.monotonic_ns() + 2_900_000_000, **changes})


# Without bounds each of these takes more than ten seconds.
@pytest.mark.parametrize("content", [
    {"count": 16384, "size": 4096}, {"count": 16384}, {"count": 1025}, {"count": 1, "sequence": 1}], ids=str)
@pytest.mark.parametrize("again", [False, True])
def test_many_forged_files_cost_little_time(content, again):
    body = "time.sleep(600)"
    if again:
        # All files stay valid and are being written all the time.
        body = """import struct
while True:
    for n, fd in enumerate(files):
        os.pwrite(fd, struct.pack("<QQ", n, time.monotonic_ns()), 8)"""
    with forger(4000, far(**content), body):
        begin = time.monotonic()
        good("top", "--count", 1, "--interval", "0.2")
        assert time.monotonic() - begin < (60 if SANITIZED else 8)


def test_left_out_files_are_reported():
    with forger(600, far()):
        answer = json.loads(good("top", "--count", 1, "--interval", "0.2", "--json").text)
        text = good("top", "--count", 1, "--interval", "0.2").text
    assert answer["left-out"] > 0 and re.search(r"left.out\D*[1-9]", text)
    assert len(answer["devices"]) <= 64


def test_nothing_of_a_normal_user_is_left_out():
    with worker() as process:
        wait_for(lambda: of(looks(1)[0], process.pid))
        answer = json.loads(good("top", "--count", 1, "--interval", "0.2", "--json").text)
    assert answer["left-out"] == 0


class Terminal:
    """A tmux server with one window of 100 columns and 20 lines."""

    def __init__(self, folder, command):
        self.socket = folder / "tmux"
        self.tmux("-f", "/dev/null", "new-session", "-d", "-x", "100", "-y", "20",
                  f"trap : INT; {command}; echo END $?; stty -a; read x")

    def tmux(self, *arguments):
        return subprocess.run(["tmux", "-S", self.socket, *arguments], check=True, capture_output=True, text=True,
                              env={**os.environ, "LC_ALL": "C.UTF-8"}, timeout=60).stdout

    def text(self):
        return self.tmux("capture-pane", "-p")


@pytest.mark.parametrize("end", ["q", "C-c"])
def test_in_a_terminal(tmp_path, end):
    with worker() as process:
        terminal = Terminal(tmp_path, f"{ACCEL} top --interval 0.2")
        try:
            wait_for(lambda: f"{process.pid} " in terminal.text())
            text = terminal.text()
            assert text.startswith("accel top") and "0.2 s" in text and "OPS/S" in text and " all " in text
            terminal.tmux("resize-window", "-x", "40", "-y", "5")
            wait_for(lambda: max(map(len, terminal.text().splitlines())) <= 40 and "PID" in terminal.text())
            terminal.tmux("resize-window", "-x", "120", "-y", "24")
            wait_for(lambda: "SPINS/S" in terminal.text())
            terminal.tmux("send-keys", end)
            # The shell prints the status, then the settings of the terminal.
            wait_for(lambda: "END" in terminal.text() and "icanon" in terminal.text())
            text = terminal.text()
            assert ("END 0" if end == "q" else "END 130") in text and "OPS/S" not in text
            assert " icanon" in text and " echo " in text, "the terminal is as it was"
        finally:
            terminal.tmux("kill-server")


@pytest.mark.parametrize("arguments, mentions", [
    (["--interval", "0.1"], ["--interval", in_order(0.2, 3600)]), (["--count", "0"], ["--count", "'0'"]),
    (["soft0"], "soft0")])
def test_wrong_usage(arguments, mentions):
    refused(USAGE, "top", *arguments, mentions=mentions)
