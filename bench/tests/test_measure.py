# SPDX-License-Identifier: MIT
"""bench/measure with known samples."""
from __future__ import annotations

import pathlib
import random
import sys
import typing

import pytest

from measure import goals, pages, probes
from measure.samples import FAR, NEAR, ONE, USUAL_BORDER, Samples, Split, find_split, interval

DRAW = random.Random(7)


def two_threads(case: str, value: float, trip: float, **more: float) -> dict[str, typing.Any]:
    """A sample as a probe with two threads prints it."""
    return {"case": case, "unit": "ns", "value": value, "before": trip, "after": trip * 1.02} | more


def filled(**values: tuple[float, float]) -> Samples:
    """A run with 30 near and 30 far samples of G1's copies; the values are those of near and far."""
    samples = Samples()
    names = {"soft": "soft/copy/64/qd1/worker", "dma": "dma/copy/64/qd1"}
    for key, (near, far) in values.items():
        for _ in range(30):
            samples.add(two_threads(names[key], near * DRAW.uniform(0.99, 1.01), 100))
            samples.add(two_threads(names[key], far * DRAW.uniform(0.99, 1.01), 400))
    samples.finish()
    return samples


def row(judgements: list[goals.Judgement], goal: str, name: str, unit: str) -> goals.Judgement:
    """One line of the goal table."""
    return next(s for s in judgements if (s.goal, s.name, s.unit) == (goal, name, unit))


def test_border_lies_between_two_clusters() -> None:
    trips = [DRAW.uniform(80, 95) for _ in range(60)] + [DRAW.uniform(320, 350) for _ in range(20)]
    DRAW.shuffle(trips)
    split = find_split(trips)
    assert split.near and split.far and 95 < split.near[1] == split.far[0] < 320
    assert [split.name(ns) for ns in (1, 85, 330, 9000)] == [NEAR, NEAR, FAR, FAR]


def around(middle: float, count: int) -> list[float]:
    """@count ping-pongs of one cluster."""
    return [DRAW.uniform(0.9 * middle, 1.1 * middle) for _ in range(count)]


@pytest.mark.parametrize("trips, named", [
    ([100.0], {100: NEAR, 400: FAR}),  # too few for clusters
    (around(100, 100), {100: NEAR, 400: None}),
    (around(100, 100) + [900.0], {100: NEAR, 900: None}),  # one stray is not a class
    (around(400, 100), {100: None, 400: FAR}),
    (around(100, 100) + around(400, 5), {100: NEAR, 400: None}),  # a few are not a class
    (around(400, 100) + around(100, 5), {100: None, 400: FAR}),
    (around(45, 5) + around(110, 100), {45: None, 110: NEAR}),
    (around(45, 100), {45: NEAR, 400: None}),  # a small processor that is not virtual
    (around(45, 50) + around(420, 50), {45: NEAR, 420: FAR}),
    (around(100, 180) + around(200, 20), {100: NEAR, 200: None}),  # the larger cluster, not the slower one
    (around(100, 100) + around(250, 10) + around(700, 90), {100: NEAR, 250: None, 700: FAR}),
    ([50.0 * 3 ** k for k in range(11) for _ in range(20)], {50: None, 150: None, 450: None}),  # every cluster is rare
    ([100.0] * 50, {100: NEAR, 400: None}),
    # two threads of one core, even if frequent
    (around(45, 60) + around(110, 40), {45: None, 110: NEAR, 400: None}),
    (around(45, 50) + around(110, 50) + around(420, 50), {45: None, 110: NEAR, 420: FAR}),
])
def test_a_ping_pong_outside_all_classes_has_no_name(trips: list[float], named: dict[float, str | None]) -> None:
    DRAW.shuffle(trips)
    split = find_split(trips)
    assert {ns: split.name(ns) for ns in named} == named


def test_a_run_without_two_threads_has_the_usual_border() -> None:
    assert find_split([]) == Split() == Split((0.0, USUAL_BORDER), (USUAL_BORDER, float("inf")))


def test_samples_are_sorted_into_classes() -> None:
    samples = filled(soft=(120, 600))
    near, far = (samples.classes_of("soft/copy/64/qd1/worker")[name] for name in (NEAR, FAR))
    assert (near.count, far.count) == (30, 30)
    assert near.median == pytest.approx(120, rel=0.01)
    ratio = far.in_trips()
    assert ratio and ratio.median == pytest.approx(600 / 404, rel=0.01)


def test_strays_of_a_run_with_one_class_are_dropped() -> None:
    samples = Samples()
    for i in range(100):
        samples.add(two_threads("x", 1, 120 + i % 20))
    samples.add(two_threads("x", 9, 300))
    samples.finish()
    assert samples.dropped["x"] == 1
    assert list(samples.classes_of("x")) == [NEAR]


def test_a_sample_between_two_classes_is_dropped() -> None:
    samples = Samples()
    samples.add({"case": "x", "unit": "ns", "value": 1, "before": 100, "after": 400})
    samples.add(two_threads("x", 2, 100))
    samples.finish()
    assert samples.dropped["x"] == 1
    assert samples.classes_of("x")[NEAR].values.tolist() == [2]


