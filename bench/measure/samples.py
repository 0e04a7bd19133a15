# SPDX-License-Identifier: MIT
"""Samples, the two classes of the machine, and statistics of samples.

The host may move a virtual machine's processors near to each other or far apart; far apart, the transfer of a cache
line takes several times as long. Therefore each sample of two threads is taken between two ping-pongs. It counts only
if they agree, and is compared only with samples of its class.
"""
from __future__ import annotations

import dataclasses
import math
import typing

import numpy

NEAR, FAR, ONE = "near", "far", "one"
CLASSES = (NEAR, FAR)
# The two ping-pongs around a sample may differ by this much.
AGREE = 0.15
# The border of near and far in a run that has only one of them. Nanoseconds.
USUAL_BORDER = 220.0
# A longer sample is expected to be preempted. Nanoseconds.
LONG = 5e6
# Two clusters are separate only if the median of one is at least this many times the other's.
APART = 1.8
# The least number of ping-pongs that can be split into clusters.
ENOUGH = 20
# A cluster with a smaller share of all ping-pongs is not a class.
RARE = 0.1
# If a run has a near cluster above this value, a cluster below it is two threads of one core. Nanoseconds.
ONE_CORE = 70.0


@dataclasses.dataclass
class Figure:
    """All samples of one case in one class."""
    unit: str
    values: numpy.ndarray
    trips: numpy.ndarray | None = None  # the ping-pong of each sample, ns

    @property
    def count(self) -> int:
        """The number of samples."""
        return len(self.values)

    @property
    def median(self) -> float:
        """The median of the samples."""
        return float(numpy.median(self.values))

    def percentile(self, percent: float) -> float:
        """The value below which @percent percent of the samples are."""
        return float(numpy.percentile(self.values, percent))

    def in_trips(self) -> Figure | None:
        """Each sample divided by its own ping-pong."""
        if self.trips is None:
            return None
        return Figure("pp", self.values / self.trips)


# The limits of a class; None: the run does not have the class.
Range = tuple[float, float] | None


@dataclasses.dataclass(frozen=True)
class Split:
    """The ranges of ping-pongs of the two classes, in nanoseconds."""
    near: Range = (0.0, USUAL_BORDER)
    far: Range = (USUAL_BORDER, math.inf)

    def name(self, trip_ns: float) -> str | None:
        """The class of a ping-pong; None: it belongs to no class."""
        for name, found in ((NEAR, self.near), (FAR, self.far)):
            if found and found[0] <= trip_ns < found[1]:
                return name
        return None


class Samples:
    """All samples of the probes, sorted into cases and classes."""

    def __init__(self) -> None:
        self._lines: dict[str, list[dict[str, typing.Any]]] = {}
        self.facts: dict[str, str] = {}
        self.dropped: dict[str, int] = {}
        self.aside = 0  # of the dropped samples, those in which a thread was preempted
        self.split = Split()
        self.outside: list[float] = []  # ping-pongs of samples that belong to no class
        self._figures: dict[str, dict[str, Figure]] = {}

    def add(self, line: dict[str, typing.Any]) -> None:
        """Add one line of a probe."""
        if "fact" in line:
            self.facts[line["fact"]] = line["text"]
        else:
            self._lines.setdefault(line["case"], []).append(line)

    def add_value(self, case: str, unit: str, value: float) -> None:
        """Add a sample that no probe took."""
        self.add({"case": case, "unit": unit, "value": value})

    def finish(self) -> None:
        """Drop unusable samples and sort the others into classes. Call it once, after the last add()."""
        trips = []
        for lines in self._lines.values():
            trips += [trip(line) for line in lines if "before" in line and agree(line)]
        self.split = find_split(trips)
        self.outside = [ns for ns in trips if self.split.name(ns) is None]
        for case, lines in self._lines.items():
            kept = [line for line in lines if not is_aside(line) and ("before" not in line or agree(line))
                    and not self._is_stray(line)]
            self.dropped[case] = len(lines) - len(kept)
            self.aside += sum(is_aside(line) for line in lines)
            self._figures[case] = self._classify(kept)

    def _is_stray(self, line: dict[str, typing.Any]) -> bool:
        """Whether a sample is in no class of the run."""
        return "before" in line and self.split.name(trip(line)) is None

    def _classify(self, lines: list[dict[str, typing.Any]]) -> dict[str, Figure]:
        classes: dict[str, list[dict[str, typing.Any]]] = {}
        for line in lines:
            name = self.split.name(trip(line)) if "before" in line else ONE
            assert name  # strays were dropped before
            classes.setdefault(name, []).append(line)
        return {name: Figure(members[0]["unit"], numpy.array([m["value"] for m in members]),
                             None if name == ONE else numpy.array([trip(m) for m in members]))
                for name, members in sorted(classes.items())}

    def cases(self) -> list[str]:
        """The names of all cases."""
        return sorted(self._figures)

    def classes_of(self, case: str) -> dict[str, Figure]:
        """The figures of one case, by class."""
        return self._figures.get(case, {})

    def get(self, case: str, name: str) -> Figure | None:
        """The samples of a case in a class; those of one thread belong to each class."""
        classes = self.classes_of(case)
        return classes.get(name) or classes.get(ONE)

    def extra(self, case: str, key: str) -> list[float]:
        """Additional values that the probe printed with its samples."""
        return [line[key] for line in self._lines.get(case, []) if key in line]

    def trip_of(self, name: str) -> Figure | None:
        """All ping-pongs of a class."""
        found = [figure.trips for classes in self._figures.values()
                 for key, figure in classes.items() if key == name and figure.trips is not None]
        return Figure("ns", numpy.concatenate(found)) if found else None

    def to_json(self) -> dict[str, typing.Any]:
        """All figures, for the file of the run."""
        return {case: {name: describe(figure) for name, figure in classes.items()}
                | {"dropped": self.dropped[case]} for case, classes in sorted(self._figures.items())}


