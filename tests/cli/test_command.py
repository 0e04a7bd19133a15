# SPDX-License-Identifier: MIT
"""command: the answers of the firmware of the soft accelerator."""
import struct

import pytest

from conftest import DEVICE, FILE, TOP, good, in_order, refused

OPERATIONS = ["nop", "copy", "fill", "compare", "crc32c", "copy-crc32c", "deflate", "inflate", "matmul", "batch"]


def test_identify():
    answer = good("command", "identify", "soft0", "--json").json
    assert answer["operations"] == OPERATIONS
    assert answer["model"] and answer["firmware"] and answer["workers"] >= 1
    assert "crc32c" in good("command", "identify", "soft0").text


def test_features():
    assert good("command", "get-feature", "soft0", "workers", "--json").json["workers"] >= 1
    assert good("command", "set-feature", "soft0", "workers", "3", "--json").json == {"workers": 3}
    assert good("command", "set-feature", "soft0", "spin-ns", "0x10", "--json").json == {"spin-ns": 16}
    refused(DEVICE, "command", "set-feature", "soft0", "workers", "65",
            mentions=["workers", in_order(65), in_order(1, 64), "(EINVAL, out-of-range)"])
    refused(DEVICE, "command", "set-feature", "soft0", "workers", "0", mentions=["workers", in_order(1, 64)])
    refused(DEVICE, "command", "set-feature", "soft0", "spin-ns", "1000001", mentions=["spin-ns", in_order(0, 1000000)])


def test_the_ranges_are_those_of_the_specification():
    text = (TOP / "spec/soft.yaml").read_text(encoding="utf-8")
    assert "{name: max-workers, value: 64," in text and "{name: spin-ns, value: 2, maximum: 1000000," in text


def test_logs():
    health = good("command", "log", "soft0", "health", "--json").json
    assert health["submitted"] == 0 and health["workers"] >= 1 and health["clients"] == 1
    assert "uptime-ns" in good("command", "log", "soft0", "health").text
    assert good("command", "log", "soft0", "errors", "--json").json == {"errors": []}
    assert len(good("command", "log", "soft0", "errors").text.splitlines()) == 1, "no entries"


def test_self_test():
    answer = good("command", "self-test", "soft0", "--json").json
    assert set(answer["passed"]) >= {"copy", "crc32c", "deflate", "inflate", "matmul"}
    assert answer["failed"] == []


def test_inject_fault():
    assert good("command", "inject-fault", "soft0", "copy", "2", "--json").json == {"operation": "copy", "count": 2}


def test_raw(tmp_path):
    request = struct.pack("<IIQQQ", 1, 0, 0, 0, 0)
    answer = good("command", "raw", "soft0", request.hex(), "--json").json
    status, length, _ = struct.unpack("<IIQ", bytes.fromhex(answer["response"])[:16])
    assert (status, length, answer["bytes"]) == (0, 128, 144)
    (tmp_path / "request").write_bytes(request)
    lines = good("command", "raw", "soft0", f"@{tmp_path}/request").text.splitlines()
    assert len(lines) == 9 and lines[0].startswith("00000000  00000000800000")
    refused(FILE, "command", "raw", "soft0", "@/missing", mentions="/missing")


@pytest.mark.parametrize("opcode, scope", [(4, "debug-read"), (5, "debug-write"), (6, "debug-full")])
def test_the_scope_is_enforced(opcode, scope):
    request = struct.pack("<IIQQQ", opcode, 1, 1, 0, 0).hex()
    refused(DEVICE, "command", "raw", "soft0", request, mentions=[scope, "configuration", "(EPERM, scope)"])
    good("command", "raw", "soft0", request, "--scope", scope)


@pytest.mark.parametrize("size", [0, 1, 31])
def test_a_short_request(size):
    refused(DEVICE, "command", "raw", "soft0", "00" * size, mentions=[in_order(size), "(EINVAL, wrong-length)"])
