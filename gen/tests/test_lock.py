# SPDX-License-Identifier: MIT
"""The number lock: append-only."""
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
                 "accel ioctl call 0xa7c0", "soft object stream 0x8001",
                 "soft attribute queue.create.parallel 0x8001", "soft field descriptor.matmul.ldc 52",
                 "extra attribute shelf.change.l 12", "fwctl ioctl rpc 0x9a01"):
        assert line in present
    assert not [line for line in present if ".reserved" in line and line.split()[1] in ("field", "bits")]
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
    status, _, output = locked.gen("--check")
    assert status == 1
    assert "spec/numbers.lock: accel attribute queue.kick.hint 2 is not locked yet; run:" in output
    status, out, _ = locked.gen("--update")
    assert status == 0 and "locked accel attribute queue.kick.hint 2" in out
    assert lines(locked) == before + ["accel attribute queue.kick.hint 2"]


@pytest.mark.parametrize("name, path, value, message", [
    ("accel", "objects.3.methods.0.attributes.2.value", 9,
     "accel attribute queue.create.entries is locked to 3, the specification has 9"),
    ("accel", "objects.3.methods.0.attributes.2.name", "slots",
     "accel attribute queue.create.entries 3 is missing in the specification"),
    ("accel", "objects.4.value", 77, "accel object event is locked to 5, the specification has 77"),
    ("soft", "enums.0.members.1.value", 40, "soft member op.copy is locked to 1, the specification has 40"),
    ("soft", "enums.0.members.1", DELETE, "soft member op.copy 1 is missing"),
    ("soft", "constants.0.value", 65, "soft constant descriptor-size is locked to 64, the specification has 65"),
    ("soft", "constants.2.value", 512, "soft limit max-batch may only grow from 1024, the specification has 512"),
    ("sample", "ioctls.0.number", 9, "sample ioctl submit is locked to 0x5301, the specification has 0x5309"),
    ("sample", "structs.1.fields.2.offset", 20, "sample field part.data-len is locked to 16, the spec"),
])
def test_locked_numbers_stay(locked, name, path, value, message):
    before = lines(locked)
    locked.set(name, path, value)
    if name == "soft" and value is DELETE:  # remove references to the member, too
        locked.edit("soft", lambda d: d["structs"][0]["fields"][4]["variants"][0]["when"].remove("copy"))
    for command in ("--check", "--update"):
        status, _, output = locked.gen(command)
        assert status == 1 and f"spec/numbers.lock: {message}" in output
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
    locked.set("accel", "structs.4.size", 32)
    assert locked.gen("--update")[0] == 0
    assert lines(locked) == before + ["accel struct buffer-range 32", "soft limit max-batch 2048"]
    assert locked.gen("--check")[0] == 0
    locked.set("soft", "constants.2.value", 1024)
    assert "soft limit max-batch may only grow from 2048" in locked.gen("--check")[2]


def test_reserved_bytes_may_find_a_use(locked):
    locked.set("accel", "structs.1.fields.4.name", "priority")
    assert locked.gen("--update")[0] == 0
    assert lines(locked)[-1] == "accel field call.priority 12"


@pytest.mark.parametrize("corrupt, message", [
    (lambda text: text + "accel object\n", "'accel object' is not 'uabi kind name number'"),
    (lambda text: text + "accel object queue 4\n", "accel object queue is duplicated"),
    (lambda text: text + "accel struct call 40\n", "accel struct call is duplicated"),
    (lambda text: text[:-1], "spec/numbers.lock: its last line is truncated"),
    (lambda text: text.replace("accel object queue 4\n", ""), "accel object queue 4 is not locked yet"),
])
def test_spoilt_lock(locked, corrupt, message):
    path = locked.spec / lock.FILE
    path.write_text(corrupt(path.read_text()))
    status, _, output = locked.gen("--check")
    assert status == 1 and message in output


def test_missing_lock_is_told_briefly(folder):
    folder.gen("--update")
    (folder.spec / lock.FILE).unlink()
    status, _, output = folder.gen("--check")
    assert status == 1
    assert len(output.splitlines()) == lock.SHOWN + 1 and "more are not locked yet" in output


def test_what_no_release_has_had_can_be_withdrawn(locked):
    path = locked.spec / lock.FILE
    path.write_text(path.read_text() + "withdrawn accel attribute queue.create.entries 3\n")
    locked.set("accel", "objects.3.methods.0.attributes.2.value", 9)
    assert locked.gen("--update")[0] == 0
    assert lines(locked)[-1] == "accel attribute queue.create.entries 9"
    assert locked.gen("--check") == (0, "", "")


def test_a_withdrawn_number_is_not_used_again(locked):
    path = locked.spec / lock.FILE
    path.write_text(path.read_text() + "withdrawn accel attribute queue.create.entries 3\n")
    status, _, output = locked.gen("--check")
    assert status == 1 and "accel attribute queue.create.entries has 3, which was withdrawn" in output


def test_only_what_is_locked_can_be_withdrawn(locked):
    path = locked.spec / lock.FILE
    path.write_text(path.read_text() + "withdrawn accel attribute queue.create.entries 4\n")
    status, _, output = locked.gen("--check")
    assert status == 1 and "accel attribute queue.create.entries 4 is not locked" in output
