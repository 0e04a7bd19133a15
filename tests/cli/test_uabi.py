# SPDX-License-Identifier: MIT
"""uabi show and uabi call: the description by the device, and calls that it refuses."""
import errno
import os
import re
import shutil
import subprocess

import pytest

from conftest import DATA, DEVICE, FILE, TOP, USAGE, good, in_order, mentions_all, refused, run

SPEC = TOP / "spec"


def generated(name):
    done = subprocess.run(["/usr/bin/python3", "-m", "gen", "--show", name], cwd=TOP, check=True,
                          stdout=subprocess.PIPE)
    return done.stdout


def test_the_device_describes_the_specification():
    device = good("uabi", "show", "soft0").out
    assert device == generated("soft")
    assert device == good("uabi", "show", SPEC / "soft.yaml").out
    assert len(device.splitlines()) > 100


def test_the_common_part():
    assert good("uabi", "show", SPEC / "accel.yaml").out == generated("accel")
    assert good("uabi", "show", "./accel.yaml", cwd=SPEC).out == generated("accel")


def test_show_as_json():
    device = good("uabi", "show", "soft0", "--json").json
    file = good("uabi", "show", SPEC / "soft.yaml", "--json").json
    assert device == file
    assert device["uabi"] == "soft"
    queue = next(o for o in device["objects"] if o["name"] == "queue")
    create = next(m for m in queue["methods"] if m["name"] == "create")
    entries = next(a for a in create["attributes"] if a["name"] == "entries")
    assert entries["minimum"] == 2 and entries["power-of-two"] and create["creates"]


@pytest.mark.parametrize("file, code, mentions", [
    ("missing.yaml", FILE, [os.strerror(errno.ENOENT)]),
    ("/", FILE, [os.strerror(errno.EISDIR)]),
    ("ring.yaml", DATA, ["'memory'", "'attribute'"]),
    ("fwctl.yaml", DATA, ["'ioctl'"]),
])
def test_files_without_a_policy(file, code, mentions):
    refused(code, "uabi", "show", file, cwd=SPEC, mentions=[*mentions, file])


@pytest.mark.parametrize("change, mentions", [
    ("a: [b", "line"), ("just text", "line 1"), ("name: x\n", "'protocol'"),
    ("name: x\nprotocol: attribute\nobjects:\n  - {value: 1, methods: []}\n", ["line 4", "'name'"]),
    ("name: x\nprotocol: attribute\nobjects:\n  - {name: o, value: x, methods: []}\n", ["line 4", "'value'", "'x'"]),
    ("name: x\nprotocol: attribute\nextends: nothing\n", "nothing.yaml"),
    ("name: x\nprotocol: attribute\nextends: made\n", "made.yaml"),
    ("name: x\nprotocol: attribute\nobjects:\n  - name: o\n    value: 1\n    methods:\n      - name: m\n        value: 1\n"
     "        attributes:\n          - {name: a, value: 1, type: nest, direction: in}\n",
     ["line 10", "'nest'"]),
])
def test_files_that_are_not_a_specification(tmp_path, change, mentions):
    file = tmp_path / "made.yaml"
    file.write_text(change, encoding="utf-8")
    result = run("uabi", "show", file)
    assert result.code in (DATA, FILE), result
    assert mentions_all(result.error, mentions), result


def test_every_cut_of_a_specification_ends_well(tmp_path):
    for name in ("accel.yaml", "ring.yaml"):
        shutil.copy(SPEC / name, tmp_path)
    text = (SPEC / "soft.yaml").read_text(encoding="utf-8")
    for length in range(0, len(text), 997):
        (tmp_path / "soft.yaml").write_text(text[:length], encoding="utf-8")
        result = run("uabi", "show", tmp_path / "soft.yaml")
        assert result.code in (0, DATA), result
        assert result.code == 0 or result.error.startswith("accel: "), result


