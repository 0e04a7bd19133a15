# SPDX-License-Identifier: MIT
"""The comparison with a kernel's headers: differences of either side are reported."""
import pathlib

import pytest

from .conftest import DATA, DELETE

pytest.importorskip("elftools", reason="python3-pyelftools is not installed")
from gen.drift import drift  # noqa: E402

SYSTEM = pathlib.Path("/usr/include")


@pytest.fixture
def include(tmp_path):
    """A folder of headers: the system's and that of tiny."""
    made = tmp_path / "include"
    made.mkdir()
    for name in ("linux", "asm-generic", "asm", "x86_64-linux-gnu"):
        if (SYSTEM / name).exists():
            (made / name).symlink_to(SYSTEM / name)
    (made / "tiny.h").write_text((DATA / "kernel_tiny.h").read_text(encoding="utf-8"), encoding="utf-8")
    return made


def change(include, before, after):
    header = include / "tiny.h"
    text = header.read_text(encoding="utf-8")
    assert text.count(before) == 1
    header.write_text(text.replace(before, after), encoding="utf-8")


def problems(uabi, include):
    return [line.split(": ", 1)[1] for line in drift.check(uabi, include)[1]]


def test_the_same(full, include):
    counts, found = drift.check(full["tiny"], include)
    assert found == []
    assert counts == {"structures": 9, "members": 32, "values": 6, "ioctls": 4, "assertions": 71}


# A change of the kernel's header, and the expected output.
KERNEL = [
    ("__u32 timeout; };", "__u64 timeout; };",
     "structs[8].fields[1]: tiny_thing.timeout has 64 bits from bit 64 in the kernel, 32 from bit 32 here (64 bits)"),
    ("__u32 timeout; };", "__u32 timeout; __u32 more; };",
     "the kernel has the member tiny_thing.more, which is not described here"),
    ("__u32 timeout; };", "__u32 timeout; __u32 more; };",
     "structs[8]: struct tiny_thing has 12 bytes in the kernel, 8 here"),
    ("__u32 timeout; };", "__u32 limit; };", "structs[8].fields[1]: the kernel's struct tiny_thing has no member timeout"),
    ("__s32 change;", "__u32 change;", "structs[3].fields[2]: tiny_opened.change is unsigned in the kernel, signed here"),
    ("__u32 mode;", "__s32 mode;", "structs[6].fields[2]: tiny_make.mode is signed in the kernel, unsigned here"),
    ("__u16 words[2];", "__u32 words;",
     "structs[5].fields[1]: an element of tiny_make.inner.words has 32 bits in the kernel, 16 here"),
    ("__u64 size; } inner;", "__u64 size; __u64 more; } inner;",
     "the kernel has the member tiny_make.inner.more, which is not described here"),
    ("struct tiny_things { struct tiny_head head;", "struct tiny_things { struct tiny_thing head;",
     "structs[7].fields[0]: tiny_things.head is a struct tiny_thing in the kernel, struct tiny_head here"),
    ("struct tiny_things { struct tiny_head head;", "struct tiny_things { __u64 head;",
     "structs[7].fields[0]: tiny_things.head is a number in the kernel, a structure here"),
    ("__u32 size : 24;\n\t__u32 part : 8;", "__u32 size : 23;\n\t__u32 part : 9;",
     "structs[9].fields[0]: tiny_word.part has 9 bits from bit 23 in the kernel, 8 from bit 24 here"),
    ("__u8 data[];", "__u8 data[4];",
     "structs[1]: the kernel's struct tiny_text does not end with an array data[] without a size"),
    ("__u32 low; __u32 high;", "__u32 low; __u32 high; __u32 higher;", "the kernel has the member tiny_word.higher"),
    ("__u64 pattern;", "__u64 pattern; __u64 mask;", "the kernel has the member tiny_word.mask"),
    ("struct tiny_old {", "struct tiny_new { __u8 x; };\nstruct tiny_old {",
     "the kernel has struct tiny_new, which is not described here"),
    ("struct tiny_old { __u32 value; };", "",
     "kernel.leaves-out: tiny_old is not in the kernel's headers, or it is described"),
    ("struct tiny_open {", "struct tiny_close {", "structs[2]: the kernel has no struct tiny_open"),
    ("TINY_OPEN, TINY_OPENED };", "TINY_OPEN, TINY_OPENED, TINY_CLOSED };",
     "the kernel has the value TINY_CLOSED, which is not described here"),
    ("TINY_TEXT = 1,", "TINY_TEXT = 2,", "enums[0].members[0]: the headers contradict (TINY_TEXT) == 0x1ULL"),
    ("enum { TINY_FAST_BIT };", "enum { TINY_FAST_BIT = 3 };", "enums[1].members[0]: the headers contradict"),
    ("enum { TINY_FAST_BIT };", "", "enums[1].members[0]: the headers do not know (1 << TINY_FAST_BIT)"),
    ("#define TINY_TYPE 'T'", "#define TINY_TYPE 'T'\n#define TINY_NEW 3", "the kernel has the value TINY_NEW"),
    ("#define TINY_MAX SZ_1K", "#define TINY_MAX 512", "constants[0]: the headers contradict (TINY_MAX) == 0x400ULL"),
    ("TINY_TYPE, 3, struct", "TINY_TYPE, 9, struct", "ioctls[2]: the headers contradict TINY_FREE"),
    ("_IOW(TINY_TYPE, 3, struct tiny_thing)", "_IOW(TINY_TYPE, 3, struct tiny_head)",
     "ioctls[2]: the argument of TINY_FREE is a struct tiny_head in the kernel, struct tiny_thing here"),
    # Aligned to 4 bytes for 32 bits only.
    ("__u32 door; __u32 pad; };", "__u32 door; __u64 pad; };",
     "structs[2]: struct tiny_open has 20 bytes in the kernel, 16 here (32 bits)"),
]


