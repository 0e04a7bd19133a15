# SPDX-License-Identifier: MIT
"""The plots of a run."""
from __future__ import annotations

import pathlib

import matplotlib

matplotlib.use("Agg")
# pylint: disable=wrong-import-position
from matplotlib import pyplot, ticker  # noqa: E402
from matplotlib.artist import Artist  # noqa: E402
from matplotlib.axes import Axes  # noqa: E402
from matplotlib.figure import Figure as Picture  # noqa: E402

from .samples import CLASSES, ONE, Samples  # noqa: E402

# One colour and mark for each line, the same in all plots; the marks distinguish them without colour.
STYLE = {
    "soft": ("#0072b2", "o"), "inline": ("#56b4e9", "s"), "phase": ("#009e73", "^"),
    "dma_skeleton": ("#d55e00", "v"), "io_uring": ("#cc79a7", "D"), "rte_ring": ("#e69f00", "P"),
    "bare": ("#555555", "x"), "other": ("#000000", "*"),
}
LICENCE = "<!-- SPDX-License-Identifier: MIT -->"


class Plotter:
    """Draws into one folder."""

    def __init__(self, samples: Samples, folder: pathlib.Path) -> None:
        self._samples = samples
        self._folder = folder
        self._classes = [name for name in CLASSES if samples.trip_of(name)]
        self.done: list[tuple[str, str]] = []
        folder.mkdir(parents=True, exist_ok=True)
        pyplot.rcParams.update({"font.size": 9, "axes.grid": True, "grid.alpha": 0.3,
                                "svg.hashsalt": "accel", "svg.fonttype": "none",
                                "legend.fontsize": 8, "figure.constrained_layout.use": True})

    @staticmethod
    def _legend(picture: Picture) -> None:
        """One legend below all axes, each label once."""
        found: dict[str, Artist] = {}
        for axes in picture.axes:
            for handle, label in zip(*axes.get_legend_handles_labels()):
                found.setdefault(label, handle)
        picture.legend(list(found.values()), list(found), loc="upper center", ncol=4,
                       bbox_to_anchor=(0.5, 0.0), frameon=False)

    @staticmethod
    def _from_zero(axes: Axes) -> None:
        """Begin the axis at zero and leave room for the topmost mark."""
        axes.set_ylim(0, axes.get_ylim()[1] * 1.08)

    @staticmethod
    def _log_nanoseconds(axes: Axes) -> None:
        """A logarithmic axis with plain numbers, several for each power of ten."""
        axes.set_yscale("log")
        axes.yaxis.set_major_locator(ticker.LogLocator(subs=(1, 2, 5)))
        axes.yaxis.set_major_formatter(ticker.FuncFormatter(lambda value, _: f"{value:g}"))
        axes.yaxis.set_minor_locator(ticker.NullLocator())

    def _save(self, picture: Picture, name: str, words: str) -> None:
        self._legend(picture)
        picture.savefig(self._folder / f"{name}.png", dpi=110, bbox_inches="tight")
        path = self._folder / f"{name}.svg"
        picture.savefig(path, metadata={"Date": None}, bbox_inches="tight")
        pyplot.close(picture)
        head, body = path.read_text(encoding="utf-8").split("\n", 1)
        text = "\n".join([head, LICENCE, body])
        path.write_text("\n".join(line.rstrip() for line in text.splitlines()) + "\n", encoding="utf-8")
        self.done.append((f"{name}.svg", words))

    def _line(self, axes: Axes, label: str, style: str, name: str, points: dict[float, str],
              dashed: bool = False) -> None:
        """A line through the medians, with bars from the tenth to the ninetieth percentile."""
        found = [(x, self._samples.get(case, name)) for x, case in points.items()]
        good = [(x, figure) for x, figure in found if figure]
        if not good:
            return
        colour, mark = STYLE[style]
        middle = [figure.median for _, figure in good]
        below = [max(0.0, figure.median - figure.percentile(10)) for _, figure in good]
        above = [max(0.0, figure.percentile(90) - figure.median) for _, figure in good]
        axes.errorbar([x for x, _ in good], middle, [below, above], label=label, color=colour,
                      marker=mark, markersize=5, linewidth=1.3, capsize=2,
                      linestyle="--" if dashed else "-")

    def ring(self) -> None:
        """Nanoseconds per operation by depth."""
        rows = max(1, len(self._classes))
        picture, grid = pyplot.subplots(rows, 3, figsize=(11, 0.6 + 3.3 * rows), squeeze=False)
        kinds = (("nop", "nop"), ("copy/64", "copy of 64 B"), ("copy/4096", "copy of 4 KiB"))
        for row, name in enumerate(self._classes):
            trip = self._samples.trip_of(name)
            assert trip  # every class of the run has ping-pongs
            for column, (kind, words) in enumerate(kinds):
                axes = grid[row][column]
                for way, label in (("worker", "soft, worker"), ("phase", "soft, worker, status phase"),
                                   ("inline", "soft, inline")):
                    self._line(axes, label, "soft" if way == "worker" else way, name,
                               {d: f"soft/{kind}/{q}/{way}" for d, q in
                                ((1, "qd1"), (8, "qd8"), (64, "qd64"), (110, "qd64w"))})
                self._line(axes, "DPDK dma_skeleton", "dma_skeleton", name,
                           {d: f"dma/{kind}/{q}" for d, q in
                            ((1, "qd1"), (8, "qd8"), (64, "qd64"), (110, "qd64w"))})
                if kind == "nop":
                    self._line(axes, "a bare ring, no checks", "bare", name,
                               {d: f"floor/{q}" for d, q in
                                ((1, "qd1"), (8, "qd8"), (64, "qd64"), (110, "qd64w"))})
                    for way in ("plain", "deferred"):
                        self._line(axes, f"io_uring, {way}", "io_uring", name,
                                   {d: f"uring/nop/qd{d}/{way}" for d in (1, 8, 64)},
                                   dashed=way == "deferred")
                axes.axhline(trip.median, color="#999999", linewidth=1, linestyle=":",
                             label="one ping-pong")
                self._log_nanoseconds(axes)
                axes.set(xscale="log", xlabel="queue depth",
                         title=f"{words}, {name}: ping-pong {trip.median:.0f} ns",
                         ylabel="ns per operation" if column == 0 else "")
                axes.set_xticks([1, 8, 64, 110], ["1", "8", "64", "  64 in\n  flight"])
                axes.xaxis.set_minor_locator(ticker.NullLocator())
        self._save(picture, "ring", "Nanoseconds per operation by queue depth, each class")

    def posting(self) -> None:
        """The producer's time for one descriptor."""
        names = self._classes or [ONE]
        picture, grid = pyplot.subplots(1, len(names), figsize=(1 + 4.8 * len(names), 3.6), squeeze=False)
        bars = (("soft/post/burst{}", "soft", "soft: publish"),
                ("rte_ring/post/burst{}", "rte_ring", "rte_ring: enqueue"),
                ("rte_ring/post/burst{}/in-place", "bare", "rte_ring: enqueue in place"),
                ("soft/steady/burst{}", "inline", "soft: round trip"),
                ("rte_ring/steady/burst{}", "dma_skeleton", "rte_ring: to the consumer"),
                ("rte_ring/steady/burst{}/and-back", "io_uring", "two rte_rings: round trip"))
        for axes, name in zip(grid[0], names):
            for place, (case, style, label) in enumerate(bars):
                named = False
                for x, burst in enumerate((1, 32)):
                    figure = self._samples.get(case.format(burst), name)
                    if not figure:
                        continue
                    at = x + (place - 2.5) * 0.14
                    axes.bar(at, figure.median, 0.13, color=STYLE[style][0],
                             label=None if named else label)
                    named = True
                    axes.text(at, figure.median, f"{figure.median:.1f}", ha="center", va="bottom",
                              fontsize=7)
            axes.set(title=name, ylabel="ns per 64 B element")
            axes.set_xticks([0, 1], ["one at a time", "32 at a time"])
            axes.set_xlim(-0.5, 1.5)
            axes.margins(y=0.12)
        self._save(picture, "posting", "Nanoseconds to publish a descriptor, and for a round trip")

    def sizes(self) -> None:
        """Nanoseconds per operation by size, in one thread."""
        picture, grid = pyplot.subplots(1, 3, figsize=(11, 3.6))
        sizes = (64, 512, 4096, 65536)
        for axes, (ours, bare, words) in zip(grid, (
                ("copy", "memcpy", "copy"), ("crc32c", "crc32c", "crc32c"),
                ("copy-crc32c", "memcpy+crc32c", "copy and crc32c"))):
            self._line(axes, f"soft, {ours}", "soft", ONE, {s: f"inline/{ours}/{s}" for s in sizes})
            self._line(axes, f"bare {bare}", "bare", ONE, {s: f"bare/{bare}/{s}" for s in sizes},
                       dashed=True)
            self._log_nanoseconds(axes)
            axes.set(xscale="log", title=words, xlabel="bytes",
                     ylabel="ns per operation" if ours == "copy" else "")
            axes.set_xticks(list(sizes), ["64", "512", "4 Ki", "64 Ki"])
            axes.xaxis.set_minor_locator(ticker.NullLocator())
        self._save(picture, "sizes", "Nanoseconds per operation by size, on the caller")

    def deflate(self, megabytes: list[int]) -> None:
        """Throughput of compression."""
        picture, (left, right) = pyplot.subplots(1, 2, figsize=(11, 3.8), width_ratios=(3, 2))
        commands = (("accel", "soft", "accel run deflate"), ("pigz", "rte_ring", "pigz -1"),
                    ("gzip", "bare", "gzip -1"))
        for name, style, label in commands:
            points: dict[float, str] = {size: f"command/{name}/size/{size}" for size in megabytes}
            self._line(left, label, style, ONE, points)
        left.set(xscale="log", title="by size of the file, two threads (gzip: one)", xlabel="MiB", ylabel="MB/s")
        left.set_xticks(megabytes, [str(size) for size in megabytes])
        left.xaxis.set_minor_locator(ticker.NullLocator())
        for name, style, label in commands[:2]:
            self._line(right, label, style, ONE,
                       {threads: f"command/{name}/threads/{threads}" for threads in (1, 2)})
        right.set(title="by threads", xlabel="threads", ylabel="MB/s", xticks=[1, 2], xlim=(0.8, 2.2))
        for axes in (left, right):
            self._from_zero(axes)
        self._save(picture, "deflate", "Throughput of compression by file size and by threads")

    def matmul(self) -> None:
        """Operations per second by size of the matrices."""
        picture, grid = pyplot.subplots(1, 2, figsize=(11, 3.8))
        sizes = (64, 256, 1024)
        for axes, kind in zip(grid, ("f32", "s8")):
            for library, style, label in (("soft", "soft", "soft, one worker"), ("onednn", "phase", "oneDNN"),
                                      ("openblas", "rte_ring", "OpenBLAS, default"),
                                      ("openblas-chosen", "dma_skeleton", "OpenBLAS, core type set")):
                self._line(axes, label, style, ONE, {n: f"{library}/matmul/{kind}/{n}" for n in sizes})
            peak = self._samples.get(f"peak/{kind}", ONE)
            if peak:
                axes.axhline(peak.median, color="#999999", linestyle=":", label="peak of the processor")
            words = f": peak {peak.median:.0f} GOP/s" if peak else ""
            axes.set(xscale="log", title=f"{kind}, one thread{words}", xlabel="rows and columns",
                     ylabel="GOP/s")
            self._from_zero(axes)
            axes.set_xticks(list(sizes), [str(size) for size in sizes])
            axes.xaxis.set_minor_locator(ticker.NullLocator())
        self._save(picture, "matmul", "Operations per second of matrix products")

    def queues(self) -> None:
        """Nanoseconds per operation by number of queues and of producers."""
        names = self._classes or [ONE]
        picture, grid = pyplot.subplots(1, 2, figsize=(11, 3.6))
        for name in names:
            for kind, style, label in (("busy", "soft", "all busy"), ("one-busy-of", "phase", "one busy")):
                self._line(grid[0], f"{label}, {name}", style, name,
                           {n: f"soft/queues/{kind}/{n}" for n in (1, 16, 256)}, dashed=name != names[0])
            self._line(grid[1], f"multi-producer queue, {name}", "soft", name,
                       {n: f"soft/producers/{n}" for n in (1, 2, 4)}, dashed=name != names[0])
            self._line(grid[1], f"single-producer queue, {name}", "bare", name,
                       {1: "soft/producers/single"}, dashed=name != names[0])
        for axes, words, ticks in ((grid[0], "queues on one worker", [1, 16, 256]),
                                   (grid[1], "producers on one processor", [1, 2, 4])):
            axes.set(xscale="log", xlabel=words, ylabel="ns per operation", title=words)
            self._from_zero(axes)
            axes.set_xticks(ticks, [str(tick) for tick in ticks])
            axes.xaxis.set_minor_locator(ticker.NullLocator())
        self._save(picture, "queues", "Nanoseconds per operation by number of queues and of producers")


def draw(samples: Samples, folder: pathlib.Path, megabytes: list[int]) -> list[tuple[str, str]]:
    """Draw all plots. Returns the names of the files and their captions."""
    plotter = Plotter(samples, folder)
    plotter.ring()
    plotter.posting()
    plotter.sizes()
    plotter.deflate(megabytes)
    plotter.matmul()
    plotter.queues()
    return plotter.done
