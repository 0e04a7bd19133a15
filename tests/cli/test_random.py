# SPDX-License-Identifier: MIT
"""Random command lines of every command: options with odd values, odd files, closed or full standard streams.

The program must not crash or hang, must exit with a documented status, must print no control character to standard
error, and must leave no temporary file. ACCEL_COMMAND_LINES sets the number of command lines, ACCEL_SEED repeats a run.
"""
import gzip
import os
import pathlib
import random
import resource
import signal
import subprocess
import time

import yaml

from conftest import ACCEL, SANITIZED, TOP, good

COUNT = int(os.environ.get("ACCEL_COMMAND_LINES", "250"))
DEADLINE = 60 if SANITIZED else 20
LONG_DEADLINE = 5 if SANITIZED else 2
MOST_OUTPUT = 4 << 20
EVIL = "evil\ndeadbeef  good\x1b[2J\r\x07"
DOCUMENTED = range(7)

# A command with one of these words may run until it is ended by SIGTERM: reading /dev/full never ends.
LONG = {"top", "list", "bench", "conform", "fill", "self-test", "/dev/full"}
FILES = ["in", "in.gz", "cut.gz", "two.gz", "garbage.gz", "empty", "big", "a.f32", "dir", "missing", "missing/file", "", "-",
         ".", "..", "loop", "/", "/dev/null", "/dev/full", "/dev/stdin", "x" * 300, "x/" * 3000, EVIL, "missing" + EVIL,
         os.fsdecode(b"\xff\xfe"), "é×", "--", "-x", "@in", "@missing", "soft0", "in/file"]
OUTPUTS = ["out", "in", "big", "dir", "missing/file", "", "-", "/dev/null", "/dev/full", "x" * 300, EVIL, "loop", "dangling",
           os.fsdecode(b"\xff\xfe"), "/proc/version", "dir/out"]
DEVICES = ["soft0", "soft0", "soft1", "null0", "soft2", "accel0", "", " ", "soft0\n", EVIL, "x" * 5000, "../soft0", "SOFT0",
           "soft00", "/dev/accel/accel0", os.fsdecode(b"\xff")]
# No number between 300 and 65536: matrices of that size take minutes.
NUMBERS = ["0", "1", "2", "3", "16", "64", "65", "255", "0x10", "0X2", "1k", "4k", "-1", "+1", "65537", "1G", "1T", "1e3", "1.5",
           "4294967295", "4294967296", "9223372036854775808", "18446744073709551615", "18446744073709551616", "9" * 400, "",
           " 1", "1 ", "0x", "k", "08", "1kk", "1K", "NaN", "٣", "1\n", "½"]
SECONDS = ["0.001", "0.002", "0.2", "0", "-1", "nan", "inf", "1e-400", "1e400", "0x1", "", "0,5", "1s", "-0", ".2", "3601"]
WORDS = ["", "copy", "crc32c", "matmul", "all", "f32", "bf16", "s8", "health", "errors", "configuration", "debug-full", "workers",
         "spin-ns", "counters", "00", "ff", "0x00", "zz", "0" * 4097, EVIL, "x" * 70000, "EBUSY", "16", "-16", "in-use", "bash",
         "tree", "queue.create", "queue.", ".create", ".", "[", "*", "\\", "%s%n", "{}", "©", os.fsdecode(b"\xc3")]
ODD = ["--", "-", "--help", "-h", "--version", "--json", "-v", "--trace", "--no-such-option", "--=", "---", "-=", "--json=1",
       "--json=", "-vvvv", "-dsoft0", "-d", "--device", "--output", "-o", "@", EVIL, "--" + EVIL, "-\x1b", "x" * 4096]


def leaves(node, path=()):
    """Each command without children, with the words that lead to it."""
    words = (*path, node["name"])
    if not node["commands"]:
        yield words[1:], node
    for child in node["commands"]:
        yield from leaves(child, words)


def methods():
    """Each "OBJECT.METHOD" of the common uABI and of soft, with the names of its attributes."""
    found = {}
    for name in ("accel", "soft"):
        spec = yaml.safe_load((TOP / f"spec/{name}.yaml").read_text(encoding="utf-8"))
        for thing in spec.get("objects", []):
            for method in thing["methods"]:
                found[f"{thing['name']}.{method['name']}"] = [a["name"] for a in method.get("attributes", [])]
    return found