@pytest.mark.parametrize("before, after, message", KERNEL)
def test_another_kernel(full, include, before, after, message):
    change(include, before, after)
    assert any(line.startswith(message) for line in problems(full["tiny"], include)), problems(full["tiny"], include)


# Wrong copies of the specification.
SPEC = [
    ("structs.6.fields.3", DELETE, "the kernel has the member tiny_make.unused"),
    ("structs.8.kernel", DELETE, "the kernel has struct tiny_thing, which is not described here"),
    ("structs.3.fields.2.type", "u32", "structs[3].fields[2]: tiny_opened.change is signed in the kernel"),
    ("structs.3.fields.2.kernel", "changes", "structs[3].fields[2]: the kernel's struct tiny_opened has no member"),
    ("structs.9.fields.2.kernel", "level", "the kernel has the member tiny_word.height"),
    ("structs.9.fields.0.bits.0.width", 23, "structs[9].fields[0]: tiny_word.size has 24 bits from bit 0"),
    ("structs.1.tail", DELETE, "the kernel has the member tiny_text.data"),
    ("enums.0.members.2", DELETE, "the kernel has the value TINY_OPENED"),
    ("enums.0.members.1.value", 5, "enums[0].members[1]: the headers contradict (TINY_OPEN) == 0x5ULL"),
    ("enums.2.members.0.value", 0x80000002, "enums[2].members[0]: the headers contradict (TINY_BROKEN)"),
    ("constants.0", DELETE, "the kernel has the value TINY_MAX"),
    ("ioctls.3", DELETE, "the kernel has the value TINY_WAIT"),
    ("ioctls.3.number", 5, "ioctls[3]: the headers contradict TINY_WAIT"),
    ("ioctls.3.struct", "things", None),
    ("kernel.leaves-out.0", DELETE, "the kernel has the value TINY_UNUSED"),
    ("kernel.headers.0", "tinier.h", "kernel.headers: tinier.h does not exist below"),
]


@pytest.mark.parametrize("path, value, message", SPEC, ids=[path for path, _, _ in SPEC])
def test_a_wrong_specification(folder, include, path, value, message):
    if path == "constants.0":  # other entries refer to it
        for way in ("structs.0.fields.1.maximum", "structs.4.fields.0.maximum"):
            folder.set("tiny", way, 1024)
        folder.set("tiny", "structs.4.fields.2.target.room", 1024)
    if path == "enums.0.members.2":  # other entries refer to it, too
        folder.set("tiny", "structs.4.fields.2.target.answers.opened", DELETE)
        folder.set("tiny", "structs.9.fields.3.variants.1.when", ["open"])
    folder.set("tiny", path, value)
    found = problems(folder.load()["tiny"], include)
    assert found == [] if message is None else any(line.startswith(message) for line in found), found


def test_a_part_of_a_header(folder, include):
    """With `part` only described declarations are compared."""
    folder.set("tiny", "kernel.covers", "part")
    folder.set("tiny", "structs.8.fields.1", DELETE)
    folder.set("tiny", "ioctls.2.waits", DELETE)
    change(include, "TINY_OPEN, TINY_OPENED };", "TINY_OPEN, TINY_OPENED, TINY_CLOSED };")
    uabi = folder.load()["tiny"]
    assert not [line for line in problems(uabi, include) if "not described" in line]
    change(include, "struct tiny_thing { __u32 handle;", "struct tiny_thing { __u64 handle;")
    assert any(line.startswith("structs[8].fields[0]: tiny_thing.handle") for line in problems(uabi, include))


def test_headers_that_do_not_compile(full, include):
    change(include, "__u32 handle; __u32 timeout;", "__u32 handle __u32 timeout;")
    with pytest.raises(Exception, match="gcc cannot compile the kernel's headers: .*tiny.h:.*error:"):
        drift.check(full["tiny"], include)


def only_tiny(folder):
    for path in folder.spec.glob("*.yaml"):
        if path.stem not in ("tiny", "schema"):
            path.unlink()


def test_the_command(folder, include):
    only_tiny(folder)
    assert folder.gen("--kernel", str(include)) == (
        0, "tiny: 9 structures, 32 members, 6 values, 4 ioctls, 71 assertions; the same\n", "")
    change(include, "__u32 timeout; };", "__u32 timeout; __u32 more; };")
    status, out, output = folder.gen("--kernel", str(include))
    assert (status, out.rsplit("; ")[-1]) == (1, "3 differences\n")
    assert "spec/tiny.yaml: the kernel has the member tiny_thing.more, which is not described here\n" in output


def test_the_command_without_a_kernels_uabi(folder, include):
    for path in folder.spec.glob("*.yaml"):
        if path.stem not in ("ring", "schema"):
            path.unlink()
    status, _, output = folder.gen("--kernel", str(include))
    assert status == 1 and "contains no uABI of the kernel" in output
