# SPDX-License-Identifier: MIT
"""Properties of fields besides their layout: refusals by the rules, and the outputs."""
import re

import pytest

from gen import lock
from gen.load.check_facts import fields
from gen.output.header import header
from gen.output.pages import pages
from gen.output.render import render

from .conftest import DELETE

# tiny: structs 0 head, 1 text, 2 open, 3 opened, 4 message, 5 inner, 6 make, 7 things, 8 thing, 9 word.
REFUSED = [
    # units
    ("tiny", "structs.0.fields.1.unit", DELETE, "structs[0].fields[1]: 'len' needs the key 'unit': what it counts"),
    ("tiny", "structs.8.fields.1.unit", DELETE, "structs[8].fields[1]: 'timeout' needs the key 'unit'"),
    ("tiny", "constants.0.unit", DELETE, "constants[0]: 'max-size' needs the key 'unit'"),
    ("tiny", "structs.8.fields.1.unit", "minutes", "structs[8].fields[1].unit: 'minutes' is not allowed, allowed: bytes"),
    # values
    ("tiny", "structs.0.fields.1.minimum", 2048, "structs[0].fields[1]: the range 2048..1024 is wrong"),
    ("tiny", "structs.9.fields.2.maximum", 65536, "structs[9].fields[2]: the range 0..65536 is wrong, allowed: minimum <= maximum <= 65535"),
    ("tiny", "structs.0.fields.1.maximum", "most", "structs[0].fields[1].maximum: unknown constant 'most'"),
    ("tiny", "structs.3.fields.2.maximum", 1, "structs[3].fields[2]: the key 'maximum' does not go with the type s32"),
    ("tiny", "structs.4.fields.2.unit", "bytes", "structs[4].fields[2]: the key 'unit' does not go with the type pointer"),
    ("tiny", "structs.0.fields.0.reserved", True, "structs[0].fields[0]: 'reserved' and 'enum' cannot both be keys"),
    ("tiny", "structs.2.fields.1.enum", "part", "structs[2].fields[1]: 'enum' and 'handle' cannot both be keys"),
    ("tiny", "structs.2.fields.2.ignored", True, "structs[2].fields[2]: a reserved field is checked and unchanged"),
    ("tiny", "structs.2.fields.2.direction", "out", "structs[2].fields[2]: a reserved field is checked and unchanged"),
    ("tiny", "structs.5.fields.1.handle", "thing", "structs[5].fields[1]: an array cannot be a handle"),
    # handles
    ("tiny", "structs.8.fields.0.handle", "window", "structs[8].fields[0].handle: unknown handle 'window'"),
    ("tiny", "handles.2", {"name": "thing", "errno": "ENOENT", "doc": "Another."}, "handles[2]: the name 'thing' is taken by spec/tiny.yaml: handles[0]"),
    ("tiny", "handles.0.errno", "EBADF", "handles[0]: the errno EBADF is not among errnos, allowed: EINVAL, ENOENT"),
    ("tiny", "structs.8.fields.0.errno", "EBADF", "structs[8].fields[0]: the errno EBADF is not among errnos"),
    ("tiny", "structs.6.fields.1.handle", DELETE, "ioctls[1]: no field of struct make returns a handle(thing)"),
    ("tiny", "structs.6.fields.1.direction", DELETE, "ioctls[1]: no field of struct make returns a handle(thing)"),
    ("tiny", "ioctls.2.destroys", "door", "ioctls[2]: no field of struct thing names a handle(door)"),
    ("tiny", "structs.2.fields.1.handle", DELETE, "structs[2]: no field of struct open names a handle(door)"),
    ("tiny", "structs.3.fields.1.direction", "in", "structs[3]: no field of struct opened returns a handle(door)"),
    # ioctls
    ("tiny", "ioctls.2.waits", "handle", "ioctls[2]: waits: 'handle' is not a field of struct thing with one of the units s"),
    ("tiny", "ioctls.2.waits", "time.out", "ioctls[2]: waits: 'time.out' is not a field of struct thing"),
    ("tiny", "ioctls.2.errnos.0.name", "EBADF", "ioctls[2].errnos[0]: the errno EBADF is not among errnos"),
    ("tiny", "structs.8.fields.1.direction", "out", "structs[8].fields[1]: the ioctl free copies no output"),
    ("tiny", "structs.7.fields.0.direction", "inout", "structs[0].fields[0]: the ioctl wait copies no output"),
    # parts of a number
    ("tiny", "structs.9.fields.0.bits.1.width", 9, "structs[9].fields[0].bits[1]: bits 24 to 32 are outside a u32"),
    ("tiny", "structs.9.fields.0.bits.1.first", 23, "structs[9].fields[0].bits[1]: 'part' overlaps a part before it"),
    ("tiny", "structs.9.fields.0.bits.1.width", 1, "structs[9].fields[0].bits[1]: 1 bits cannot hold every member of 'part'"),
    ("tiny", "structs.9.fields.1.bits.1.name", "code", "structs[9].fields[1].bits[1]: the name 'code' is taken by"),
    ("tiny", "structs.9.fields.2.bits", [{"name": "x", "first": 64, "width": 1, "doc": "X."}],
     "structs[9].fields[2].bits[0].first: 64 is not allowed, allowed: 0 to 63"),
    # lists
    ("tiny", "structs.4.fields.2.target.header", DELETE, "structs[4].fields[2]: target: the kind list needs the key 'header'"),
    ("tiny", "structs.4.fields.2.target.kind", "bytes", "structs[4].fields[2]: target: the kind bytes cannot have the key 'header'"),
    ("tiny", "structs.4.fields.2.target.count-field", "number", "target: count-field: 'number' is not an unsigned field of 'message'"),
    ("tiny", "structs.4.fields.2.target.size-field", "size", "target: size-field: 'size' is not an unsigned field of 'head'"),
    ("tiny", "structs.4.fields.2.target.selector", "len", "selector: 'len' is not a field of 'head' with an enum"),
    ("tiny", "structs.4.fields.2.target.answers.shut", "text", "answers: 'shut' is not a member of 'part', allowed: text, open"),
    ("tiny", "structs.4.fields.2.target.cases.opened", "thing", "cases: struct thing does not begin with struct head"),
    ("tiny", "structs.7.fields.1.target.length-field", "inner.length", "length-field: 'inner.length' is not an unsigned field of 'things'"),
    ("tiny", "structs.7.fields.1.target.length-field", "data.len", "length-field: 'data.len' is not an unsigned field of 'things'"),
    ("tiny", "structs.9.fields.3.selector", "code", "selector: 'code' is not a field of 'word' with an enum"),
    ("tiny", "structs.9.fields.2.kernel", ["level"], "structs[9].fields[2].kernel: ['level'] is not allowed, allowed: at least two"),
    # a memory uABI has no calls
    ("idxd", "structs.1.fields.3.direction", "out", "structs[1].fields[3]: the protocol memory has no calls"),
    # numbers too great for an enum of C
    ("tiny", "enums.2.kind", "enum", "enums[2].members[0]: 0x80000001 does not fit into an enum of C"),
    ("tiny", "enums.2.kind", "flags", "enums[2].members[0]: 0x80000001 is not one bit"),
    # files in sysfs
    ("idxd", "sysfs.0.files.1.words", DELETE, "sysfs[0].files[1]: a word needs the key 'words'"),
    ("idxd", "sysfs.0.files.2.words", [{"name": "one", "doc": "One."}], "sysfs[0].files[2]: a number cannot have the key 'words'"),
    ("idxd", "sysfs.0.files.13.bits", DELETE, "sysfs[0].files[13]: a bitmap needs the key 'bits'"),
    ("idxd", "sysfs.0.files.0.unit", "bytes", "sysfs[0].files[0]: a hex cannot have the key 'unit', only a number"),
    ("idxd", "sysfs.0.files.2.file", "state", "sysfs[0].files[2]: the file 'state' is taken by spec/idxd.yaml: sysfs[0].files[1]"),
    ("idxd", "sysfs.1.name", "device", "sysfs[1]: the name 'device' is taken by spec/idxd.yaml: sysfs[0]"),
    ("idxd", "sysfs.0.path", "/proc/x", "sysfs[0].path: '/proc/x' is not allowed"),
]


