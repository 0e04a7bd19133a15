# SPDX-License-Identifier: MIT
"""The pages, the fuzz dictionary, and the comparison with the kernel's headers."""
import os
import re

import pytest

from gen.drift import kernel
from gen.output.fuzz import dictionary
from gen.output.pages import pages

from .conftest import DATA


def anchor(heading):
    """The anchor that GitHub gives a heading."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


@pytest.fixture(scope="module")
def made(full):
    return pages(full)


def test_every_uabi_has_its_page(full, made):
    assert set(made) == {f"{uabi.name}.md" for uabi in full} | {"errors.md", "show.md"}


def test_links_lead_somewhere(made):
    anchors = {name: [anchor(h) for h in re.findall(r"^#+ (.*)$", text, re.M)] for name, text in made.items()}
    for name, text in made.items():
        for target in re.findall(r"\]\(([^)]+)\)", text):
            page, _, place = target.partition("#")
            assert (page or name) in made, f"{name}: {target}"
            if place:
                assert place in anchors[page or name], f"{name}: {target}"


def test_tables_are_even(made):
    """Every row of a table has as many cells as its head."""
    for name, text in made.items():
        width = 0
        for line in text.splitlines():
            cells = len(re.findall(r"(?<!\\)\|", line)) if line.startswith("|") else 0
            assert not (width and cells) or cells == width, f"{name}: {line}"
            width = cells
        assert "\n\n\n" not in text and text.endswith("\n"), name


def test_every_entry_is_on_its_page(full, made):
    for uabi in full:
        text = made[f"{uabi.name}.md"]
        for obj in uabi.own_objects:
            assert f"### Object {obj.name}\n" in text
            for method in obj.methods:
                assert f"#### {method.path}\n" in text
        for enum in uabi.enums:
            assert f"### {enum.name}\n" in text
            assert all(f"| `{member.name}` |" in text for member in enum.members)
        for struct in uabi.structs:
            assert f"### struct {struct.name}\n" in text


def test_golden_rows(made):
    for name, row in (
            ("accel.md", "| `entries` | 3 | u32 | in, required | 2 to 65536, power of two | "),
            ("accel.md", "| `layout` | 7 | struct [layout](ring.md#struct-layout) | out, required |  | "),
            ("accel.md", "| 9 | `out-of-range` | EINVAL | "),
            ("soft.md", "| `parallel` | 0x8001 | u32 | in | 1 to 64 | "),
            ("soft.md", "| 5 | `self-test` | debug-write | "),
            ("extra.md", "| `c` | 3 | enum [colour](#colour) | in, required |  | C. |"),
            ("extra.md", "| `b` | 2 | u64 | in | at least 1 | B. |"),
            ("extra.md", "| `j` | 10 | bytes | out | at most 4096 bytes | J. |"),
            ("sample.md", "| 48 | 8 | `parts` | pointer | The parts. Points to `part-count` elements of "
                          "`struct sample_part` (in). |"),
            ("sample.md", "| | | *waiting* | struct sample_job_waiting | Waiting. For wait, wait-long. |"),
            ("errors.md", "| ENOENT | 2 | ")):
        assert f"\n{row}" in made[name], row


def test_errors_page_has_every_reason_with_its_errno(full, made):
    for reason in full["accel"].enum("reason").members:
        line = next(x for x in made["errors.md"].splitlines() if x.startswith(f"| {reason.errno} |"))
        assert reason.name in line


def test_dictionary(full):
    for uabi in full.of_protocol("attribute"):
        lines = [x for x in dictionary(uabi).splitlines() if x and not x.startswith("#")]
        assert all(re.fullmatch(r'[a-z][a-z0-9_]*="(\\x[0-9a-f]{2})+"', line) for line in lines)
        words = [line.partition("=")[2] for line in lines]
        assert len(words) == len(set(words)), "duplicate word"
    soft = dictionary(full["soft"])
    assert 'queue_create="\\x04\\x00\\x01\\x00"\n' in soft
    assert 'device_query_workers="\\x01\\x80\\x00\\x00\\x04\\x00\\x00\\x00"\n' in soft
    assert 'queue_create_entries_maximum="\\x00\\x00\\x01\\x00"\n' in soft


def write_kernel_header(folder, change=("", "")):
    text = (DATA / "kernel_fwctl.h").read_text(encoding="utf-8")
    assert change[0] in text
    (folder / "fwctl").mkdir()
    (folder / "fwctl" / "fwctl.h").write_text(text.replace(*change), encoding="utf-8")


RPC = ["structs[4]", "structs[4].fields[2]", "structs[4].fields[3]", "structs[4].fields[4]",
       "structs[4].fields[5]"]


@pytest.mark.parametrize("change, wrong, absent", [
    (("", ""), [], []),
    (("FWCTL_RPC _IO(0x9A, 1)", "FWCTL_RPC _IO(0x9A, 2)"), ["ioctls[1]"], []),
    (("_IO(0x9A, 0)", "_IOR(0x9A, 0, struct fwctl_info)"), ["ioctls[0]"], []),
    (("FWCTL_RPC_DEBUG_WRITE_FULL 3", "FWCTL_RPC_DEBUG_WRITE_FULL 4"), ["enums[1].members[3]"], []),
    (("__u32 in_len;", "__u64 in_len;"), RPC, []),
    (("__u32 flags;", "__u32 other;"), [], ["structs[3].fields[1]"]),
    (("#define FWCTL_DEVICE_TYPE_BNXT 3", ""), [], ["enums[0].members[3]"]),
    (("PDS_FWCTL_SEND_CAP 1", "PDS_FWCTL_SEND_CAP 2"), ["enums[3].members[1]"], []),
])
def test_comparison_finds_drift(real, tmp_path, change, wrong, absent):
    """With a test header: a contradicting kernel is reported as wrong, an older one as absent."""
    write_kernel_header(tmp_path, change)
    result = kernel.compare(real["fwctl"], tmp_path)

    def places(lines):
        return list(dict.fromkeys(line.split(": ")[1] for line in lines))
    assert (places(result.wrong), places(result.absent)) == (wrong, absent)
    assert result.checked > 40


def test_against_the_kernels_own_header(real):
    """Only if a kernel's header is available: Debian 12's linux-libc-dev is older than fwctl."""
    include = os.environ.get("ACCEL_KERNEL_HEADERS", "/usr/include")
    if not kernel.present(real["fwctl"], include):
        pytest.skip(f"{include}/fwctl/fwctl.h is not there (linux-libc-dev 6.15 or newer has it)")
    result = kernel.compare(real["fwctl"], include)
    assert not result.wrong
    assert len(result.absent) < result.checked