def test_a_refusal_names_attribute_value_and_range():
    refused(DEVICE, "uabi", "call", "soft0", "queue.create", "--entries", "3",
            mentions=["soft0", "queue.create", "entries", in_order(3), in_order(2, 65536),
                      "(EINVAL, not-power-of-two)"])
    refused(DEVICE, "uabi", "call", "soft0", "queue.create", "--entries", "128k",
            mentions=["entries", in_order(131072), in_order(2, 65536), "(EINVAL, out-of-range)"])
    error = run("uabi", "call", "soft0", "queue.create", "--entries", "3", "--json").json["error"]
    assert error["attribute"] == 3 and error["value"] == 3
    assert (error["minimum"], error["maximum"]) == (2, 65536)
    assert error["reason"] == "not-power-of-two" and "entries" in error["text"]


@pytest.mark.parametrize("arguments, mentions", [
    (["queue.create", "--entries", "0"], ["entries", "(EINVAL, "]),
    (["queue.create", "--entries", "0x80000000"], ["entries", in_order(2147483648), "(EINVAL, out-of-range)"]),
    (["queue.create"], ["entries", "(EINVAL, missing-attribute)"]),
    (["queue.create", "--entries", "4", "--flags", "0x100"], ["flags", "0x100", "(EINVAL, unknown-flag)"]),
    (["queue.create", "--entries", "4", "--address-space", "12345"], ["address-space", "(ENOENT, no-handle)"]),
    (["queue.create", "--entries", "4", "--parallel", "65"],
     ["parallel", in_order(65), in_order(1, 64), "(EINVAL, out-of-range)"]),
    (["queue.resume"], "(EALREADY, state)"),
    (["address-space.create", "--mode", "7"],
     ["mode", in_order(7), in_order("shared", "mapped"), "(EINVAL, unknown-member)"]),
    (["address-space.create"], ["mode", "(EINVAL, missing-attribute)"]),
    (["address-space.map", "--address", "0x1000", "--length", "0x2000"], ["access", "(EINVAL, missing-attribute)"]),
    (["event.create", "--fd", "-1"], ["fd", "-1", "(EBADF, bad-file)"]),
    (["event.create", "--fd", "memfd"], ["fd", "(EBADF, bad-file)"]),
    (["buffer.create", "--size", "0"], ["size", in_order(0), in_order(1, 1 << 40), "(EINVAL, out-of-range)"]),
    (["buffer.register", "--address", "0", "--length", "4k", "--access", "read"], "(EFAULT, bad-pointer)"),
    (["buffer.register", "--address", "0xfffffffffffff000", "--length", "8k", "--access", "read"],
     "(EOVERFLOW, wraps)"),
    (["command.execute", "--request", "00"], ["request", in_order(32), "(EINVAL, wrong-length)"]),
])
def test_calls_that_the_device_refuses(arguments, mentions):
    refused(DEVICE, "uabi", "call", "soft0", *arguments, mentions=mentions)


@pytest.mark.parametrize("arguments, mentions", [
    (["queue"], ["queue", "create", "destroy"]),
    (["queue.frob"], ["frob", "create", "destroy"]),
    (["frob.create"], ["frob", "queue", "stream"]),
    (["queue.create", "--frob", "1"], ["frob", "entries", "parallel"]),
    (["queue.create", "--entries"], "--entries"),
    (["queue.create", "entries", "4"], "entries"),
    (["queue.create", "--entries", "x"], ["entries", "'x'", in_order(2, 65536)]),
    (["queue.create", "--entries", "4G"], ["entries", "'4G'", in_order(2, 65536)]),
    (["queue.create", "--entries", "4", "--entries", "8"], "entries"),
    (["queue.create", "--handle", "4"], "handle"),
    (["queue.create", "--entries", "4", "--flags", "fast"], ["flags", "'fast'", "multi-producer"]),
    (["address-space.create", "--mode", "both"], ["mode", "'both'", in_order("shared", "mapped")]),
    (["address-space.create", "--mode", "shared|mapped"], ["mode", in_order("shared", "mapped")]),
    (["event.create", "--fd", "x"], ["fd", "'x'", "eventfd"]),
    (["command.execute", "--request", "xyz"], ["request", "'xyz'", "@FILE"]),
])
def test_arguments_that_cannot_be_put_into_a_message(arguments, mentions):
    refused(USAGE, "uabi", "call", "soft0", *arguments, mentions=mentions)


