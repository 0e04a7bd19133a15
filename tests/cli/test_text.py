# SPDX-License-Identifier: MIT
"""Names that could forge lines or change the terminal, and characters that the locale does not have."""
import json
import os
import subprocess

import pytest

from conftest import ACCEL, DEVICE, DIFFERENCE, FILE, OK, USAGE, good, refused, run

EVIL = b"evil\ndeadbeef  good\x1b[2J\r\x07"
NAMES = [b"a\nb", b"back\\slash", b"a\rb", b"\\\n\r", EVIL, b"plain name", "é×".encode(), b"\xff\xfe"]


def environment(locale):
    return {**os.environ, "LC_ALL": locale}


def gnu(*command, locale="C.UTF-8", cwd=None):
    return subprocess.run(command, capture_output=True, check=False, env=environment(locale), cwd=cwd)


def accel(*arguments, locale="C.UTF-8", **keywords):
    return subprocess.run([ACCEL, *arguments], capture_output=True, check=False, env=environment(locale),
                          stdin=subprocess.DEVNULL, **keywords)


def is_clean(text):
    """Whether the text has no control character except newlines."""
    return not any(byte < 32 and byte != 10 or byte == 127 for byte in text)


@pytest.mark.parametrize("name", NAMES, ids=repr)
def test_a_sum_names_the_file_as_sha256sum_does(tmp_path, name):
    (tmp_path / os.fsdecode(name)).write_bytes(b"content")
    wanted = gnu("sha256sum", name, cwd=tmp_path).stdout
    escaped = wanted.startswith(b"\\")
    line = accel("run", "crc32c", name, cwd=tmp_path).stdout
    assert line.count(b"\n") == 1 and line.startswith(b"\\") == escaped
    assert line[escaped + 8:] == wanted[escaped + 64:]


def test_a_sum_on_a_terminal_does_not_change_it(tmp_path):
    (tmp_path / "a\x1b[2Jb").write_bytes(b"")
    done = subprocess.run(["script", "-qec", f"{ACCEL} run crc32c 'a\x1b[2Jb'", "/dev/null"], cwd=tmp_path,
                          capture_output=True, check=True, stdin=subprocess.DEVNULL, env=environment("C.UTF-8"))
    assert b"  a?[2Jb" in done.stdout


@pytest.mark.parametrize("locale", ["C", "C.UTF-8"])
@pytest.mark.parametrize("name", [b"x\ny", b"\nx", b"x\n", EVIL, "é\n".encode(), b"\xff\xfe"], ids=repr)
def test_a_name_in_an_error_is_quoted_as_by_gnu(tmp_path, name, locale):
    wanted = gnu("cat", name, locale=locale, cwd=tmp_path).stderr.removeprefix(b"cat: ").split(b": No such")[0]
    done = accel("run", "crc32c", name, locale=locale, cwd=tmp_path)
    assert done.returncode == FILE
    assert done.stderr.removeprefix(b"accel: ").startswith(wanted + b": ")
    assert done.stderr.count(b"\n") == 1 and is_clean(done.stderr)


def test_a_quoted_name_can_be_read_by_the_shell(tmp_path):
    for name in (b"it's\n", b"'\n'", EVIL):
        error = accel("run", "crc32c", name, cwd=tmp_path).stderr.removeprefix(b"accel: ")
        word = error.split(b": ")[0]
        assert subprocess.run(["bash", "-c", b"printf %s " + word], capture_output=True, check=True).stdout == name


@pytest.mark.parametrize("arguments", [
    ["info", EVIL], ["run", "copy", "-d", EVIL], ["bench", EVIL], ["top", EVIL], [EVIL], ["errors", EVIL],
    ["run", "matmul", "-m", EVIL], ["uabi", "show", EVIL], ["uabi", "show", EVIL + b".yaml"],
    ["uabi", "call", "soft0", EVIL], ["uabi", "call", "soft0", "queue.create", b"--" + EVIL, "1"],
    ["uabi", "call", "soft0", "queue.create", "--entries", EVIL], ["command", "raw", "soft0", EVIL],
    ["run", "fill", "-s", "1", "-p", EVIL, "-o", "-"], ["run", "copy", "/dev/null", "-o", b"no/" + EVIL]],
    ids=lambda arguments: repr(arguments[:2]))
