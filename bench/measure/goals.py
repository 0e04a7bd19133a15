# SPDX-License-Identifier: MIT
"""The goals, and the verdict on each figure."""
from __future__ import annotations

import dataclasses
import typing

import numpy

from .samples import CLASSES, FAR, NEAR, ONE, Figure, Samples, interval

MET, NOT_MET, NOT_MEASURED = "met", "not met", "not measured"
# A figure with fewer samples of two threads is not compared with a goal.
FEW = 5


@dataclasses.dataclass
class Judgement:
    """One figure and its goal."""
    goal: str
    what: str
    name: str  # the class
    limit: float
    at_most: bool
    unit: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    count: str = ""

    @property
    def verdict(self) -> str:
        """Whether the figure meets the goal."""
        if self.value is None:
            return NOT_MEASURED
        return MET if (self.value <= self.limit if self.at_most else self.value >= self.limit) else NOT_MET

    @property
    def demand(self) -> str:
        """The limit with its relation and unit."""
        return f"{'≤' if self.at_most else '≥'} {self.limit:g}{' ' + self.unit if self.unit else ''}"

    @property
    def figure(self) -> str:
        """The figure with its unit."""
        return "–" if self.value is None else f"{self.value:.3g}{' ' + self.unit if self.unit else ''}"

    @property
    def spread(self) -> str:
        """The 95 percent interval of the figure."""
        if self.low is None or self.high is None:
            return ""
        return f"{self.low:.3g} – {self.high:.3g}"


class Table:
    """Collects the figures of all goals."""

    def __init__(self, samples: Samples) -> None:
        self._samples = samples
        self.rows: list[Judgement] = []

    def _row(self, goal: str, what: str, name: str, limit: float, at_most: bool,
             unit: str = "") -> Judgement:
        row = Judgement(goal, what, name, limit, at_most, unit)
        self.rows.append(row)
        return row

    def _get(self, case: str, name: str) -> Figure | None:
        """The figure of a case in a class, if it has enough samples."""
        figure = self._samples.get(case, name)
        return None if figure and figure.trips is not None and figure.count < FEW else figure

    def trips(self, goal: str, what: str, case: str, limits: dict[str, float]) -> None:
        """A goal on a case in ping-pongs: at most the limit."""
        for name, limit in limits.items():
            row = self._row(goal, what, name, limit, True, "pp")
            figure = self._get(case, name)
            ratio = figure.in_trips() if figure else None
            if ratio:
                row.value = ratio.median
                row.low, row.high = interval(ratio)
                row.count = str(ratio.count)

    def ratio(self, goal: str, what: str, top: str, bottom: str, limits: dict[str, float],
              at_most: bool = True) -> None:
        """A goal on the median of one case divided by that of another."""
        for name, limit in limits.items():
            row = self._row(goal, what, name, limit, at_most, "×")
            above, below = self._get(top, name), self._get(bottom, name)
            if above and below:
                row.value = above.median / below.median
                row.low, row.high = interval(above, below)
                row.count = f"{above.count} / {below.count}"

    def best(self, *cases: str) -> str:
        """The case with the lowest median: the comparison uses the best figure of a peer."""
        def median(case: str) -> float:
            figure = self._samples.get(case, ONE)
            return figure.median if figure else float("inf")
        return min(cases, key=median)

    def plain(self, goal: str, what: str, case: str, limit: float, unit: str,
              pick: typing.Callable[[Figure], float] = lambda figure: figure.median) -> None:
        """A goal on a number that belongs to no class: at most the limit."""
        row = self._row(goal, what, ONE, limit, True, unit)
        figure = self._samples.get(case, ONE)
        if figure:
            row.value = pick(figure)
            row.low, row.high = float(numpy.min(figure.values)), float(numpy.max(figure.values))
            row.count = str(figure.count)


def both(limit: float) -> dict[str, float]:
    """The same limit in both classes."""
    return {name: limit for name in CLASSES}


