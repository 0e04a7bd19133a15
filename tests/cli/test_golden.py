# SPDX-License-Identifier: MIT
"""The help pages and error messages, compared with texts.golden. ACCEL_UPDATE_GOLDEN=1 rewrites that file."""
import difflib
import gzip
import os
import pathlib
import re
import shlex

from conftest import TOP, run, unprivileged

LICENCE = "# SPDX-License-Identifier: MIT\n\n"
GOLDEN = pathlib.Path(__file__).with_name("texts.golden")

# One command a line, run in a folder with the files of make_files(). SPEC is the folder of specifications. A word in
# brackets before a command names the conditions of CONDITIONS under which it runs.
COMMANDS = """
--help
list --help
info --help
run --help
run deflate --help
run inflate --help
run crc32c --help
run copy --help
run fill --help
run compare --help
run matmul --help
bench --help
top --help
command --help
command identify --help
command get-feature --help
command set-feature --help
command log --help
command self-test --help
command inject-fault --help
command raw --help
uabi --help
uabi show --help
uabi call --help
conform --help
errors --help
version --help
completion --help

version
info null0
errors EBUSY
run matmul -m 3 -n 3 -k 3 --check
run copy data -o /dev/null -v
run compare data other
run compare data short
command log soft0 errors
uabi call soft0 stream.reset -v

frob
run frob
list frob
list --watch --names
run deflate --level 9
run deflate --chunk 1k
run deflate --bgzf --chunk 4096
run fill -o out
run fill -s 1 -p xyz -o out
run matmul -m 1 -n 1
run matmul A -m 1 -n 1 -k 1
run matmul - - -m 1 -n 1 -k 1
run matmul -t f16 -m 1 -n 1 -k 1
run matmul -m 1 -n 65536 -k 65536
run compare - -
run copy data -o data
[input-terminal] run deflate
[output-terminal] run deflate data
bench soft0 --seconds 0
top --interval 0.1
command log soft0 frob
command raw soft0 0x123
completion tcsh
errors EFOO

info nothing7
info nothing7 --json
run crc32c data -d nothing7
run crc32c data -d null0
run copy data --workers 65
bench null0
command identify null0
command set-feature soft0 workers 65
command raw soft0 00
command raw soft0 0600000001000000010000000000000000000000000000000000000000000000
conform nothing7
conform soft0 --filter nothing7
run copy data -o out --faults 1
bench soft0 --faults 1 --op copy --seconds 0.001

run crc32c missing
run crc32c .
[unprivileged] run crc32c secret
run copy data -o .
run copy data -o no/out
run copy data -o /dev/full
[full] errors EBUSY
[few-files] run copy data -o out
run inflate empty -o out
run inflate text -o out
run inflate short.gz -o out
run inflate sum.gz -o out
run inflate wrong.gz -o out
run inflate more.gz -o out
run matmul A data -m 1 -n 1 -k 2

uabi show null0
uabi show missing.yaml
uabi show SPEC/ring.yaml
uabi show broken.yaml
uabi show text.yaml
uabi show nest.yaml
uabi show circle.yaml
uabi call soft0 queue
uabi call soft0 frob.create
uabi call soft0 queue.frob
uabi call soft0 queue.create
uabi call soft0 queue.create entries 4
uabi call soft0 queue.create --frob 1
uabi call soft0 queue.create --entries
uabi call soft0 queue.create --entries 4 --entries 8
uabi call soft0 queue.create --handle 4
uabi call soft0 queue.create --entries x
uabi call soft0 queue.create --entries 3
uabi call soft0 queue.create --entries 0x80000000
uabi call soft0 queue.create --entries 4 --flags 0x100
uabi call soft0 queue.create --entries 4 --flags fast
uabi call soft0 queue.create --entries 4 --parallel 65
uabi call soft0 queue.create --entries 4 --address-space 12345
uabi call soft0 queue.resume
uabi call soft0 address-space.create --mode 7
uabi call soft0 address-space.create --mode handles
uabi call soft0 address-space.map --address 0x1001 --length 0x1000 --access read
uabi call soft0 address-space.map --address +4k --length 0 --access read
uabi call soft0 event.create --fd -1
uabi call soft0 event.create --fd memfd
uabi call soft0 event.create --fd x
uabi call soft0 buffer.create --size 0
uabi call soft0 buffer.import --fd eventfd
uabi call soft0 buffer.register --address 0 --length 4k --access read
uabi call soft0 buffer.register --address x --length 4k --access read
uabi call soft0 buffer.register --address 0xfffffffffffff000 --length 8k --access read
uabi call soft0 command.execute --request 00
uabi call soft0 command.execute --request @missing
uabi call soft0 command.execute --request xyz
"""