class Generator:
    """Makes command lines."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.commands = list(leaves(good("completion", "tree").json))
        self.methods = methods()
        self.specs = sorted(str(path) for path in (TOP / "spec").glob("*.yaml"))

    def one_in(self, count):
        return self.random.randrange(count) == 0

    def value(self, argument):
        """A value for an argument of the tree, mostly of the right kind."""
        pick = self.random.choice
        name = argument["name"]
        if self.one_in(12):
            return pick(ODD + WORDS + NUMBERS + FILES)
        if name in ("--seconds", "--interval"):
            return pick(SECONDS)
        if name in ("--output", "--plot"):
            return pick(OUTPUTS)
        if name == "DEV|FILE":
            return pick(DEVICES + FILES + self.specs + ["damaged.yaml"] * 30)
        if "DEV" in (name, argument["value"]):
            return "soft0" if self.one_in(2) else pick(DEVICES)
        if argument["words"] and not self.one_in(5):
            return pick(argument["words"])
        if "FILE" in (name, argument["value"]) or name in ("A", "B"):
            return pick(FILES)
        if argument["value"] == "N" or name in ("VALUE", "COUNT"):
            return pick(NUMBERS)
        return pick(WORDS)

    def call(self):
        """`uabi call` of any method."""
        method = self.random.choice(list(self.methods))
        line = ["uabi", "call", self.random.choice(DEVICES[:4]), method]
        for name in self.methods[method]:
            if not self.one_in(3):
                line += ["--" + name, self.random.choice(NUMBERS + WORDS + FILES[:12])]
        return line

    def line(self):
        words, node = self.random.choice(self.commands)
        if words == ("uabi", "call") and not self.one_in(4):
            line = self.call()
        else:
            line = list(words)
            for argument in node["positionals"]:
                if not self.one_in(12):
                    line.append(self.value(argument))
            for option in node["options"]:
                if option["name"] == "--help" or not self.one_in(3):
                    continue
                line.append(option["letter"] if option["letter"] and self.one_in(2) else option["name"])
                if option["value"] and not self.one_in(20):
                    line.append(self.value(option))
        line += self.limits(words, line)
        while self.one_in(8):
            line.insert(self.random.randrange(len(line) + 1), self.random.choice(ODD))
        return [word.replace("\0", "") for word in line]

    def limits(self, words, line):
        """Options that keep a command short, in most cases."""
        if words == ("top",) and "--count" not in line:
            return ["--count", "1", "--interval", "0.2"]
        if words == ("bench",) and "--seconds" not in line:
            return ["--seconds", "0.001", "--op", self.random.choice(["copy", "nop", "crc32c"])]
        if words == ("conform",) and "--list" not in line:
            return ["--filter", self.random.choice(["1.1", "null", "random", "message", "nothing"])]
        return []


def make_files(generator):
    """The files of FILES and OUTPUTS that exist."""
    content = generator.random.randbytes(2000) + bytes(3000)
    packed = gzip.compress(content)
    for name, data in {"in": content, "in.gz": packed, "cut.gz": packed[:-20], "two.gz": packed * 2, "empty": b"",
                       "garbage.gz": packed + b"\r\n", "a.f32": bytes(64 * 64 * 4), "big": content * 300, EVIL: content,
                       os.fsdecode(b"\xff\xfe"): packed}.items():
        pathlib.Path(name).write_bytes(data)
    pathlib.Path("dir").mkdir()
    os.symlink("loop", "loop")
    os.symlink("dangling-target", "dangling")


def damage_spec(generator):
    """Writes damaged.yaml: a specification with changed bytes, values or lines."""
    pick = generator.random
    lines = pathlib.Path(pick.choice(generator.specs)).read_text(encoding="utf-8").splitlines()
    for _ in range(pick.randrange(1, 6)):
        at = pick.randrange(len(lines))
        change = pick.randrange(5)
        if change == 0:
            del lines[at:at + pick.randrange(1, 9)]
        elif change == 1:
            lines[at] = lines[at].replace(":", pick.choice([": -1 #", ": [", ": {", "", ": *x", ": &x", ": !!binary"]), 1)
        elif change == 2:
            lines.insert(at, lines[pick.randrange(len(lines))])
        elif change == 3:
            lines[at] = lines[at][:pick.randrange(len(lines[at]) + 1)] + pick.choice(WORDS + NUMBERS)
        else:
            lines[at] = pick.choice([" ", "\t", "- "]) + lines[at]
        lines = lines or [""]
    pathlib.Path("damaged.yaml").write_bytes("\n".join(lines).encode(errors="surrogateescape"))


class Streams:
    """Standard streams of one run: files, devices, broken pipes, or closed."""

    def __init__(self, generator):
        pick = generator.random.choice
        self.closed = [fd for fd in range(3) if generator.one_in(25)]
        self.stdin = os.open(pick(["in", "in.gz", "two.gz", "cut.gz", "empty", "/dev/null", "dir"]), os.O_RDONLY)
        self.kind = pick(["file"] * 6 + ["null", "full", "broken"])
        if self.kind == "broken":
            reader, self.stdout = os.pipe()
            os.close(reader)
        else:
            self.stdout = os.open({"file": "stdout", "null": "/dev/null", "full": "/dev/full"}[self.kind],
                                  os.O_RDWR | os.O_CREAT | os.O_TRUNC)
        self.is_unreadable = 2 in self.closed or generator.one_in(25)
        self.stderr = os.open("/dev/full" if self.is_unreadable else "stderr", os.O_RDWR | os.O_CREAT | os.O_TRUNC)

    def prepare(self):
        """Called in the child before exec()."""
        resource.setrlimit(resource.RLIMIT_FSIZE, (MOST_OUTPUT, MOST_OUTPUT))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if not SANITIZED:
            resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
        for fd in self.closed:
            os.close(fd)

    def close(self):
        for fd in (self.stdin, self.stdout, self.stderr):
            os.close(fd)

    def text(self):
        """What the program wrote to standard error."""
        return b"" if self.is_unreadable else pathlib.Path("stderr").read_bytes()


def run_line(line, streams, locale):
    """Runs one command line; returns its status, and whether it had to be ended."""
    environment = {**os.environ, "LC_ALL": locale}
    words = [ACCEL, *map(os.fsencode, line)]
    with subprocess.Popen(words, stdin=streams.stdin, stdout=streams.stdout, stderr=streams.stderr,
                          preexec_fn=streams.prepare, env=environment) as process:
        try:
            return process.wait(LONG_DEADLINE if LONG & set(line) else DEADLINE), False
        except subprocess.TimeoutExpired:
            process.terminate()
        try:
            return process.wait(30), True
        except subprocess.TimeoutExpired:
            process.kill()
            return process.wait(), True


def complaint(line, status, ended, streams, locale):
    """What is wrong with a run; None: nothing."""
    error = streams.text()
    if ended and (status != -signal.SIGTERM or not LONG & set(line)):
        return "it did not end" if status != -signal.SIGTERM else "it took too long"
    broken = status == -signal.SIGPIPE and streams.kind == "broken"
    if not ended and not broken and status not in DOCUMENTED:
        return f"the status {status} is not documented"
    if any(byte < 32 and byte != 10 or byte == 127 for byte in error):
        return f"a control character on standard error: {error!r}"
    if locale == "C" and "--json" not in line and any(byte > 127 for byte in error):
        return f"a character that the locale does not have: {error!r}"
    left = [name for name in os.listdir() + os.listdir("dir") if name.startswith(".") and ".accel-" in name]
    return f"temporary files remain: {left}" if left else None


def test_random_command_lines(tmp_path, monkeypatch):
    seed = int(os.environ.get("ACCEL_SEED", str(time.time_ns() % 2**32)), 0)
    print(f"ACCEL_SEED={seed}")
    monkeypatch.chdir(tmp_path)
    generator = Generator(seed)
    make_files(generator)
    wrong, statuses = [], {}
    for number in range(COUNT):
        if number % 16 == 0:
            damage_spec(generator)
        line = generator.line()
        locale = generator.random.choice(["C", "C.UTF-8"])
        streams = Streams(generator)
        status, ended = run_line(line, streams, locale)
        problem = complaint(line, status, ended, streams, locale)
        streams.close()
        statuses[status] = statuses.get(status, 0) + 1
        if problem:
            wrong.append(f"{number}: accel {line!r} ({locale}, stdout {streams.kind}, closed {streams.closed}): {problem}")
    print(f"{COUNT} command lines; statuses {dict(sorted(statuses.items()))}")
    assert not wrong, "\n".join(wrong)
