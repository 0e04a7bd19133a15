# SPDX-License-Identifier: MIT
"""list, info, version, errors, conform; JSON; wrong command lines."""
import errno
import os
import re
import signal

import pytest

from conftest import DEVICE, FILE, USAGE, good, in_order, refused, run

IDENTITY = {"bus", "address", "pci-vendor", "pci-device", "numa-node", "sysfs", "major", "minor"}


def test_list_shows_why_a_device_can_or_cannot_be_used():
    lines = good("list").text.splitlines()
    assert lines[0].split() == ["NAME", "USABLE", "PROVIDER", "DRIVER", "ADDRESS", "TESTED", "DESCRIPTION"]
    assert re.match(r"soft0 +yes +soft +none +- +soft ", lines[1])
    for device in good("list", "--json").json["devices"]:
        assert device["usable"] or device["reason"]
        assert set(device) == {"name", "provider", "driver", "path", "description", "tested", "usable", "reason",
                               *IDENTITY}


def test_list_names():
    names = good("list", "--names").text.split()
    assert names == [device["name"] for device in good("list", "--json").json["devices"]]
    assert "soft0" in names and "null0" not in names


def test_info():
    text = good("info", "soft0").text
    for word in ("provider", "model", "features", "queues", "shared memory", "uABI"):
        assert re.search(rf"^{word} ", text, re.MULTILINE), text
    info = good("info", "soft0", "--json").json
    assert info["provider"] == "soft" and info["uabi"] == "soft"
    assert "shared-address-space" in info["features"]
    assert info["shared-address-space"]["usable"] and info["shared-address-space"]["reason"]
    assert info["max-entries"] == 65536
    assert all(info[key] is None for key in IDENTITY)


def test_info_of_a_device_without_the_attribute_uabi():
    info = good("info", "null0", "--json").json
    assert info["uabi"] is None and not info["shared-address-space"]["usable"]
    assert all(info[key] is None for key in IDENTITY)
    assert re.search(r"^uABI +\D+$", good("info", "null0").text, re.MULTILINE), "there is nothing to count"


@pytest.mark.parametrize("arguments", [
    ["info", "nothing7"], ["uabi", "show", "nothing7"], ["uabi", "call", "nothing7", "device.query"],
    ["command", "identify", "nothing7"], ["run", "crc32c", "/dev/null", "-d", "nothing7"]])
def test_a_device_that_does_not_exist(arguments):
    refused(DEVICE, *arguments, mentions=["nothing7", "soft0", "(ENODEV, no-device)"])


def test_operations_that_the_null_device_does_not_have():
    refused(DEVICE, "uabi", "show", "null0", mentions="(EOPNOTSUPP, unsupported)")
    refused(DEVICE, "run", "crc32c", "/dev/null", "-d", "null0", mentions=["null0", "soft"])
    refused(DEVICE, "command", "identify", "null0", mentions=["null", "accel command raw"])


def test_version():
    version = good("version", "--json").json["accel"]
    assert re.fullmatch(r"\d+\.\d+\.\d+", version)
    assert good("version").text == f"accel {version}\n"
    assert good("--version").text == f"accel {version}\n"


def test_errors():
    all_errors = good("errors", "--json").json["errors"]
    assert len(all_errors) >= 20
    for error in all_errors:
        assert error["name"].startswith("E") and error["meaning"] and error["action"]
        assert error["reasons"]
    text = good("errors").text
    for error in all_errors:
        assert error["name"] in text


@pytest.mark.parametrize("name", ["EBUSY", "16", "-16", "in-use"])
def test_one_error(name):
    text = good("errors", "--", name).text
    assert text.startswith("EBUSY (16)") and "in-use" in text


@pytest.mark.parametrize("name, reasons", [("ENOENT", ["no-handle", "handle-type"]), ("handle-type", ["handle-type"])])
def test_the_reasons_of_one_error(name, reasons):
    [error] = good("errors", name, "--json").json["errors"]
    assert error["name"] == "ENOENT" and [reason["name"] for reason in error["reasons"]] == reasons
    assert [line.split()[0] for line in good("errors", name).text.splitlines()[2:]] == reasons


def test_an_error_that_does_not_exist():
    refused(USAGE, "errors", "EFOO", mentions=["EFOO", "EINVAL", "EBUSY"])


