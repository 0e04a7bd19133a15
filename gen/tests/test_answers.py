# SPDX-License-Identifier: MIT
"""include/accel/answers.h: the answers of queries, which only grow."""
import pytest

from gen import lock
from gen.__main__ import main
from gen.model.answers import layout, offsets
from gen.output import answers

from .conftest import DELETE
from .test_headers import MODES, compiles, mode_name

QUERY = "objects.queue.methods.query"
FACT = {"name": "lost", "value": 8, "type": "u32", "direction": "out", "doc": "Entries that got lost."}


def add(folder, attribute, method=QUERY):
    """Append an attribute to the method."""
    def change(document):
        place = document
        for part in method.split("."):
            place = next(e for e in place if e["name"] == part) if isinstance(place, list) else place[part]
        place["attributes"].append(attribute)
    folder.edit("accel", change)


def queue_info(folder):
    """({member: offset}, size) of accel_queue_info."""
    query = folder.load()["accel"].object("queue").find("query")
    return dict(offsets(query.answer)), layout(query.answer)[1]


def test_golden(real):
    text = answers.header(real["accel"])
    for snippet in (
            "/* SPDX-License-Identifier: MIT */\n",
            "struct accel_queue_info {\n\tuint32_t size;\n\tuint32_t reserved;\n\tuint64_t given;\n"
            "\tuint32_t state;\n\tuint8_t pad20[4];\n\tuint64_t submitted;\n",
            "#define ACCEL_QUEUE_INFO_GIVEN_STATE (1ULL << 2)\n",
            " * @state: ", " One of enum accel_queue_state.\n", " * @features: ", " Bits ACCEL_FEATURE_*.\n",
            "\tchar driver[64];\n\tchar model[128];\n\tuint64_t features;\n",
            "\tuint64_t buffer_size;\n", "#define ACCEL_BUFFER_INFO_GIVEN_BUFFER_SIZE (1ULL << 3)\n",
            "ACCEL_ANSWER_OFFSET_(accel_queue_info, wakes, 56);\n"):
        assert snippet in text
    assert "\n\n\n" not in text and all(line == line.rstrip() for line in text.splitlines())


@pytest.mark.parametrize("mode", MODES, ids=mode_name)
def test_it_compiles_without_holes(folder, tmp_path, mode):
    add(folder, FACT)
    add(folder, FACT | {"name": "label", "value": 9, "type": "string", "length": 3})
    add(folder, FACT | {"name": "since", "value": 10, "type": "deadline"})
    (tmp_path / "answers.h").write_text(answers.header(folder.load()["accel"]), encoding="utf-8")
    use = """
#include "answers.h"
#include "answers.h"
unsigned long long told(const struct accel_queue_info *info);
unsigned long long told(const struct accel_queue_info *info)
{
	return info->given & ACCEL_QUEUE_INFO_GIVEN_SINCE ? info->since : (unsigned char)info->label[2];
}
"""
    assert compiles(mode, use, tmp_path) == (True, "")


def test_a_new_fact_is_at_the_end(folder):
    before, size = queue_info(folder)
    add(folder, FACT)
    after, grown = queue_info(folder)
    assert after == before | {"lost": size} and grown == size + 8


def test_the_order_is_that_of_the_numbers(folder):
    before = queue_info(folder)
    folder.edit("accel", lambda d: next(
        m for o in d["objects"] if o["name"] == "queue" for m in o["methods"] if m["name"] == "query"
    )["attributes"].reverse())
    assert queue_info(folder) == before


def test_members_are_locked_where_they_are(folder):
    assert folder.gen("--update")[0] == 0
    assert "accel answer queue-info.wakes 56" in (folder.spec / lock.FILE).read_text()
    folder.set("accel", "objects.device.methods.query.attributes.driver.length", 72)
    status, _, output = folder.gen("--check")
    assert status == 1 and "accel answer device-caps.model is locked to 80, the specification has 88" in output
    folder.set("accel", "objects.device.methods.query.attributes.driver.length", 64)
    folder.set("accel", f"{QUERY}.answer", DELETE)
    status, _, output = folder.gen("--check")
    assert status == 1 and "accel answer queue-info.state 16 is missing in the specification" in output


def test_it_is_a_committed_output(folder):
    assert folder.gen("--update")[0] == 0
    path = folder.top / answers_path()
    path.write_text(path.read_text().replace("queue_info", "queue_facts"))
    status, _, output = folder.gen("--check")
    assert status == 1 and f"{answers_path()}: line" in output
    path.unlink()
    assert f"{answers_path()}: is missing" in folder.gen("--check")[2]
    assert main(["--update", "--spec", str(folder.spec)]) == 0 and path.is_file()


def answers_path():
    return "include/accel/answers.h"


@pytest.mark.parametrize("attribute, message", [
    (FACT | {"direction": "in"}, "queue.query has an answer, allowed: outputs, and handles as inputs"),
    (FACT | {"type": "bytes", "length": 8}, "the type bytes is not possible in an answer, allowed: address"),
    (FACT | {"type": "fd"}, "the type fd is not possible in an answer"),
    (FACT | {"type": "handle", "object": "event"}, "the type handle is not possible in an answer"),
    (FACT | {"value": 64}, "the number 64 has no bit in an answer, allowed: 1 to 63"),
    (FACT | {"name": "queue-size"}, None),
])
def test_what_an_answer_may_have(folder, attribute, message):
    add(folder, attribute)
    if message is None:
        assert "queue-size" in queue_info(folder)[0]
    else:
        assert any(message in line for line in folder.problems()), folder.problems()


def test_size_of_the_answer_and_of_the_object_are_two(folder):
    add(folder, FACT | {"name": "size"})
    members = queue_info(folder)[0]
    assert "queue-size" in members and "size" not in members
    add(folder, FACT | {"name": "queue-size", "value": 9})
    assert any("the identifier 'ACCEL_QUEUE_INFO_GIVEN_QUEUE_SIZE' is taken by" in line
               for line in folder.problems())


def test_an_answer_has_a_name_of_its_own(folder):
    folder.set("accel", f"{QUERY}.answer", "buffer-info")
    assert any("the identifier 'accel_buffer_info' is taken by" in line for line in folder.problems())
    folder.set("accel", f"{QUERY}.answer", "error-record")
    assert any("the identifier 'accel_error_record' is taken by" in line for line in folder.problems())


def test_drivers_have_no_answers(folder):
    folder.set("soft", "objects.stream.methods.create.answer", "stream-info")
    assert any("objects[0].methods[0].answer: an answer of a driver is not possible in include/accel" in line
               for line in folder.problems())