# What differs between machines and runs, and its name in the file.
NUMBERS = [
    (r"\bsoft0, soft1(, [\w./:-]+)*", "DEVICES"),
    (r"\bfile descriptor \d+", "file descriptor N"),
    (r"(?m)^( *accel) \d+\.\d+\.\d+$", r"\1 VERSION"),
    (r"\b0x[0-9a-f]{9,16}\b", "ADDRESS"),
    (r"\b[0-9.]+ s\b", "N s"),
    (r"\b[0-9.]+ ([KMG]i)?B/s", "N B/s"),
    (r"\b[0-9.]+ G operations/s", "N G operations/s"),
    (r"\b\d+ workers?\b", "N workers"),
    (r"\bup to \d+ in flight", "up to N in flight"),
    (r"\b0x[0-9a-f]{5}\b", "HANDLE"),
]


def make_files(folder):
    """Files that are wrong in one way each, for the commands."""
    head = "name: x\nprotocol: attribute\n"
    packed = gzip.compress(b"content " * 1000, mtime=0)
    for name, content in {
            "data": bytes(range(256)) * 20, "other": bytes(100) + bytes(range(256)) * 20, "short": bytes(range(256)),
            "A": bytes(8), "secret": b"secret", "empty": b"", "text": b"text, and longer than a header",
            "short.gz": packed[:-9], "sum.gz": packed[:-8] + bytes(4) + packed[-4:],
            "wrong.gz": packed[:10] + b"\xff" * 10 + packed[20:], "more.gz": packed + b"more",
            "broken.yaml": b"a: [b", "text.yaml": b"just text", "circle.yaml": (head + "extends: circle\n").encode(),
            "nest.yaml": (head + "objects:\n  - name: o\n    value: 1\n    methods:\n      - name: m\n        value: 1\n"
                          "        attributes:\n          - {name: a, value: 1, type: nest, direction: in}\n").encode(),
    }.items():
        (folder / name).write_bytes(content)
    (folder / "secret").chmod(0)


def text_of(command, conditions, folder):
    """The normalised output of one command: its own lines indented, standard error after "!"; None: not possible."""
    keywords = dict(conditions)
    if keywords.get("prefix", []) is None:
        return None
    words = [word.replace("SPEC", str(TOP / "spec")) for word in shlex.split(command)]
    result = run(*words, cwd=folder, **keywords)
    lines = [f"    {line}".rstrip() for line in result.text.splitlines()]
    lines += [f"  ! {line}".rstrip() for line in result.error.splitlines()]
    assert lines, f"{result}: no output"
    text = "\n".join([f"exit {result.code}", *lines]) + "\n"
    for path, name in ((str(TOP / "spec"), "SPEC"), (str(folder), "FOLDER")):
        text = text.replace(path, name)
    for pattern, name in NUMBERS:
        text = re.sub(pattern, name, text)
    return text


def sections(text):
    """The sections of the file: its command lines, and the text after each."""
    parts = re.split(r"(?m)^\$ (.*)\n", text)
    return dict(zip(parts[1::2], parts[2::2]))


def test_texts(tmp_path):
    make_files(tmp_path)
    ours, theirs = os.openpty()
    with open("/dev/full", "wb") as full:
        conditions = {
            "": {}, "unprivileged": {"prefix": unprivileged()}, "full": {"stdout": full},
            "few-files": {"prefix": ["prlimit", "--nofile=4"]},
            "input-terminal": {"stdin": theirs}, "output-terminal": {"stdout": theirs}}
        found = {}
        for line in filter(None, COMMANDS.splitlines()):
            condition, command = re.fullmatch(r"(?:\[(\S+)\] )?(.*)", line).groups(default="")
            text = text_of(command, conditions[condition], tmp_path)
            if text is not None:
                found[f"accel {command}" + (f"  # {condition}" if condition else "")] = text + "\n"
    os.close(theirs)
    os.close(ours)
    if os.environ.get("ACCEL_UPDATE_GOLDEN"):
        GOLDEN.write_text(LICENCE + "".join(f"$ {line}\n{text}" for line, text in found.items()).rstrip("\n") + "\n",
                          encoding="utf-8")
    golden = sections(GOLDEN.read_text(encoding="utf-8") + "\n")
    if unprivileged() is None:
        golden = {line: text for line, text in golden.items() if not line.endswith("# unprivileged")}
    expected, got = ([f"$ {line}\n{text}" for line, text in texts.items()] for texts in (golden, found))
    difference = list(difflib.unified_diff("".join(expected).splitlines(), "".join(got).splitlines(), "texts.golden",
                                           "the program", lineterm=""))
    assert not difference, "\n".join(["ACCEL_UPDATE_GOLDEN=1 accepts this:", *difference])
