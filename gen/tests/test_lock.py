# SPDX-License-Identifier: MIT
"""The number lock: appended to, never changed."""
import pytest

from gen import lock

from .conftest import DELETE


@pytest.fixture
def locked(folder):
    """A folder whose numbers are all locked."""
    assert folder.gen("--update")[0] == 0
    return folder


def lines(folder):
    return (folder.spec / lock.FILE).read_text(encoding="utf-8").splitlines()


def test_forms_of_lines(locked):
    present = lines(locked)
    assert present[0] == "# SPDX-License-Identifier: MIT"
    for line in ("accel object queue 4", "accel method queue.create 1", "accel attribute queue.create.entries 3",
                 "accel member reason.out-of-range 9", "accel constant driver-namespace 0x8000",
                 "accel limit max-attributes 64", "accel struct call 40", "accel field call.error 24",
                 "accel ioctl call 0x6440", "soft object stream 0x8001",
                 "soft attribute queue.create.parallel 0x8001", "soft field descriptor.matmul.ldc 52",
                 "extra attribute shelf.change.p.inner.colour 1", "fwctl ioctl rpc 0x9a01"):
        assert line in present
    assert not [line for line in present if "reserved" in line]
    assert len(present) == len(set(present))


def test_check_passes_after_update(locked):
    assert locked.gen("--check") == (0, "", "")


def test_update_twice_adds_nothing(locked):
    before = lines(locked)
    assert locked.gen("--update") == (0, "", "")
    assert lines(locked) == before


def test_new_name_is_named_by_check_and_appended_by_update(locked):
    before = lines(locked)
    locked.set("accel", "objects.3.methods.2.attributes.1", {
        "name": "hint", "value": 2, "type": "u32", "direction": "in", "doc": "A hint."})
    status, _, said = locked.gen("--check")
    assert status == 1
    assert "spec/numbers.lock: accel attribute queue.kick.hint 2 is not locked yet; run:" in said
    status, out, _ = locked.gen("--update")
    assert status == 0 and "locked accel attribute queue.kick.hint 2" in out
    assert lines(locked) == before + ["accel attribute queue.kick.hint 2"]


@pytest.mark.parametrize("name, path, value, message", [
    ("accel", "objects.3.methods.0.attributes.2.value", 9,
     "accel attribute queue.create.entries for ever is 3, the specification says 9"),
    ("accel", "objects.3.methods.0.attributes.2.name", "slots",
     "accel attribute queue.create.entries 3 has vanished from the specification"),
    ("accel", "objects.4.value", 77, "accel object event for ever is 5, the specification says 77"),
    ("soft", "enums.0.members.1.value", 40, "soft member op.copy for ever is 1, the specification says 40"),
    ("soft", "enums.0.members.1", DELETE, "soft member op.copy 1 has vanished"),
    ("soft", "constants.0.value", 65, "soft constant descriptor-size for ever is 64, the specification says 65"),
    ("soft", "constants.2.value", 512, "soft limit max-batch may only grow from 1024, the specification says 512"),
    ("sample", "ioctls.0.number", 9, "sample ioctl submit for ever is 0x5301, the specification says 0x5309"),
    ("sample", "structs.1.fields.2.offset", 20, "sample field part.data-len for ever is 16, the spec"),
])
def test_locked_numbers_stay(locked, name, path, value, message):
    before = lines(locked)
    locked.set(name, path, value)
    if name == "soft" and value is DELETE:  # what refers to the member goes too
        locked.edit("soft", lambda d: d["structs"][0]["fields"][4]["variants"][0]["when"].remove("copy"))
    for command in ("--check", "--update"):
        status, _, said = locked.gen(command)
        assert status == 1 and f"spec/numbers.lock: {message}" in said
    assert lines(locked) == before


def test_update_refuses_before_it_writes_anything(locked):
    header = locked.top / "include/uapi/accel/soft.h"
    before = header.read_text()
    locked.set("soft", "enums.0.members.1.value", 40)
    assert locked.gen("--update")[0] == 1
    assert header.read_text() == before


def test_limits_and_structures_may_grow(locked):
    before = lines(locked)
    locked.set("soft", "constants.2.value", 2048)
    locked.set("accel", "structs.3.size", 32)
    assert locked.gen("--update")[0] == 0
    assert lines(locked) == before + ["accel struct buffer-range 32", "soft limit max-batch 2048"]
    assert locked.gen("--check")[0] == 0
    locked.set("soft", "constants.2.value", 1024)
    assert "soft limit max-batch may only grow from 2048" in locked.gen("--check")[2]