def test_a_disturbed_sample_is_dropped_unless_it_is_long() -> None:
    samples = Samples()
    samples.add({"case": "short", "unit": "ns", "value": 1, "aside": 1})
    samples.add({"case": "short", "unit": "ns", "value": 2, "aside": 0})
    samples.add({"case": "long", "unit": "GOP/s", "value": 3, "aside": 1, "ns": 2e7})
    samples.add(two_threads("soft/producers/4", 4, 100, aside=9))
    samples.finish()
    assert (samples.dropped["short"], samples.aside) == (1, 1)
    assert samples.classes_of("short")[ONE].values.tolist() == [2]
    assert samples.classes_of("long")[ONE].count == 1
    assert samples.classes_of("soft/producers/4")[NEAR].count == 1


def test_interval_holds_the_ratio_of_medians() -> None:
    samples = filled(soft=(120, 600), dma=(240, 900))
    top = samples.get("soft/copy/64/qd1/worker", NEAR)
    bottom = samples.get("dma/copy/64/qd1", NEAR)
    assert top and bottom
    low, high = interval(top, bottom)
    assert 0.48 < low <= 0.5 * 1.01 and 0.5 * 0.99 <= high < 0.52
    assert interval(top, bottom) == (low, high)


def test_goals_are_judged_for_each_class() -> None:
    judgements = goals.judge(filled(soft=(140, 700), dma=(240, 900)))
    assert row(judgements, "G1", NEAR, "pp").verdict == goals.MET
    assert row(judgements, "G1", FAR, "pp").verdict == goals.NOT_MET
    assert row(judgements, "G1", NEAR, "×").verdict == goals.MET
    assert row(judgements, "G1", FAR, "×").verdict == goals.NOT_MET
    assert row(judgements, "G3", NEAR, "×").verdict == goals.NOT_MEASURED


def test_a_few_samples_are_not_enough_for_a_goal() -> None:
    for count, verdict in ((goals.FEW - 1, goals.NOT_MEASURED), (goals.FEW, goals.MET)):
        samples = Samples()
        for _ in range(count):
            samples.add(two_threads("soft/copy/64/qd1/worker", 140, 100))
        samples.finish()
        assert row(goals.judge(samples), "G1", NEAR, "pp").verdict == verdict


def test_a_count_is_judged_by_its_worst() -> None:
    samples = Samples()
    for kicks in (1, 1, 2):
        samples.add_value("soft/edge/kicks", "calls", kicks)
    samples.finish()
    assert row(goals.judge(samples), "G7", ONE, "calls").verdict == goals.NOT_MET


def test_the_page_keeps_its_handwritten_part(tmp_path: pathlib.Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"before\n{pages.BEGIN}\nold\n{pages.END}\nafter\n", encoding="utf-8")
    samples = filled(soft=(140, 700))
    about = {"date": "today", "machine": {"processor": "one"}}
    pages.renew(page, pages.summary(samples, goals.judge(samples), about, [("ring.svg", "words")]))
    text = page.read_text(encoding="utf-8")
    assert text.startswith("before\n") and text.endswith("\nafter\n") and "old" not in text
    assert "performance/ring.svg" in text and "soft/copy/64/qd1/worker" in text
    page.write_text("no place", encoding="utf-8")
    with pytest.raises(ValueError, match="lacks the two lines"):
        pages.around(page)


@pytest.mark.parametrize("program, words", [
    ("input()", "printed nothing"),
    ("input(); print('{\"end\":1}', flush=True); input()", "printed nothing"),
    ("input(); print('nonsense', flush=True)", "printed b'nonsense'"),
    ("import sys; sys.exit(3)", "status 3"),
])
def test_a_probe_that_fails_is_noticed(program: str, words: str) -> None:
    probe = probes.Probe("played", [sys.executable, "-c", program])
    try:
        with pytest.raises(probes.ProbeError, match=words if program != "input()" else "ended"):
            probe.ask()
    finally:
        probe.kill()


@pytest.mark.parametrize("program, words", [
    ("print('nonsense')", "printed 'nonsense'"), ("pass", "status 0"), ("raise SystemExit(3)", "status 3"),
    ("import time; time.sleep(60)", "did not end"),
])
def test_a_failing_probe_without_a_loop_is_noticed(monkeypatch: pytest.MonkeyPatch, program: str,
                                                      words: str) -> None:
    if "sleep" in program:
        monkeypatch.setattr(probes, "PATIENCE", 0.2)
    with pytest.raises(probes.ProbeError, match=words):
        probes.run_once([sys.executable, "-c", program], lambda line: None)


def test_a_probe_that_ends_badly_is_noticed() -> None:
    probe = probes.Probe("played", [sys.executable, "-c", """
import sys
for line in sys.stdin:
    print('{"case":"x","unit":"ns","value":1}')
    print('{"end":1}', flush=True)
sys.exit(7)"""])
    assert probe.ask() == [{"case": "x", "unit": "ns", "value": 1}]
    with pytest.raises(probes.ProbeError, match="status 7"):
        probe.stop()