@pytest.mark.parametrize("arguments, mentions", [
    ([], "list"),
    (["list", "--watch", "--names"], ["--names", "--watch"]),
    (["frob"], ["frob", "list", "conform"]),
    (["run"], "deflate"),
    (["run", "frob"], ["frob", "deflate", "matmul"]),
    (["run", "deflate", "--level", "9"], ["--level", "'9'", in_order(0, 3)]),
    (["run", "deflate", "--chunk", "1k"], ["--chunk", "'1k'", in_order(4096, 16777216)]),
    (["run", "deflate", "--parallel", "0"], ["--parallel", in_order(1, 64)]),
    (["run", "deflate", "--workers", "x"], ["--workers", "'x'", in_order(1, 64)]),
    (["run", "deflate", "--frob"], "--frob"),
    (["run", "deflate", "a", "b"], "b"),
    (["run", "fill", "-o", "x"], "--size"),
    (["run", "fill", "-s", "18446744073709551616", "-o", "x"], ["--size", "18446744073709551616"]),
    (["run", "fill", "-s", "1", "-p", "xyz", "-o", "x"], ["--pattern", "xyz", in_order(1, 2, 4, 8)]),
    (["run", "fill", "-s", "1", "-p", "010203", "-o", "x"], ["--pattern", "010203"]),
    (["run", "matmul", "-m", "0", "-n", "1", "-k", "1"], ["--m", in_order(1, 65536)]),
    (["run", "matmul", "-m", "1", "-n", "1"], "--k"),
    (["run", "matmul", "A", "-m", "1", "-n", "1", "-k", "1"], [in_order("A"), in_order("B")]),
    (["run", "matmul", "-t", "f16", "-m", "1", "-n", "1", "-k", "1"], ["f16", in_order("f32", "bf16", "s8")]),
    (["info"], "DEV"),
    (["command", "log", "soft0", "frob"], ["frob", in_order("health", "errors")]),
    (["command", "raw", "soft0", "0x123"], ["0x123", "@FILE"]),
    (["command", "raw", "soft0", "00", "--scope", "root"], ["root", "debug-full"]),
    (["completion", "tcsh"], ["tcsh", "bash"]),
])
def test_wrong_usage(arguments, mentions, tmp_path):
    refused(USAGE, *arguments, mentions=mentions, cwd=tmp_path)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("arguments", [[], ["run"], ["run", "deflate"], ["uabi", "call"], ["conform"]])
def test_help(arguments):
    text = good(*arguments, "--help").text
    assert " ".join(["accel", *arguments]) in text and "--help" in text


def test_an_error_as_json():
    error = run("info", "nothing7", "--json").json["error"]
    assert error["exit"] == DEVICE and error["errno"] == "ENODEV" and error["reason"] == "no-device"
    assert "nothing7" in error["message"]


@pytest.mark.parametrize("arguments", [["run", "deflate", "--frob", "--json"], ["frob", "--json"],
                                       ["list", "--json", "frob"]], ids=" ".join)
def test_wrong_usage_as_json(arguments):
    result = refused(USAGE, *arguments, mentions="frob")
    assert result.json["error"]["exit"] == USAGE
    assert result.error.startswith(f"accel: {result.json['error']['message']}\n")


@pytest.mark.parametrize("arguments", [
    ["list"], ["info", "soft0"], ["errors"], ["version"], ["uabi", "show", "soft0"], ["--help"],
    ["completion", "bash"]])
def test_standard_output_is_full(arguments):
    with open("/dev/full", "wb") as full:
        refused(FILE, *arguments, stdout=full, mentions=["standard output", os.strerror(errno.ENOSPC)])


def test_nothing_is_coloured_without_a_terminal():
    assert b"\033" not in good("list").out + good("errors").out


def test_conform_prints_tap():
    result = good("conform", "soft0", "--filter", "describe")
    assert result.text.startswith("TAP version 14")
    assert re.search(r"^ok ", result.text, re.MULTILINE)
    assert good("conform", "soft0", "--list").text
    assert good("conform", "soft0", "--filter", "describe", "--json").json


@pytest.mark.parametrize("arguments", [["nothing7"], ["soft0", "--filter", "nothing7"]])
def test_conform_that_runs_nothing(arguments):
    assert "Bail out!" in refused(DEVICE, "conform", *arguments, mentions="nothing7").text
    error = refused(DEVICE, "conform", *arguments, "--json", mentions="nothing7").json["error"]
    assert error["exit"] == DEVICE and "nothing7" in error["message"]


@pytest.mark.parametrize("arguments", [["--list"], ["--list", "--json"], ["--filter", "P-003"],
                                       ["--filter", "P-003", "--json"]], ids=" ".join)
def test_conform_with_a_full_standard_output(arguments):
    with open("/dev/full", "wb") as full:
        refused(FILE, "conform", "soft0", *arguments, stdout=full,
                mentions=["standard output", os.strerror(errno.ENOSPC)])
    read, write = os.pipe()
    os.close(read)
    result = run("conform", "soft0", *arguments, stdout=write)
    os.close(write)
    assert result.code == -signal.SIGPIPE and result.error == "", result
