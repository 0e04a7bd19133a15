# SPDX-License-Identifier: MIT
"""list and info on a simulated machine: hardware, device nodes that are missing or not permitted, hotplug."""
import atexit
import contextlib
import json
import os
import pathlib
import shutil
import subprocess
import tempfile

import pytest

from conftest import ACCEL, DEVICE, TOP

TESTBED = os.environ.get("ACCEL_TESTBED", str(TOP / "build/test-bin/cli_testbed"))
WRAPPER = shutil.which("umockdev-wrapper")
# No provider supports the driver of the card.
_KNOWN = TOP / "src/core/udev_test.umockdev"
MACHINE = pathlib.Path(tempfile.mkdtemp()) / "machine.umockdev"
MACHINE.write_text(_KNOWN.read_text().replace("qaic", "thames"))
atexit.register(shutil.rmtree, MACHINE.parent, ignore_errors=True)
CARD = "/sys/devices/pci0000:00/0000:3b:00.0/accel/"

pytestmark = pytest.mark.skipif(not WRAPPER or not pathlib.Path(TESTBED).exists(),
                                reason="umockdev is not available, or cannot be preloaded into this build")


def start(*arguments, machine=MACHINE):
    return subprocess.Popen([WRAPPER, TESTBED, machine, ACCEL, *arguments], stdin=subprocess.PIPE, text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def on_machine(*arguments, machine=MACHINE):
    """Runs accel on the machine; returns exit status, standard output and standard error."""
    with start(*arguments, machine=machine) as process:
        out, error = process.communicate(timeout=60)
        return process.returncode, out, error


def devices(machine=MACHINE):
    code, out, error = on_machine("list", "--json", machine=machine)
    assert code == 0, error
    return {device["name"]: device for device in json.loads(out)["devices"]}


def node(tmp_path, name, has_node=True):
    """Describes one more device node of the card."""
    file = tmp_path / name
    file.write_text(f"P: /devices/pci0000:00/0000:3b:00.0/accel/{name}\n"
                    + (f"N: accel/{name}\n" if has_node else "") +
                    f"E: DEVNAME=/dev/accel/{name}\nE: SUBSYSTEM=accel\n")
    return file


def test_hardware_without_a_provider():
    card = devices()["accel0"]
    assert card["driver"] == "thames" and not card["usable"]
    assert {key: card[key] for key in ("bus", "address", "pci-vendor", "pci-device", "numa-node", "major", "minor")} == {
        "bus": "pci", "address": "0000:3b:00.0", "pci-vendor": 0x17CB, "pci-device": 0xA100, "numa-node": 1,
        "major": 261, "minor": 0}
    assert card["sysfs"] == CARD + "accel0"
    assert devices()["accel3"]["address"] == "fdab0000.npu" and devices()["accel3"]["pci-vendor"] is None


def test_the_table_has_the_address():
    _, out, _ = on_machine("list")
    (line,) = [line for line in out.splitlines() if line.startswith("accel0 ")]
    assert line.split()[:5] == ["accel0", "no", "-", "thames", "0000:3b:00.0"]


def test_in_a_container_a_missing_node_and_a_missing_provider_are_reported(tmp_path):
    machine = tmp_path / "machine"
    machine.write_text(MACHINE.read_text() + "\n" + node(tmp_path, "accel8", has_node=False).read_text())
    reason = devices(machine)["accel8"]["reason"]
    assert "thames" in reason and "--device /dev/accel/accel8" in reason


def test_info_reports_the_reason_of_the_list():
    code, _, error = on_machine("info", "accel2")
    assert code == DEVICE
    assert error.startswith("accel: accel2: ") and "habanalabs" in error
    assert error.endswith("(EOPNOTSUPP, unsupported)\n")


@contextlib.contextmanager
def watch(*arguments):
    """Starts `accel list --watch` on the machine; the caller reads the list."""
    with start("list", "--watch", *arguments) as process:
        try:
            yield process
        finally:
            process.stdin.close()
            process.kill()


def order(process, *words):
    process.stdin.write(" ".join(map(str, words)) + "\n")
    process.stdin.flush()


def end(process):
    """Sends SIGINT; returns the rest of the output and the exit status."""
    order(process, "end")
    process.stdin.close()
    rest = process.stdout.read()
    return rest, process.wait(timeout=60)


def test_watch_prints_one_object_a_line(tmp_path):
    with watch("--json") as process:
        names = [device["name"] for device in json.loads(process.stdout.readline())["devices"]]
        assert "soft0" in names and "accel0" in names

        order(process, "add", node(tmp_path, "accel9"))
        event = json.loads(process.stdout.readline())
        assert event["action"] == "add" and event["device"]["name"] == "accel9"
        assert event["device"]["address"] == "0000:3b:00.0" and event["device"]["pci-vendor"] == 0x17CB

        order(process, "event", CARD + "accel0", "offline")
        event = json.loads(process.stdout.readline())
        assert (event["action"], event["device"]["name"]) == ("offline", "accel0")

        order(process, "remove", CARD + "accel9")
        event = json.loads(process.stdout.readline())
        assert event["action"] == "remove" and event["device"]["name"] == "accel9"
        assert event["device"]["driver"] == "thames" and event["device"]["reason"]
        assert not event["device"]["usable"]
        assert end(process) == ("", 130)


def test_watch_prints_lines_for_people():
    with watch() as process:
        while not process.stdout.readline().startswith("hisi_zip-0"):
            pass
        assert process.stdout.readline().startswith("    "), "the reason"
        order(process, "event", CARD + "accel0", "online")
        line = process.stdout.readline()
        assert line.split()[:4] == ["online", "accel0", "thames", "0000:3b:00.0"]
        assert line.count("thames") == 2, "driver and reason"
        assert end(process) == ("", 130)


def test_watch_ends_when_its_reader_closes_the_pipe():
    with watch("--json") as process:
        process.stdout.readline()
        process.stdout.close()
        process.stdin.close()
        assert process.wait(timeout=60) == 128 + 13