def trip(line: dict[str, typing.Any]) -> float:
    """The ping-pong of a sample: the mean of the one before and the one after it."""
    return (line["before"] + line["after"]) / 2


def is_aside(line: dict[str, typing.Any]) -> bool:
    """Whether the system gave a processor of the sample to another thread. Two kinds of samples are exempt: the threads
    of the probe with several producers preempt one another, which is what it measures; and samples of many
    milliseconds are usually preempted."""
    return (line.get("aside", 0) > 0 and not line["case"].startswith("soft/producers/")
            and line.get("ns", 0.0) < LONG)


def agree(line: dict[str, typing.Any]) -> bool:
    """Whether the ping-pongs before and after a sample agree."""
    low, high = sorted((line["before"], line["after"]))
    return high <= low * (1 + AGREE)


def clusters(trips: numpy.ndarray) -> list[numpy.ndarray]:
    """Split sorted ping-pongs recursively at the cut that yields the two most compact parts."""
    logs = numpy.log(trips)
    n = len(logs)
    if n < ENOUGH:
        return [trips]
    sums = numpy.cumsum(logs)
    counts = numpy.arange(1, n)
    low = sums[:-1] / counts
    high = (sums[-1] - sums[:-1]) / (n - counts)
    between = counts * (n - counts) * (high - low) ** 2
    few = max(3, n // 50)
    between[:few - 1] = 0
    between[1 - few:] = 0
    cut = int(numpy.argmax(between)) + 1
    # Medians, so that a few strays do not turn the values next to them into a class.
    if numpy.median(trips[cut:]) < APART * numpy.median(trips[:cut]):
        return [trips]
    return clusters(trips[:cut]) + clusters(trips[cut:])


def find_split(values: list[float]) -> Split:
    """The classes of a run. A rare cluster is not a class. Two threads of one core are not a class either if the run
    also has two near cores: the threads share the caches that are measured."""
    if len(values) < ENOUGH:
        return Split()
    found = clusters(numpy.sort(numpy.array(values)))
    edges = [0.0, *(math.sqrt(low[-1] * high[0]) for low, high in zip(found, found[1:])), math.inf]
    usual = [i for i, trips in enumerate(found) if len(trips) >= RARE * len(values)]
    near = [i for i in usual if numpy.median(found[i]) < USUAL_BORDER]
    far = [i for i in usual if i not in near]
    near = [i for i in near if numpy.median(found[i]) >= ONE_CORE] or near
    if not near and len(far) > 1:
        near.append(far.pop(0))
    best = max(near, key=lambda i: len(found[i])) if near else None
    return Split(None if best is None else (edges[best], edges[best + 1] if best + 1 < len(found) else USUAL_BORDER),
                 None if not far else (edges[far[0]] or USUAL_BORDER, edges[far[-1] + 1]))


def describe(figure: Figure) -> dict[str, typing.Any]:
    """A figure as numbers, with all samples."""
    numbers: dict[str, typing.Any] = {
        "unit": figure.unit, "n": figure.count, "median": figure.median,
        "p10": figure.percentile(10), "p90": figure.percentile(90),
        "samples": [float(f"{value:.6g}") for value in figure.values]}
    ratio = figure.in_trips()
    if ratio is not None and figure.trips is not None:
        numbers["pp"] = {"trip_ns": float(numpy.median(figure.trips)), "median": ratio.median,
                      "p10": ratio.percentile(10), "p90": ratio.percentile(90)}
    return numbers


def interval(top: Figure, bottom: Figure | None = None) -> tuple[float, float]:
    """The 95 percent interval of the median, or of the ratio of two medians: bootstrap with a fixed seed."""
    draw = numpy.random.default_rng(1)

    def medians(figure: Figure) -> numpy.ndarray:
        picked = draw.integers(0, figure.count, (1000, figure.count))
        return numpy.median(figure.values[picked], axis=1)

    values = medians(top)
    if bottom is not None:
        values = values / medians(bottom)
    low, high = numpy.percentile(values, [2.5, 97.5])
    return float(low), float(high)