def test_a_missing_file_of_bytes():
    refused(FILE, "uabi", "call", "soft0", "command.execute", "--request", "@/missing", mentions="/missing")


def test_answers():
    answer = good("uabi", "call", "soft0", "device.query", "--json").json["answer"]
    assert answer["driver"] == "soft" and answer["workers"] >= 1
    assert "shared-address-space" in answer["features"]
    text = good("uabi", "call", "soft0", "device.query").text
    assert re.search(r"^driver +soft$", text, re.MULTILINE)


def test_objects_that_a_call_needs_are_created():
    result = good("uabi", "call", "soft0", "queue.create", "--entries=64", "-v", "--json")
    assert mentions_all(result.error, [in_order("address-space.create", "address-space"), "0x"])
    layout = result.json["answer"]["layout"]
    assert layout["entry-count"] == 64 and layout["entry-size"] == 64
    assert good("uabi", "call", "soft0", "queue.query", "--json").json["answer"]["state"] == "running"
    assert good("uabi", "call", "soft0", "stream.reset").text == ""
    assert good("uabi", "call", "soft0", "buffer.export", "--json").json["answer"]["kind"]


@pytest.mark.parametrize("arguments", [
    ["address-space.create", "--mode", "mapped"],
    ["address-space.query"],
    ["queue.create", "--entries", "0x10", "--flags", "multi-producer|stop-on-fault", "--parallel", "2"],
    ["queue.create", "--entries", "1k", "--flags", "multi-producer,status-phase"],
    ["buffer.create", "--size", "64k"],
    ["buffer.register", "--address", "+8k", "--length", "8k", "--access", "read|write"],
    ["buffer.import", "--fd", "memfd"],
    ["buffer.query"],
    ["event.create", "--fd", "eventfd"],
    ["command.create", "--scope", "debug-read"],
    ["command.execute", "--request", "01" + 31 * "00"],
    ["device.describe"],
    ["address-space.map", "--address", "+8k", "--length", "8k", "--access", "read|write"],
])
def test_calls_that_work(arguments):
    answer = good("uabi", "call", "soft0", *arguments, "--json").json
    assert answer["method"] == arguments[0] and answer["answer"]
    assert good("uabi", "call", "soft0", *arguments).text


def test_an_object_of_a_suitable_kind_is_created():
    """An address space of the first mode, shared, cannot have mappings."""
    lines = good("uabi", "call", "soft0", "address-space.map", "--address", "+4k", "--length", "4k", "--access", "read",
                 "--trace").error.splitlines()
    assert any(line.startswith("address-space.create mode=mapped") for line in lines)
    # An error of the call itself is reported.
    wrong = refused(DEVICE, "uabi", "call", "soft0", "address-space.map", "--address", "+4k", "--length", "0",
                    "--access", "read", mentions="length")
    assert "shared" not in wrong.error.splitlines()[0]
    # An object that the user named is not replaced.
    refused(DEVICE, "uabi", "call", "soft0", "address-space.map", "--handle", "1", "--address", "+4k", "--length", "4k",
            "--access", "read", mentions="0x1")


def test_bytes_from_a_file(tmp_path):
    request = tmp_path / "request"
    request.write_bytes(b"\1" + bytes(31))
    answer = good("uabi", "call", "soft0", "command.execute", "--request", f"@{request}", "--json").json
    response = bytes.fromhex(answer["answer"]["response"])
    assert len(response) == 144 and b"soft" in response


def test_trace_reports_each_call():
    lines = good("uabi", "call", "soft0", "queue.create", "--entries", "8", "--trace").error.splitlines()
    assert any(line.startswith("address-space.create ") for line in lines)
    assert any(line.startswith("queue.create ") and "entries=8" in line for line in lines)
    refusals = run("uabi", "call", "soft0", "queue.create", "--entries", "3", "--trace").error
    assert "EINVAL" in refusals
