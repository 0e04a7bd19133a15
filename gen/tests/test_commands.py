# SPDX-License-Identifier: MIT
"""The command line: its outputs, the detection of stale ones, reproducibility."""
import os
import pathlib
import subprocess
import sys

import pytest

from gen import files
from gen.load.documents import TOP
from gen.model.errors import SpecError

from .conftest import DELETE


@pytest.fixture
def current(folder):
    """A folder whose committed outputs are up to date."""
    assert folder.gen("--update")[0] == 0
    return folder


def tree(folder):
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_update_then_check(current):
    assert current.gen("--check") == (0, "", "")
    made = set(tree(current.top))
    for name in ("include/uapi/accel/accel.h", "include/uapi/accel/extra.h", "docs/reference/soft.md",
                 "docs/reference/errors.md", "docs/reference/show.md", "spec/numbers.lock"):
        assert name in made


def test_update_reports_and_writes_only_changed_files(current):
    old = current.top / "include/uapi/accel/ring.h"
    before = old.stat().st_mtime_ns
    current.set("soft", "objects.0.doc", "A stream of another kind.")
    assert current.gen("--update") == (
        0, "wrote include/uapi/accel/soft.h\nwrote docs/reference/soft.md\n", "")
    assert old.stat().st_mtime_ns == before


@pytest.mark.parametrize("name, corrupt, message", [
    ("include/uapi/accel/accel.h", lambda t: t.replace("ACCEL_OBJECT_QUEUE 4", "ACCEL_OBJECT_QUEUE 9"),
     "is stale: it is '#define ACCEL_OBJECT_QUEUE 9', must be '#define ACCEL_OBJECT_QUEUE 4'; run:"),
    ("include/uapi/accel/accel.h", lambda t: t + "\n", "is stale: it has"),
    ("include/uapi/accel/accel.h", lambda t: t[:-1], "the end of a line or of the file is stale"),
    ("docs/reference/ring.md", lambda t: "", "is stale: it has 0 lines, must have"),
    ("docs/reference/errors.md", lambda t: None, "is missing; run: /usr/bin/python3 -m gen --update"),
])
def test_check_finds_a_stale_output(current, name, corrupt, message):
    path = current.top / name
    text = corrupt(path.read_text(encoding="utf-8"))
    if text is None:
        path.unlink()
    else:
        path.write_text(text, encoding="utf-8")
    status, out, output = current.gen("--check")
    assert (status, out) == (1, "")
    assert len(output.splitlines()) == 1 and output.startswith(f"{name}: ") and message in output


def test_check_finds_every_stale_output(current):
    current.set("accel", "objects.3.doc", "Another ring.")
    output = current.gen("--check")[2]
    assert [line.split(":")[0] for line in output.splitlines()] == [
        "include/uapi/accel/accel.h", "docs/reference/accel.md"]


def test_check_finds_what_nothing_makes(current):
    (current.top / "include/uapi/accel/old.h").write_text("\n")
    assert "include/uapi/accel/old.h: is not generated; remove it" in current.gen("--check")[2]


def test_check_writes_nothing(current):
    current.set("accel", "objects.3.doc", "Another ring.")
    before = tree(current.top)
    assert current.gen("--check")[0] == 1
    assert tree(current.top) == before


def test_tree_of_the_project_is_current():
    """The committed outputs are up to date, and all numbers are locked."""
    done = run("--check")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_build_touches_only_what_changed(folder):
    target = folder.top / "build"
    assert folder.gen("--build", str(target)) == (0, "", "")
    before = {p: p.stat().st_mtime_ns for p in target.rglob("*") if p.is_file()}
    assert any(p.name == "soft.dict" for p in before)
    assert folder.gen("--build", str(target))[0] == 0
    assert {p: p.stat().st_mtime_ns for p in before} == before
    folder.set("extra", "objects.0.methods.1.attributes.0.value", 99)
    assert folder.gen("--build", str(target))[0] == 0
    changed = {p.name for p, time in before.items() if p.stat().st_mtime_ns != time}
    assert "extra.dict" in changed and "soft.dict" not in changed


