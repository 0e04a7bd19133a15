# SPDX-License-Identifier: MIT
"""Manual pages, completions and --help agree with the tree of commands."""
import functools
import json
import os
import pathlib
import re
import shutil
import subprocess

import pytest

from conftest import ACCEL, TOP, good

MAN = TOP / "man"
BUILT = pathlib.Path(os.environ.get("ACCEL_COMPLETIONS", "/nowhere"))
TREE = json.loads(subprocess.run([ACCEL, "completion", "tree"], check=True, stdout=subprocess.PIPE).stdout)
COMMON = {"--help", "--json", "--verbose", "--trace", "--version"}


def commands(node=None, path=()):
    """Every command as (path, node), the root included."""
    node = node or TREE
    yield path, node
    for child in node["commands"]:
        yield from commands(child, (*path, child["name"]))


LEAVES = [(path, node) for path, node in commands() if not node["commands"]]


@functools.cache
def page(name):
    """The text of a manual page, without formatting."""
    done = subprocess.run(["mandoc", "-Tascii", "-O", "width=200", MAN / name], check=True,
                          stdout=subprocess.PIPE)
    text = re.sub(r".\x08", "", done.stdout.decode())
    # mandoc breaks lines at hyphens.
    return re.sub(r"\s+", " ", text)


def page_of(path):
    own = MAN / f"accel-{path[0]}.1" if path else MAN / "accel.1"
    return own.name if own.exists() else "accel.1"


def test_there_is_a_tree():
    assert len(LEAVES) > 20
    assert {path[0] for path, _ in LEAVES} == {"list", "info", "run", "bench", "top", "command", "uabi", "conform", "errors",
                                               "version", "completion"}


@pytest.mark.parametrize("file", sorted(MAN.glob("*.1")), ids=lambda file: file.name)
def test_mandoc_finds_nothing(file):
    done = subprocess.run(["mandoc", "-Tlint", file], stdout=subprocess.PIPE, check=False)
    own = {page.stem for page in MAN.glob("*.1")}
    for line in done.stdout.decode().splitlines():
        # Our own pages may not be installed here, and the index of the others may be old.
        missing = re.search(r"referenced manual not found: Xr (\S+) 1", line)
        assert "mandoc.db" in line or (missing and missing[1] in own | {"gzip", "pigz"}), line


@pytest.mark.parametrize("path, node", LEAVES, ids=lambda value: " ".join(value) if isinstance(value, tuple) else "")
def test_the_manual_has_every_command_and_option(path, node):
    text = page(page_of(path))
    assert path[-1] in text
    for option in node["options"]:
        where = page("accel.1") if option["name"] in COMMON else text
        assert option["name"] in where, option
        if option["letter"] and option["name"] not in COMMON:
            assert re.search(rf"{option['letter']}[, ]", text), option
        assert option["description"], option
    for positional in node["positionals"]:
        assert positional["description"]
        for name in positional["name"].split("|"):
            assert name in text or name in ("SHELL", "METHOD"), positional


@pytest.mark.parametrize("file", sorted(MAN.glob("*.1")), ids=lambda file: file.name)
def test_the_manual_has_no_option_that_does_not_exist(file):
    options = {option["name"] for _, node in commands() for option in node["options"]}
    letters = {option["letter"] for _, node in commands() for option in node["options"]}
    source = file.read_text(encoding="utf-8")
    shown = set(re.findall(r"Fl -([a-z0-9-]+)", source))
    assert {"--" + name for name in shown} <= options | {"--"}
    assert {"-" + letter for letter in re.findall(r"Fl ([a-z])\b", source)} <= letters


def test_exit_codes_are_documented():
    text = page("accel.1")
    section = text[text.index("EXIT STATUS"):text.index("EXAMPLES", text.index("EXIT STATUS"))]
    for code in (0, 1, 2, 3, 4, 5, 6, 130, 141):
        assert re.search(rf"(?<!\w){code},? [0-9A-Z]", section), code


@pytest.mark.parametrize("path, node", commands(), ids=lambda value: " ".join(value) if isinstance(value, tuple) else "")
def test_help_has_every_option(path, node):
    text = good(*path, "--help").text
    for option in node["options"]:
        assert option["name"] in text
    for child in node["commands"]:
        assert child["name"] in text