def test_no_error_has_a_control_character(arguments):
    done = accel(*arguments)
    assert done.returncode in (USAGE, DEVICE, FILE), done
    assert is_clean(done.stderr) and done.stdout == b""
    assert all(line.startswith(b"accel: ") for line in done.stderr.splitlines())


def test_the_other_lines_with_names(tmp_path):
    (tmp_path / os.fsdecode(EVIL)).write_bytes(b"one")
    (tmp_path / "other").write_bytes(b"two")
    done = accel("run", "compare", EVIL, "other", cwd=tmp_path)
    assert done.returncode == DIFFERENCE and done.stdout.count(b"\n") == 1 and is_clean(done.stdout)
    done = accel("run", "copy", EVIL, "-o", "/dev/null", "-v", cwd=tmp_path)
    assert done.returncode == OK and done.stderr.count(b"\n") == 1 and is_clean(done.stderr)


def test_json_has_the_unchanged_name(tmp_path):
    name = "a\nb\x1b"
    (tmp_path / name).write_bytes(b"")
    assert good("run", "crc32c", "--json", name, cwd=tmp_path).json["input"] == name


def test_an_answer_with_control_characters_is_one_line():
    """A device may report any text."""
    for line in good("command", "identify", "soft0").text.splitlines():
        assert line.isprintable()


COMMANDS = [["--help"], ["run", "--help"], ["run", "matmul", "--help"], ["uabi", "call", "--help"],
            ["run", "matmul", "-m", "3", "-n", "3", "-k", "3", "--check"],
            ["run", "matmul", "-m", "x", "-n", "3", "-k", "3"], ["run", "fill", "-s", "9", "-o", "/dev/null", "-v"],
            ["uabi", "call", "soft0", "device.describe"], ["info", "soft0", "--trace"], ["list"], ["errors"]]


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_other_locales_get_ascii(arguments):
    done = accel(*arguments, locale="C")
    assert done.stdout.isascii() and done.stderr.isascii()
    assert done.returncode == accel(*arguments).returncode


def test_utf8_locales_get_more():
    help_text = accel("run", "--help").stdout
    assert "A × B".encode() in help_text
    assert help_text.replace("×".encode(), b"x") == accel("run", "--help", locale="C").stdout
    assert "3 × 3 × 3 f32 → f32".encode() in accel("run", "matmul", "-m3", "-n3", "-k3").stdout
    assert b"3 x 3 x 3 f32 -> f32" in accel("run", "matmul", "-m3", "-n3", "-k3", locale="C").stdout


def test_json_is_utf8_in_every_locale():
    done = accel("run", "matmul", "-m3", "-n3", "-k3", "--json", locale="C")
    assert json.loads(done.stdout.decode("utf-8"))["input"] == "3 × 3 × 3 f32"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completions_do_not_depend_on_the_locale(shell):
    script = accel("completion", shell, locale="C").stdout
    assert script.isascii() and script == accel("completion", shell).stdout


def test_a_short_name_of_a_temporary_file_has_whole_characters(tmp_path):
    """It begins with the name of the file; some file systems refuse a part of a character."""
    name = "é" * 127
    done = subprocess.run(["strace", "-f", "-e", "trace=openat", "-s", "400", "-xx", "-o", tmp_path / "trace", ACCEL,
                           "run", "fill", "-s", "1", "-o", tmp_path / name], check=False, capture_output=True)
    if done.returncode:
        pytest.skip("strace cannot be used here")
    names = [bytes(int(byte, 16) for byte in line.split('"')[1].split("\\x")[1:])
             for line in (tmp_path / "trace").read_text(encoding="ascii").splitlines() if "O_EXCL" in line]
    temporary = [os.path.basename(name) for name in names if b".accel-" in name]
    assert temporary and all(name.decode("utf-8") for name in temporary)


def test_an_unknown_device(tmp_path):
    refused(DEVICE, "info", "x\ny", mentions="'x'$'\\n''y'")
    assert run("info", "x\ny").error.count("\n") == 1