@pytest.mark.parametrize("name, path, value, message", REFUSED)
def test_refused(folder, name, path, value, message):
    folder.expect_refusal(name, path, value, message)


def test_facts_of_a_field(full):
    tiny = full["tiny"]
    head, thing, opened = tiny.struct("head"), tiny.struct("thing"), tiny.struct("opened")
    size = head.find("len")
    assert (size.unit, size.minimum, size.maximum, size.refusal) == ("bytes", 8, 1024, "EINVAL")
    handle = thing.find("handle")
    assert handle.handle is tiny.handle("thing") and handle.handle_refusal == "EPERM"
    assert tiny.struct("open").find("door").handle_refusal == "EPERM" and tiny.handle("door").maximum == 7
    assert opened.creates is tiny.handle("door") and tiny.struct("open").destroys is tiny.handle("door")
    assert full["fwctl"].struct("rpc").find("in-len").refusal == "EMSGSIZE"
    assert tiny.ioctls[2].waits == "timeout" and [e.name for e in tiny.ioctls[2].errnos] == ["ETIMEDOUT"]
    data = tiny.struct("message").find("data").target
    assert (data.room, data.size_field, list(data.cases), list(data.answers)) == (
        1024, "len", ["text", "open"], ["text", "opened"])
    assert data.header is head and data.cases["open"] is tiny.struct("open")
    assert tiny.struct("things").follow("inner.len") is size