@pytest.mark.parametrize("shell, name", [("bash", "accel.bash"), ("zsh", "_accel"), ("fish", "accel.fish")])
def test_installed_completions_are_those_of_the_program(shell, name):
    if not BUILT.is_dir():
        pytest.skip("this build generates no completions")
    assert (BUILT / name).read_bytes() == good("completion", shell).out


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_shell_takes_the_script(shell, tmp_path):
    if not shutil.which(shell):
        pytest.skip(f"{shell} is not installed")
    script = tmp_path / "script"
    script.write_bytes(good("completion", shell).out)
    subprocess.run([shell, "-n", script], check=True)


def test_fish_completes(tmp_path):
    if not shutil.which("fish"):
        pytest.skip("fish is not installed")
    (tmp_path / "accel.fish").write_bytes(good("completion", "fish").out)
    (tmp_path / "some-file").touch()

    def complete(line):
        done = subprocess.run(["fish", "-c", f"source accel.fish; complete -C '{line}'"], cwd=tmp_path, check=True,
                              capture_output=True, text=True,
                              env={**os.environ, "PATH": f"{pathlib.Path(ACCEL).parent}:{os.environ['PATH']}"})
        assert done.stderr == ""
        return [offered.split("\t")[0] for offered in done.stdout.splitlines()]
    assert complete("accel ") == sorted(node["name"] for node in TREE["commands"])
    assert complete("accel run matmul --type ") == ["bf16", "f32", "s8"]
    assert complete("accel run copy some") == complete("accel run copy -o some") == ["some-file"]
    assert "soft0" in complete("accel info ") and "--entries" not in complete("accel run deflate --")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_has_every_option(shell):
    script = good("completion", shell).text
    for _, node in commands():
        for option in node["options"]:
            name = option["name"].removeprefix("--")
            assert (f"-l {name} " if shell == "fish" else option["name"]) in script


class Bash:
    """Bash with the completion script."""

    def __init__(self, folder):
        self.script = folder / "accel.bash"
        self.script.write_bytes(good("completion", "bash").out)

    def complete(self, *lines, cwd=None):
        """The completions of the last word of each line, from one run of bash."""
        body = f"source '{self.script}'\n"
        for words in lines:
            quoted = " ".join(f"'{word}'" for word in words)
            body += f"COMP_WORDS=({quoted}); COMP_CWORD={len(words) - 1}; _accel; echo \"${{COMPREPLY[*]}}\"\n"
        done = subprocess.run(["bash", "-c", body], check=True, cwd=cwd, stdout=subprocess.PIPE, text=True,
                              env={**os.environ, "PATH": f"{pathlib.Path(ACCEL).parent}:{os.environ['PATH']}"})
        return [line.split() for line in done.stdout.split("\n")[:-1]]


@pytest.fixture(name="bash")
def make_bash(tmp_path):
    return Bash(tmp_path)


def test_bash_completes_every_command_and_option(bash):
    all_commands = list(commands())
    options = bash.complete(*(("accel", *path, "-") for path, _ in all_commands))
    children = bash.complete(*(("accel", *path, "") for path, node in all_commands if node["commands"]))
    for (path, node), offered in zip(all_commands, options):
        expected = {word for option in node["options"] for word in (option["name"], option["letter"]) if word}
        assert set(offered) == expected, path
    for (path, node), offered in zip((c for c in all_commands if c[1]["commands"]), children):
        assert offered == [child["name"] for child in node["commands"]], path


def test_bash_completes_values(bash, tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "some-file").touch()
    answers = bash.complete(
        ("accel", "info", "so"), ("accel", "run", "matmul", "--type", ""), ("accel", "run", "deflate", "-l", "1", "so"),
        ("accel", "run", "deflate", "-o", "so"), ("accel", "run", "copy", "-d", "soft"),
        ("accel", "command", "log", "soft0", ""), ("accel", "completion", "z"), ("accel", "uabi", "show", "so"), ("accel", "errors", ""), cwd=folder)
    assert answers == [["soft0", "soft1"], ["f32", "bf16", "s8"], ["some-file"], ["some-file"], ["soft0", "soft1"],
                       ["health", "errors"], ["zsh"], ["soft0", "soft1", "some-file"], []]