def test_reserved_bytes_may_find_a_use(locked):
    locked.set("accel", "structs.1.fields.4.name", "priority")
    assert locked.gen("--update")[0] == 0
    assert lines(locked)[-1] == "accel field call.priority 12"


@pytest.mark.parametrize("spoil, message", [
    (lambda text: text + "accel object\n", "'accel object' is not 'uabi kind name number'"),
    (lambda text: text + "accel object queue 4\n", "accel object queue stands twice"),
    (lambda text: text + "accel struct call 40\n", "accel struct call stands twice"),
    (lambda text: text[:-1], "spec/numbers.lock: its last line is cut off"),
    (lambda text: text.replace("accel object queue 4\n", ""), "accel object queue 4 is not locked yet"),
])
def test_spoilt_lock(locked, spoil, message):
    path = locked.spec / lock.FILE
    path.write_text(spoil(path.read_text()))
    status, _, said = locked.gen("--check")
    assert status == 1 and message in said


def test_missing_lock_is_told_briefly(folder):
    folder.gen("--update")
    (folder.spec / lock.FILE).unlink()
    status, _, said = folder.gen("--check")
    assert status == 1
    assert len(said.splitlines()) == lock.SHOWN + 1 and "more are not locked yet" in said


def append(folder, line):
    path = folder.spec / lock.FILE
    path.write_text(path.read_text() + line + "\n")


def drop_register(locked):
    """The member publication.register leaves the specification."""
    locked.edit("ring", lambda d: d["enums"][0]["members"].pop())


def test_a_retired_number_is_never_used_again(locked):
    drop_register(locked)
    assert "ring member publication.register 4 has vanished" in locked.gen("--check")[2]
    append(locked, "ring member publication.register 4 retired")
    assert locked.gen("--update")[0] == 0 and locked.gen("--check") == (0, "", "")
    locked.edit("ring", lambda d: d["enums"][0]["members"].append({"name": "mail", "value": 4, "doc": "New."}))
    for command in ("--check", "--update"):
        status, _, said = locked.gen(command)
        assert status == 1
        assert "ring member publication.register 4 was retired, and publication.mail has its number" in said
    locked.set("ring", "enums.0.members.2.value", 5)
    assert locked.gen("--update")[0] == 0


def test_a_retired_name_is_never_used_again(locked):
    drop_register(locked)
    append(locked, "ring member publication.register 4 retired")
    locked.edit("ring", lambda d: d["enums"][0]["members"].append({"name": "register", "value": 9, "doc": "New."}))
    status, _, said = locked.gen("--update")
    assert status == 1 and "ring member publication.register was retired; no name is used a second time" in said


def test_a_renamed_field_keeps_its_number(locked):
    def rename(document):
        layout = next(s for s in document["structs"] if s["name"] == "layout")
        next(f for f in layout["fields"] if f["name"] == "tag-offset")["name"] = "mark-offset"
    locked.edit("ring", rename)
    append(locked, "ring field layout.tag-offset 40 renamed")
    assert locked.gen("--update")[0] == 0
    assert lines(locked)[-1] == "ring field layout.mark-offset 40"
    append(locked, "ring field layout.mark-offset 40 renamed")
    assert "ring field layout.mark-offset was renamed; no name is used a second time" in locked.gen("--check")[2]


def test_what_is_renamed_to_nothing_is_told(locked):
    drop_register(locked)
    append(locked, "ring member publication.register 4 renamed")
    assert "was renamed, but no other name has its number; retire it" in locked.gen("--check")[2]


@pytest.mark.parametrize("line, message", [
    ("ring member publication.mail 4 retired", "ring member publication.mail 4 stands in no line before"),
    ("ring member publication.register 5 retired", "ring member publication.register 5 stands in no line before"),
    ("ring member publication.register 4 forgotten", "and one of: retired, renamed"),
    ("ring member publication.register 4 retired\nring member publication.register 4", "register stands twice"),
])
def test_only_what_is_locked_can_go(locked, line, message):
    append(locked, line)
    status, _, said = locked.gen("--check")
    assert status == 1 and message in said
