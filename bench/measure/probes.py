# SPDX-License-Identifier: MIT
"""The probes: programs that run for the whole measurement and are asked for samples in turn."""
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
    """A probe crashed, hung, or printed nothing."""


class Probe:
    """One running probe. @every: it takes part in every @every-th round."""

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
                raise ProbeError(f"{self.name} printed nothing for {PATIENCE:.0f} seconds")
            piece = os.read(self._process.stdout.fileno(), 65536)
            if not piece:
                raise ProbeError(f"{self.name} ended with status {self._process.wait()}")
            self._buffer += piece
        line, self._buffer = self._buffer.split(b"\n", 1)
        return line

    def ask(self) -> list[dict[str, typing.Any]]:
        """Run one round. Returns all lines that the probe prints."""
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
                raise ProbeError(f"{self.name} printed {text[:80]!r}") from None
            if "end" in line:
                break
            lines.append(line)
        self.seconds += time.monotonic() - begin
        if not any("case" in line for line in lines):
            raise ProbeError(f"{self.name} printed nothing")
        return lines

    def stop(self) -> None:
        """End the probe and check its exit status."""
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
        """Kill the probe."""
        self._process.kill()
        self._process.wait()


def start_all(folder: pathlib.Path, text: pathlib.Path) -> list[Probe]:
    """Start all probes. Samples and rounds of each are chosen so that its cases take some seconds in total."""
    def program(name: str, *arguments: str) -> list[str]:
        return [str(folder / f"probe_{name}"), *arguments]

    # OpenBLAS 0.3.21 does not know newer processors and uses kernels of older ones for them.
    with open("/proc/cpuinfo", encoding="ascii") as file:
        core = "SkylakeX" if "avx512bw" in file.read() else "Haswell"
    probes: list[Probe] = []
    try:
        for name in ("ring", "floor", "dma", "uring", "post", "rte_ring", "wait", "kick", "engines",
                     "attribute"):
            probes.append(Probe(name, program(name), samples=2))
        probes.append(Probe("producers", program("producers"), every=2))
        probes.append(Probe("queues", program("queues"), every=2))
        probes.append(Probe("matmul", program("matmul"), every=2))
        probes.append(Probe("blas", program("blas"), every=2))
        probes.append(Probe("blas-coretype", program("blas"), every=2,
                            environment={"OPENBLAS_CORETYPE": core}))
        probes.append(Probe("deflate", program("deflate", str(text)), every=4))
    except BaseException:
        for probe in probes:
            probe.kill()
        raise
    return probes


def run_rounds(probes: list[Probe], rounds: int, seconds: float, add: typing.Callable[[dict[str, typing.Any]], None],
               progress: typing.Callable[[str], None]) -> int:
    """Ask all probes, in a different order each round, so that no probe always runs after the same other one. No
    round begins after @seconds. Returns the number of rounds."""
    order = random.Random(1)
    end = time.monotonic() + seconds
    done = 0
    try:
        for number in range(rounds):
            if time.monotonic() > end:
                progress(f"{seconds:.0f} seconds are over")
                break
            done += 1
            progress(f"round {number + 1} of {rounds}")
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
    """Run a probe that takes its samples once and ends; add all its lines."""
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
            raise ProbeError(f"{name} printed {text[:80]!r}") from None
        add(line)
