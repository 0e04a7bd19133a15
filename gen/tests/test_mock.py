# SPDX-License-Identifier: MIT
"""The mock kernel's side of ioctl uABIs: checks, copies, objects, and the table of refusals."""
import re

import pytest

from gen.model.errors import SpecError
from gen.output import mock, outputs


@pytest.fixture(scope="module")
def built(real):
    return outputs.built(real)


@pytest.fixture(scope="module")
def qaic(built):
    return built["accel/mock/qaic_mock.cpp"]


def function(text, head):
    """The body of the function with this beginning."""
    start = text.index(head)
    return text[start:text.index("\n}\n", start)]


def test_only_drm_nodes_are_served(real, built):
    assert [uabi.name for uabi in mock.served(real)] == ["drm", "qaic"]
    assert {name for name in built if name.startswith(mock.FOLDER)} == {
        f"accel/mock/{name}_mock.{kind}" for name in ("drm", "qaic") for kind in ("hpp", "cpp")}
    assert not any("mock" in name for name in built if name.startswith("accel/uabi/"))


def test_every_ioctl_has_a_handler_a_number_and_a_case(real, built):
    for uabi in mock.served(real):
        header = built[f"accel/mock/{uabi.snake}_mock.hpp"]
        source = built[f"accel/mock/{uabi.snake}_mock.cpp"]
        for ioctl in uabi.ioctls:
            assert f"virtual int {ioctl.snake}(" in header
            assert f"case 0x{ioctl.number:02x}: return {ioctl.c_name};" in source
            assert f"case 0x{ioctl.number:02x}: return serve_{ioctl.snake}(" in source


def test_a_mock_serves_what_its_uabi_uses(built, qaic):
    assert "class QaicMock : public DrmMock {" in built["accel/mock/qaic_mock.hpp"]
    assert "class DrmMock : public DrmFile {" in built["accel/mock/drm_mock.hpp"]
    assert "default: return DrmMock::serve(number, copy);" in qaic


def test_facts_become_checks(qaic):
    wait = function(qaic, "int check([[maybe_unused]] const accel_qaic_wait &value)")
    assert "if (value.dbc_id > 15)" in wait and "if (value.reserved != 0)" in wait
    slice_ = function(qaic, "int check([[maybe_unused]] const accel_qaic_slice &value)")
    assert "(value.sem2.flags & ~0x3ULL) != 0" in slice_ and "if (value.sem3.presync > 1)" in slice_
    assert re.search(r"switch \(value\.db_len\) \{\n(\tcase (0|8|16|32):\n){4}\t\tbreak;", slice_)
    entry = function(qaic, "int check([[maybe_unused]] const accel_qaic_execute_entry &value)")
    assert "value.dir" not in entry, "an ignored field is not checked"
    objects = function(qaic, "QaicMock::check_objects(const accel_qaic_attach_slice")
    assert "channel_handles_.has(value.header.dbc_id))\n\t\treturn -EINVAL;" in objects, "the field's own errno"
    assert "gem_handles_.has(value.header.handle))\n\t\treturn -ENOENT;" in objects, "that of the handle"


def test_copies_in_and_out(qaic):
    assert "data.copy_in(argument.data, argument.header.count)" in function(qaic, "QaicMock::serve_execute_bo(")
    assert "copy_out" not in function(qaic, "QaicMock::serve_execute_bo(")
    assert "data.copy_out(argument.data)" in function(qaic, "QaicMock::serve_perf_stats_bo(")
    attach = function(qaic, "QaicMock::serve_attach_slice_bo(")
    assert "if (!argument.data)\n\t\treturn -EINVAL;" in attach


def test_lifetimes(built, qaic):
    assert "gem_handles_.add(argument.handle);" in function(qaic, "QaicMock::serve_create_bo(")
    assert "taken.take(gem_handles_, argument.handle))\n\t\treturn -EINVAL;" in function(
        built["accel/mock/drm_mock.cpp"], "DrmMock::serve_gem_close(")
    manage = function(qaic, "QaicMock::serve_manage(")
    assert "taken[i].take(channel_handles_, part->value.dbc_id))\n\t\t\t\treturn -EPERM;" in manage
    assert "for (uint64_t made : answer.created_channel)" in manage


def test_refusals_are_one_wrong_value_each(real):
    rows = {row.what: row for row in mock.refusals(real["qaic"])}
    assert len(rows) == len(list(mock.refusals(real["qaic"]))), "each has a name of its own"
    assert (lambda row: (row.offset, row.size, row.value, row.error, row.pointer))(
        rows["attach-slice-bo: data[0].sem1.flags is unknown"]) == (21, 1, 4, "EINVAL", 24)
    assert (lambda row: (row.offset, row.value, row.error))(
        rows["wait-bo: dbc_id names no object"]) == (8, 15, "EPERM")
    assert rows["manage: deactivate-from-user.reserved is not zero"].selector == 10
    assert rows["attach-slice-bo: data is null"].error == "EINVAL"
    assert not any("execute-bo: data[0].dir" in what for what in rows), "ignored"
    assert not any("queue_level_before" in what for what in rows), "the kernel writes it"


def test_a_new_fact_is_checked_and_refused(folder):
    """A reserved field of an element, known only from the description."""
    spec = folder.spec / "qaic.yaml"
    text = spec.read_text(encoding="utf-8")
    old = "{name: dir, type: u32, offset: 4, enum: data-direction, ignored: true, "
    assert old in text
    spec.write_text(text.replace(old, "{name: dir, type: u32, offset: 4, reserved: true, "), encoding="utf-8")
    made = folder.load()
    assert "if (value.dir != 0)" in function(
        outputs.built(made)["accel/mock/qaic_mock.cpp"], "const accel_qaic_execute_entry &value)")
    assert "execute-bo: data[0].dir is not zero" in [row.what for row in mock.refusals(made["qaic"])]


def test_pointer_by_choice_is_refused(full):
    """No node of this kind has one, and a mock that omits it would be wrong silently."""
    with pytest.raises(SpecError, match="kind choice"):
        for struct in full["sample"].structs:
            mock.pointers(struct)