def test_a_structure_inside_goes_the_way_of_its_field(full):
    tiny = full["tiny"]
    assert [(f.name, way) for f, way in fields(tiny.struct("opened"))] == [
        ("type", "out"), ("len", "out"), ("door", "out"), ("change", "out")]
    assert [(f.name, way) for f, way in fields(tiny.struct("open"))] == [
        ("type", "in"), ("len", "in"), ("door", "in"), ("reserved", "in")]


def test_parts_are_found_by_name(full):
    word = full["tiny"].struct("word")
    part = word.chooser("part")
    assert (part.mask, part.is_bytes, part.c_name) == (0xFF000000, True, "TINY_WORD_CONTROL_PART")
    assert word.chooser("code").mask == 0x7F and not word.chooser("code").is_bytes
    assert word.chooser("level") is word.find("level") and word.chooser("nothing") is None


HEADER = [
    "#define TINY_FAILURE_BROKEN 0x80000001ULL\n",
    " * @len: Its bytes. In bytes. 8 to 1024.\n", " * @type: Its kind. One of enum tiny_part.\n",
    " * @reserved: Zero. Checked.\n", " * @unused: Nothing. Ignored.\n",
    " * @door: The door. Written by the kernel. A handle(door).\n",
    "struct tiny_text {\n\tstruct tiny_head head;\n\t/* data: The bytes. A multiple of 4 bytes. */\n};\n",
    "/* Parts of control of struct tiny_word. */\n/* The size. */\n#define TINY_WORD_CONTROL_SIZE_SHIFT 0\n"
    "#define TINY_WORD_CONTROL_SIZE_MASK 0xffffff\n",
    "#define TINY_WORD_DOOR_HIGH_TOP_SHIFT 31\n#define TINY_WORD_DOOR_HIGH_TOP_MASK 0x80000000ULL\n",
    " * @data: The things. The address of @inner.len elements.\n",
]


def test_header(full):
    text = header(full["tiny"])
    for snippet in HEADER:
        assert snippet in text, snippet


def test_what_the_kernel_does_not_have_is_marked(full):
    text = header(full["qaic"])
    assert "struct accel_qaic_bridge_request - An entry" in text
    assert text.count("Not in the kernel's header.\n") + text.count("Not in the\n *   kernel's header.\n") == 2
    assert "Not in the kernel's header" not in header(full["tiny"])  # inner is an unnamed one of the kernel


PAGE = [
    "| thing | A thing. | ENOENT |\n| door | A door. At most 7. | EPERM |\n",
    "### Errors of free\n", "| ETIMEDOUT | It did not end. |\n", "Frees a [thing](#handles). Sleeps for at most `timeout`. |",
    "| 4 | 4 | `len` | u32 | Its bytes. In bytes. 8 to 1024. |",
    "| 8 | 4 | `door` | u32 | The other door. A handle of [door](#handles), otherwise EPERM. |",
    "| | | ↳ `part` | bits 24 to 31 | The kind. [part](#part). |\n", "| | | ↳ `write` | bit 7 | It was a write. |\n",
    "| 8 | | *data* | bytes | The bytes. A multiple of 4 bytes. |\n",
    "each begins with `struct tiny_head`, whose `len` is its size in bytes and whose `type` is its kind. In: text: "
    "`struct tiny_text`, open: `struct tiny_open`. Out: text: `struct tiny_text`, opened: `struct tiny_opened`. "
    "Room for 1024 bytes is needed.",
    "It reports a new handle(door).", "It frees a handle(door).",
]


def test_page(full):
    text = pages(full)["tiny.md"]
    for snippet in PAGE:
        assert snippet in text, snippet


def test_sysfs_on_its_page_and_as_a_table(full):
    page = pages(full)["idxd.md"]
    assert "### Sysfs: work-queue\n\n`/sys/bus/dsa/devices/wq<m>.<n>`: " in page
    assert re.search(r"\| `mode` \| word \| yes \| .* `dedicated`: .* `shared`: ", page)
    assert "| `op_cap` | bitmap, 256 bits |  | " in page
    table = render("cpp_sysfs.hpp.j2", spec=full)
    assert "namespace idxd::sysfs::work_queue {" in table
    assert 'inline constexpr SysfsFile kMaxTransferSize{"max_transfer_size", SysfsType::number, "bytes", true,' in table
    assert 'inline constexpr const char *kModeShared = "shared";' in table
    assert table.count("&k") == sum(len(folder.files) for folder in full["idxd"].sysfs)


def test_parts_are_locked(full):
    numbers = lock.numbers(full)
    assert ("tiny", "bits", "word.control.part", "0xff000000") in numbers
    assert ("tiny", "bits", "word.door.high.top", "0x80000000") in numbers
    assert ("tiny", "member", "failure.broken", "0x80000001") in numbers
    assert not [n for n in numbers if n[1] == "bits" and n[2].endswith(".reserved")]