def ring_goals(table: Table) -> None:
    """G1 to G5."""
    soft, dma = "soft/copy", "dma/copy"
    table.trips("G1", "64 B copy, depth 1, worker", f"{soft}/64/qd1/worker", both(1.5))
    table.ratio("G1", "same, time relative to dma_skeleton", f"{soft}/64/qd1/worker", f"{dma}/64/qd1",
                both(0.65))
    for depth, words in (("qd64", "64 at a time"), ("qd64w", "64 in flight")):
        table.ratio("G2", f"64 B copy, {words}: throughput relative to dma_skeleton", f"{dma}/64/{depth}",
                    f"{soft}/64/{depth}/worker", both(5), at_most=False)
        table.trips("G2", f"64 B copy, {words}", f"{soft}/64/{depth}/worker",
                    {NEAR: 0.15, FAR: 0.07})
    table.ratio("G3", "4 KiB copy, 64 in flight: time relative to the worker's bare memcpy",
                f"{soft}/4096/qd64w/worker", "bare/memcpy/4096/worker", both(1.15))
    table.ratio("G3", "same, throughput relative to dma_skeleton", f"{dma}/4096/qd64w",
                f"{soft}/4096/qd64w/worker", {NEAR: 1.8, FAR: 4}, at_most=False)
    table.trips("G4", "64 B copy, empty queue, inline", f"{soft}/64/qd1/inline", {NEAR: 0.12})
    table.ratio("G4", "4 KiB copy, empty queue, inline: time relative to the caller's memcpy",
                f"{soft}/4096/qd1/inline", "bare/memcpy/4096/caller", both(2))
    table.ratio("G5", "nop, 64 at a time, worker: throughput relative to io_uring",
                table.best("uring/nop/qd64/plain", "uring/nop/qd64/deferred"), "soft/nop/qd64/worker",
                {NEAR: 10, FAR: 3}, at_most=False)
    table.plain("G5", "additional system calls of a million operations", "soft/hot-loop/system-calls", 0,
                "calls", lambda figure: float(numpy.min(figure.values)))


def call_goals(table: Table) -> None:
    """G6 to G8."""
    table.ratio("G6", "publish one 64 B descriptor: speed relative to rte_ring", "rte_ring/post/burst1",
                "soft/post/burst1", both(3), at_most=False)
    table.ratio("G6", "publish 32 at a time: speed relative to rte_ring", "rte_ring/post/burst32",
                "soft/post/burst32", both(1), at_most=False)
    table.trips("G7", "wait() for a completion that arrives while it spins", "soft/wait/nop", both(2))
    table.plain("G7", "doorbells of an idle queue that receives work, maximum", "soft/edge/kicks", 1, "calls",
                lambda figure: float(numpy.max(figure.values)))
    one = {ONE: 1.15}
    table.ratio("G8", "encode a call: time relative to filling a structure", "attribute/encode",
                "attribute/fill-fixed", one)
    table.ratio("G8", "same, each with a null ioctl", "attribute/encode+ioctl",
                "attribute/fill-fixed+ioctl", one)
    for call in ("device.query", "queue.query"):
        table.ratio("G8", f"{call} on soft0: time relative to a null ioctl", f"attribute/{call}",
                    "attribute/null-ioctl", {ONE: 1})
        table.plain("G8", f"allocations of {call}", f"attribute/{call}/allocations", 0.001, "")


def work_goals(table: Table) -> None:
    """G9 to G11."""
    table.ratio("G9", "crc32c of 4 KiB, inline: time relative to bare ISA-L", "inline/crc32c/4096",
                "bare/crc32c/4096", {ONE: 1.10})
    table.ratio("G9", "copy and crc32c of 4 KiB, inline: time relative to crc32c alone", "inline/copy-crc32c/4096",
                "inline/crc32c/4096", {ONE: 1.2})
    for where in ("to-null", "to-file"):
        for peer, limit in (("gzip", 3.5), ("pigz", 1.2)):
            table.ratio("G10", f"accel run deflate {where}: throughput relative to {peer} -1",
                        f"command/accel/{where}", f"command/{peer}/{where}", {ONE: limit},
                        at_most=False)
    for peer in ("gzip", "pigz"):
        table.ratio("G10", f"accel run deflate: compression ratio relative to {peer} -1", "command/accel/ratio",
                    f"command/{peer}/ratio", {ONE: 0.92}, at_most=False)
    for kind in ("f32", "s8"):
        table.ratio("G10", f"matmul 1024³ {kind}, one worker: throughput relative to the peak",
                    f"soft/matmul/{kind}/1024", f"peak/{kind}", {ONE: 0.88}, at_most=False)
    for count in (16, 256):
        table.ratio("G11", f"{count} busy queues on one worker: time relative to one queue",
                    f"soft/queues/busy/{count}", "soft/queues/busy/1", both(1.5))
    table.plain("G11", "memory of an idle queue, with its ring of 64 entries", "memory/idle-queue", 64, "KiB")
    # Less than the smallest allocation for each cycle.
    table.plain("G11", "memory not freed after 10 000 queues", "memory/cycles-rss", 128, "KiB")
    table.plain("G11", "files not closed after 10 000 queues", "memory/cycles-files", 0, "files")


def kick_goals(table: Table) -> None:
    """G12."""
    table.ratio("G12", "kick by a system call, two threads on two queues of a device: time relative to one thread",
                "kick/two-threads", "kick/one-thread", both(1.3))


def judge(samples: Samples) -> list[Judgement]:
    """Every goal."""
    table = Table(samples)
    ring_goals(table)
    call_goals(table)
    work_goals(table)
    kick_goals(table)
    return table.rows
