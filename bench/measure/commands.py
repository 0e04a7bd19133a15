# SPDX-License-Identifier: MIT
"""Whole commands: compression of a text file, and the system calls of the hot loop."""
from __future__ import annotations

import hashlib
import os
import pathlib
import subprocess
import time
import typing

from . import samples
from .probes import ProbeError

MIB = 1 << 20
FOLDERS = ("/usr/include", "/usr/share")
LARGEST_PART = 4 * MIB


def is_text(head: bytes) -> bool:
    """Whether a file that begins with @head counts as text."""
    return b"\0" not in head and head[:2] != b"\x1f\x8b"


def make_text(path: pathlib.Path, size: int) -> str:
    """Write a file of this machine's texts, in a fixed order, repeated if they are too few. Returns its SHA-256."""
    digest = hashlib.sha256()
    if not path.exists() or path.stat().st_size != size:
        path.parent.mkdir(parents=True, exist_ok=True)
        names = sorted(os.path.join(folder, name) for top in FOLDERS
                       for folder, _, files in os.walk(top) for name in files)
        partial = path.with_suffix(".partial")
        with open(partial, "wb") as out:
            while out.tell() < size:
                before = out.tell()
                for name in names:
                    append_text(out, name, size)
                if out.tell() == before:
                    raise ProbeError(f"there is no text in {' or '.join(FOLDERS)}")
        partial.rename(path)
    with open(path, "rb") as file:
        while piece := file.read(MIB):
            digest.update(piece)
    return digest.hexdigest()


def append_text(out: typing.BinaryIO, name: str, size: int) -> None:
    """Append one file, if it is text and there is room."""
    room = size - out.tell()
    if room <= 0 or os.path.islink(name):
        return
    try:
        if os.path.isfile(name) and os.path.getsize(name) <= LARGEST_PART:
            with open(name, "rb") as file:
                content = file.read()
            if is_text(content[:4096]):
                out.write(content[:room])
    except OSError:
        pass


def cut(text: pathlib.Path, size: int) -> pathlib.Path:
    """The first @size bytes of @text, as a file."""
    if text.stat().st_size == size:
        return text
    path = text.with_name(f"text-{size // MIB}")
    with open(text, "rb") as whole, open(path, "wb") as part:
        part.write(whole.read(size))
    return path


def seconds_of(command: list[str], output: pathlib.Path) -> float:
    """Run a command with standard output to @output. Returns its time in seconds; a failure raises ProbeError."""
    with open(output, "wb") as out:
        begin = time.monotonic()
        done = subprocess.run(command, stdout=out, stderr=subprocess.PIPE, check=False)
        taken = time.monotonic() - begin
    if done.returncode:
        raise ProbeError(f"{' '.join(command)} ended with status {done.returncode}: "
                         f"{done.stderr.decode(errors='replace').strip()}")
    return taken


class Deflate:
    """`accel run deflate`, gzip and pigz."""

    def __init__(self, accel: pathlib.Path, text: pathlib.Path, add: samples.Samples) -> None:
        self._accel = str(accel)
        self._text = text
        self._samples = add
        self._file = text.with_name("compressed")

    def _commands(self, threads: int) -> dict[str, list[str]]:
        accel = [self._accel, "run", "deflate", "--workers", str(threads)]
        if threads == 0:
            accel = accel[:3]
        return {"accel": accel, "gzip": ["gzip", "-1", "-c"],
                "pigz": ["pigz", "-1", "-c", "-p", str(threads or 2)]}

    def _sample(self, name: str, what: str, command: list[str], text: pathlib.Path,
                output: pathlib.Path) -> None:
        taken = seconds_of([*command, str(text)], output)
        self._samples.add_value(f"command/{name}/{what}", "MB/s", text.stat().st_size / taken / 1e6)

    def sizes_of_output(self) -> None:
        """Measure the compression ratio of each command, and verify its output with gunzip."""
        for name, command in self._commands(0).items():
            seconds_of([*command, str(self._text)], self._file)
            self._samples.add_value(f"command/{name}/ratio", "ratio",
                                    self._text.stat().st_size / self._file.stat().st_size)
            with subprocess.Popen(["gunzip", "-c", str(self._file)],
                                  stdout=subprocess.PIPE) as unpack:
                same = subprocess.run(["cmp", "-s", "-", str(self._text)], stdin=unpack.stdout,
                                      check=False).returncode == 0
            if not same or unpack.returncode:
                raise ProbeError(f"{name}: gunzip does not restore the compressed file")

    def round(self) -> None:
        """Compress the file of the goal once with each command, to /dev/null and into a file."""
        for name, command in self._commands(0).items():
            self._sample(name, "to-null", command, self._text, pathlib.Path("/dev/null"))
            self._sample(name, "to-file", command, self._text, self._file)

    def by_size(self, megabytes: list[int]) -> None:
        """Compress a file of each size once."""
        for size in megabytes:
            part = cut(self._text, size * MIB)
            for name, command in self._commands(0).items():
                self._sample(name, f"size/{size}", command, part, pathlib.Path("/dev/null"))

    def by_threads(self) -> None:
        """Compress once with one thread and once with two."""
        for threads in (1, 2):
            for name, command in self._commands(threads).items():
                if name != "gzip":
                    self._sample(name, f"threads/{threads}", command, self._text,
                                 pathlib.Path("/dev/null"))

    def clean(self) -> None:
        """Remove the compressed file."""
        self._file.unlink(missing_ok=True)


def count_calls(probe: pathlib.Path, operations: int, log: pathlib.Path) -> int:
    """Count all system calls of the hot loop's program with strace."""
    done = subprocess.run(["strace", "-f", "-c", "-o", str(log), str(probe), "hot-loop", str(operations)],
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise ProbeError(f"strace ended with status {done.returncode}: {done.stderr.strip()}")
    for line in log.read_text(encoding="utf-8").splitlines():
        words = line.split()
        if words and words[-1] == "total":
            return int(words[3])
    raise ProbeError("strace counted nothing")


def system_calls(probe: pathlib.Path, log: pathlib.Path, add: samples.Samples) -> None:
    """Measure the additional system calls of a million operations, three times. All three figures are kept: the
    scheduler may preempt a thread for longer than the other one spins, which adds system calls."""
    few, many = 100_000, 1_100_000
    for _ in range(3):
        more = count_calls(probe, many, log) - count_calls(probe, few, log)
        add.add_value("soft/hot-loop/system-calls", "calls", max(0, more))