def test_build_takes_away_what_it_made_before_and_nothing_else(folder):
    target = folder.top / "build"
    folder.gen("--build", str(target))
    (target / "mine").write_text("kept\n")
    (folder.spec / "extra.yaml").unlink()
    assert folder.gen("--build", str(target))[0] == 0
    left = set(tree(target))
    assert "extra.dict" not in left and {"mine", "soft.dict"} <= left
    assert not [name for name in left if "extra" in name]


def test_build_makes_no_committed_output(folder):
    before = set(tree(folder.top))
    folder.gen("--build", str(folder.top / "build"))
    assert {name for name in set(tree(folder.top)) - before if not name.startswith("build/")} == set()


def run(*arguments, **environment):
    return subprocess.run([sys.executable, "-m", "gen", *arguments], cwd=TOP, capture_output=True,
                          text=True, check=False, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1",
                                                       **environment})


def test_same_bytes_whatever_the_hash_seed(tmp_path):
    for seed in ("1", "2"):
        assert run("--build", str(tmp_path / seed), PYTHONHASHSEED=seed).returncode == 0
    assert tree(tmp_path / "1") == tree(tmp_path / "2")


def test_errors_go_to_stderr_without_a_traceback(tmp_path):
    done = run("--check", "--spec", str(tmp_path / "none"))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"{tmp_path}/none: is not a folder\n"


@pytest.mark.parametrize("arguments", [[], ["--check", "--update"], ["--build"], ["--nonsense"]])
def test_wrong_usage(arguments):
    done = run(*arguments)
    assert done.returncode == 2 and done.stderr.startswith("usage: python3 -m gen")


def test_show_into_a_closed_pipe():
    command = f"{sys.executable} -m gen --show soft | head -1; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], cwd=TOP, capture_output=True, text=True, check=False)
    assert done.stdout == "uabi soft\n" and "Traceback" not in done.stderr


@pytest.mark.parametrize("option", ["--show", "--describe"])
def test_show_what_has_no_policy(folder, option):
    assert folder.gen(option, "ring") == (1, "", "'ring' has no policy, allowed: accel, extra, soft\n")


def test_output_that_cannot_be_written(folder):
    (folder.top / "build").write_text("in the way\n")
    status, _, output = folder.gen("--build", str(folder.top / "build"))
    assert status == 1 and "cannot be" in output and "Traceback" not in output


def test_a_failed_write_leaves_no_partial_file(tmp_path, monkeypatch):
    (tmp_path / "a.h").write_text("old\n")
    monkeypatch.setattr(pathlib.Path, "replace", lambda *_: (_ for _ in ()).throw(OSError(28, "No space")))
    with pytest.raises(SpecError, match="a.h: cannot be written: No space"):
        files.write(tmp_path, {"a.h": "new\n"})
    assert tree(tmp_path) == {"a.h": b"old\n"}


def test_mistake_in_a_template_is_told(folder, monkeypatch, tmp_path):
    import jinja2

    from gen.output import render
    broken = jinja2.Environment(loader=jinja2.DictLoader({"t": "a\n{{ nothing }}\n"}),
                                undefined=jinja2.StrictUndefined)
    monkeypatch.setattr(render, "_ENVIRONMENT", broken)
    with pytest.raises(SpecError, match="gen/templates/t: 'nothing' is undefined"):
        render.render("t")


def test_without_drivers_and_without_a_core(folder):
    for name in ("soft", "extra"):
        (folder.spec / f"{name}.yaml").unlink()
    assert folder.gen("--update")[0] == 0
    (folder.spec / "numbers.lock").unlink()
    (folder.spec / "accel.yaml").unlink()
    for name in ("docs/reference", "include/uapi/accel"):
        for path in (folder.top / name).glob("*"):
            path.unlink()
    assert folder.gen("--update")[0] == 0
    assert folder.gen("--check") == (0, "", "")


def test_specification_of_tomorrow(folder):
    """A changed copy next to an unchanged tree, as in the tests of old and new versions together."""
    folder.set("accel", "objects.3.methods.0.attributes.7", {
        "name": "priority", "value": 8, "type": "u32", "direction": "in", "maximum": 7, "doc": "Priority."})
    folder.set("soft", "extend.2", DELETE)
    status, out, _ = folder.gen("--show", "soft")
    assert status == 0
    assert "    attribute priority 8 u32 in 0..7\n    attribute parallel 0x8001 u32 in 1..64\n" in out
    assert "workers 0x8001" not in out
