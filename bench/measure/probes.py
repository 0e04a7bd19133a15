# SPDX-License-Identifier: MIT
"""The probes: programs that stay, and are asked for samples in turn."""
from __future__ import annotations

import json
import os
import pathlib
import random
import selectors
import subprocess
import time
import typing

# A round of the slowest probe takes a second or two.
PATIENCE = 120.0


class ProbeError(Exception):
    """A probe crashed, hung, or said nothing."""


class Probe:
    """One probe that runs. @every: it takes part in every so-manieth round."""

    def __init__(self, name: str, command: list[str], every: int = 1, samples: int = 1,
                 environment: dict[str, str] | None = None) -> None:
        self.name = name
        self.every = every
        self.samples = samples
        self.seconds = 0.0
        self._process = subprocess.Popen(  # pylint: disable=consider-using-with
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            env=os.environ | (environment or {}))
        self._buffer = b""
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._process.stdout, selectors.EVENT_READ)

    def _line(self, end: float) -> bytes:
        while b"\n" not in self._buffer:
            if not self._selector.select(max(0.0, end - time.monotonic())):
                raise ProbeError(f"{self.name} said nothing for {PATIENCE:.0f} seconds")
            piece = os.read(self._process.stdout.fileno(), 65536)
            if not piece:
                raise ProbeError(f"{self.name} ended with status {self._process.wait()}")
            self._buffer += piece
        line, self._buffer = self._buffer.split(b"\n", 1)
        return line

    def ask(self) -> list[dict[str, typing.Any]]:
        """One round: all lines that the probe says."""
        begin = time.monotonic()
        try:
            self._process.stdin.write(b"%d\n" % self.samples)
            self._process.stdin.flush()
        except BrokenPipeError:
            raise ProbeError(f"{self.name} ended with status {self._process.wait()}") from None
        lines: list[dict[str, typing.Any]] = []
        while True:
            text = self._line(begin + PATIENCE)
            try:
                line = json.loads(text)
            except ValueError:
                raise ProbeError(f"{self.name} said {text[:80]!r}") from None
            if "end" in line:
                break
            lines.append(line)
        self.seconds += time.monotonic() - begin
        if not any("case" in line for line in lines):
            raise ProbeError(f"{self.name} said nothing")
        return lines

    def stop(self) -> None:
        """End it, and see that it ends well."""
        self._process.stdin.close()
        try:
            status = self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.kill()
            raise ProbeError(f"{self.name} did not end") from None
        self._selector.close()
        self._process.stdout.close()
        if status:
            raise ProbeError(f"{self.name} ended with status {status}")

    def kill(self) -> None:
        """End it, whatever it does."""
        self._process.kill()
        self._process.wait()


def start_all(folder: pathlib.Path, text: pathlib.Path) -> list[Probe]:
    """All probes, each asked for so many samples in so many of the rounds that its cases take some seconds."""
    def program(name: str, *arguments: str) -> list[str]:
        return [str(folder / f"probe_{name}"), *arguments]

    # OpenBLAS 0.3.21 does not know newer processors and takes kernels of older ones for them.
    with open("/proc/cpuinfo", encoding="ascii") as file:
        told = "SkylakeX" if "avx512bw" in file.read() else "Haswell"
    probes: list[Probe] = []
    try:
        for name in ("ring", "floor", "dma", "uring", "post", "rte_ring", "wait", "kick", "engines",
                     "attribute"):
            probes.append(Probe(name, program(name), samples=2))
        probes.append(Probe("producers", program("producers"), every=2))
        probes.append(Probe("queues", program("queues"), every=2))
        probes.append(Probe("matmul", program("matmul"), every=2))
        probes.append(Probe("blas", program("blas"), every=2))
        probes.append(Probe("blas-told", program("blas"), every=2,
                            environment={"OPENBLAS_CORETYPE": told}))
        probes.append(Probe("deflate", program("deflate", str(text)), every=4))
    except BaseException:
        for probe in probes:
            probe.kill()
        raise
    return probes


def run_rounds(probes: list[Probe], rounds: int, seconds: float, add: typing.Callable[[dict[str, typing.Any]], None],
               tell: typing.Callable[[str], None]) -> int:
    """Ask all, in another order each round, so that nobody always runs behind the same other. No round begins
    after so many seconds. Returns how many there were."""
    order = random.Random(1)
    end = time.monotonic() + seconds
    done = 0
    try:
        for number in range(rounds):
            if time.monotonic() > end:
                tell(f"{seconds:.0f} seconds are over")
                break
            done += 1
            tell(f"round {number + 1} of {rounds}")
            for probe in order.sample(probes, len(probes)):
                if number % probe.every == 0:
                    for line in probe.ask():
                        add(line)
        for probe in probes:
            probe.stop()
    except BaseException:
        for probe in probes:
            probe.kill()
        raise
    return done


def run_once(command: list[str], add: typing.Callable[[dict[str, typing.Any]], None]) -> None:
    """A probe that is no loop: all it says."""
    name = " ".join(command)
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, timeout=PATIENCE, check=False)
    except subprocess.TimeoutExpired:
        raise ProbeError(f"{name} did not end in {PATIENCE:.0f} seconds") from None
    if done.returncode or not done.stdout:
        raise ProbeError(f"{name} ended with status {done.returncode}")
    for text in done.stdout.splitlines():
        try:
            line = json.loads(text)
        except ValueError:
            raise ProbeError(f"{name} said {text[:80]!r}") from None
        add(line)
