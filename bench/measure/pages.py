# SPDX-License-Identifier: MIT
"""The output of a run: on the terminal, as JSON, and in docs/performance.md."""
from __future__ import annotations

import dataclasses
import math
import pathlib
import typing
import unicodedata

import numpy

from .goals import MET, NOT_MEASURED, NOT_MET, Judgement
from .samples import CLASSES, FAR, NEAR, ONE, Figure, Samples, Split

BEGIN = "<!-- figures: begin; what follows is written by ./dev bench --summary -->"
END = "<!-- figures: end -->"

GOAL_HEAD = ["goal", "what", "class", "limit", "figure", "95 %", "n", ""]
CASE_HEAD = ["case", "class", "median", "p10", "p90", "unit", "in pp", "n", "dropped"]


def number(value: float) -> str:
    """Three digits, without an exponent."""
    if abs(value) >= 1000:
        return f"{value:.0f}"
    return f"{value:.3g}"


def goal_rows(judgements: list[Judgement]) -> list[list[str]]:
    """The goal table."""
    return [[s.goal, s.what, "" if s.name == ONE else s.name, s.demand, s.figure, s.spread, s.count,
             s.verdict] for s in judgements]


def case_row(case: str, name: str, figure: Figure, dropped: int) -> list[str]:
    """One line of the table of all cases."""
    trips = figure.in_trips()
    return [case, "" if name == ONE else name, number(figure.median), number(figure.percentile(10)),
            number(figure.percentile(90)), figure.unit, number(trips.median) if trips else "",
            str(figure.count), str(dropped) if dropped else ""]


def case_rows(samples: Samples) -> list[list[str]]:
    """All cases, one row for each of their classes."""
    rows = []
    for case in samples.cases():
        for name, figure in samples.classes_of(case).items():
            rows.append(case_row(case, name, figure, samples.dropped[case]))
    return rows


def width(text: str) -> int:
    """The number of terminal columns of @text."""
    return sum(not unicodedata.combining(letter) for letter in text)


def as_text(head: list[str], rows: list[list[str]]) -> str:
    """Format a table for the terminal."""
    wide = [max(width(row[i]) for row in [head, *rows]) for i in range(len(head))]
    lines = []
    for row in [head, *rows]:
        lines.append("  ".join(cell + " " * (wide[i] - width(cell)) for i, cell in enumerate(row)).rstrip())
    return "\n".join(lines)


def as_markdown(head: list[str], rows: list[list[str]]) -> str:
    """Format a table for a page."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines)


def class_words(samples: Samples) -> list[str]:
    """Describe the classes and the dropped samples."""
    words = []
    for name in CLASSES:
        trip = samples.trip_of(name)
        if trip is None:
            words.append(f"{name}: not observed")
        else:
            words.append(f"{name}: {trip.count} samples, ping-pong {number(trip.median)} ns "
                         f"({number(trip.percentile(10))} to {number(trip.percentile(90))})")
    dropped = sum(samples.dropped.values())
    words.append(f"{dropped} samples dropped: in {samples.aside} a thread was preempted; in the others the two "
                 "ping-pongs differed or belong to no class of the run")
    if samples.outside:
        words.append(f"{len(samples.outside)} samples belong to no class; their ping-pong is "
                     f"{number(float(numpy.median(samples.outside)))} ns "
                     f"({number(min(samples.outside))} to {number(max(samples.outside))})")
    lost = [case for case in samples.cases() if not samples.classes_of(case)]
    if lost:
        words.append(f"cases without a remaining sample: {', '.join(lost)}")
    return words


def split_as_json(split: Split) -> dict[str, list[float | None] | None]:
    """The classes, without infinities."""
    return {name: [None if math.isinf(edge) else edge for edge in found] if found else None
            for name, found in ((NEAR, split.near), (FAR, split.far))}


def to_json(samples: Samples, judgements: list[Judgement], about: dict[str, typing.Any]) -> dict[str, typing.Any]:
    """The whole run as JSON."""
    return {"about": about, "facts": samples.facts, "classes_ns": split_as_json(samples.split),
            "goals": [dataclasses.asdict(s) | {"verdict": s.verdict} for s in judgements],
            "cases": samples.to_json()}


def summary(samples: Samples, judgements: list[Judgement], about: dict[str, typing.Any],
            plots: list[tuple[str, str]]) -> str:
    """The generated part of docs/performance.md."""
    verdicts = [s.verdict for s in judgements]
    counts = ", ".join(f"{verdicts.count(v)} {v}" for v in (MET, NOT_MET, NOT_MEASURED))
    parts = [BEGIN, "", f"## The run of {about['date']}",
             as_markdown(["", ""], [[key, str(value)] for key, value in
                                    (about["machine"] | samples.facts).items()]), "",
             "Classes of the machine in this run:", "",
             *[f"- {words}" for words in class_words(samples)], "",
             f"## Goals: {counts}", as_markdown(GOAL_HEAD, goal_rows(judgements)), "", "## Plots"]
    for file, words in plots:
        parts += [f"![{words}](performance/{file})", ""]
    parts += ["## All figures", as_markdown(CASE_HEAD, case_rows(samples)), "", END]
    return "\n".join(parts)


def around(page: pathlib.Path) -> tuple[str, str]:
    """The text before and after the generated part of a page."""
    before, found, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, ended, after = rest.partition(END)
    if not found or not ended:
        raise ValueError(f"{page} lacks the two lines that mark the place of the figures")
    return before, after


def renew(page: pathlib.Path, text: str) -> None:
    """Replace the generated part of a page."""
    before, after = around(page)
    page.write_text(before + text + after, encoding="utf-8")
