# SPDX-License-Identifier: MIT
"""The C headers: their content, and that every available compiler accepts them in every mode."""
import os
import pathlib
import shutil
import subprocess

import pytest

from gen.output.header import header

FLAGS = ["-Wall", "-Wextra", "-Wpadded", "-pedantic", "-Werror", "-fsyntax-only"]
# The 32-bit compiler finds asm/ of the 64-bit headers there.
NARROW = ["-m32", "-idirafter", "/usr/include/x86_64-linux-gnu"]
MODES = [
    ("gcc", ["-x", "c", "-std=c11"]), ("gcc", ["-x", "c", "-std=c11", *NARROW]),
    ("g++", ["-x", "c++", "-std=c++17"]), ("g++", ["-x", "c++", "-std=c++23"]),
    ("g++", ["-x", "c++", "-std=c++23", *NARROW]),
    ("clang-19", ["-x", "c", "-std=c11"]), ("clang-19", ["-x", "c", "-std=c11", *NARROW]),
    ("clang++-19", ["-x", "c++", "-std=c++23"]), ("clang-14", ["-x", "c", "-std=c11"]),
]


def compiles(mode, source, folder, extra=()):
    compiler, flags = mode
    if not shutil.which(compiler):
        pytest.skip(f"{compiler} is not installed")
    if "-m32" in flags and not pathlib.Path("/usr/include/gnu/stubs-32.h").exists():
        pytest.skip("libc6-dev-i386 is not installed")
    done = subprocess.run([compiler, *flags, *FLAGS, *extra, f"-I{folder}", "-"], input=source, text=True,
                          capture_output=True, check=False, env={**os.environ, "LC_ALL": "C"})
    return done.returncode == 0, done.stderr


def mode_name(mode):
    return "-".join([mode[0], *(flag.strip("-").replace("=", "") for flag in mode[1]
                                if flag.startswith(("-std", "-m32")))])


@pytest.fixture(scope="module")
def headers(full, tmp_path_factory):
    folder = tmp_path_factory.mktemp("headers")
    for uabi in full:
        (folder / uabi.header).write_text(header(uabi), encoding="utf-8")
    return folder


@pytest.mark.parametrize("mode", MODES, ids=mode_name)
def test_each_header_alone_and_all_together(full, headers, mode):
    for uabi in full:
        source = f'#include "{uabi.header}"\n#include "{uabi.header}"\n'
        assert compiles(mode, source, headers) == (True, "")
    for order in (list(full), list(full)[::-1]):
        source = "".join(f'#include "{uabi.header}"\n' for uabi in order)
        assert compiles(mode, source, headers) == (True, "")


# Code of a user: initialisers, the ioctl number, a variant by name, flags of both widths.
USE = """
#include "accel.h"
#include "sample.h"
#include "soft.h"
#include <sys/ioctl.h>
#ifdef __cplusplus
#define CHECK static_assert
#else
#define CHECK _Static_assert
#endif
CHECK(ACCEL_IOCTL_CALL == 0xC028A7C0UL, "number of the call");
CHECK(SAMPLE_IOCTL_SUBMIT == 0xC0585301UL, "number of submit");
CHECK(~(__u64)ACCEL_ACCESS_READ == 0xFFFFFFFFFFFFFFFEULL, "flags are not cut off");
CHECK(SAMPLE_FLAGS_LAST == 1ULL << 63, "the highest flag");
CHECK(ACCEL_SOFT_QUEUE_CREATE_PARALLEL >= ACCEL_DRIVER_NAMESPACE, "namespace");
#ifndef ACCEL_QUEUE_CREATE_ENTRIES
#error "support cannot be asked for"
#endif
static inline __u32 use(void)
{
	struct accel_soft_descriptor d = {};
	d.op = ACCEL_SOFT_OP_BATCH;
	d.batch.count = 3;
	enum accel_reason reason = ACCEL_REASON_OUT_OF_RANGE;
	return d.batch.count + (__u32)reason;
}
int main(void);
int main(void) { return use() == 12 ? 0 : 1; }
"""


@pytest.mark.parametrize("mode", [MODES[1], MODES[3], MODES[5]], ids=mode_name)
def test_what_a_user_writes(headers, mode):
    extra = ["-Wno-pedantic"] if mode[1][1] == "c" else []  # `= {}` is not C11 yet
    assert compiles(mode, USE, headers, extra) == (True, "")


def test_wrong_layout_does_not_compile(full, headers, tmp_path):
    text = header(full["sample"]).replace("__u16 data_len;", "__u32 data_len;")
    (tmp_path / "sample.h").write_text(text, encoding="utf-8")
    passed, output = compiles(MODES[0], '#include "sample.h"\n', tmp_path)
    assert not passed and "sample_part" in output


def test_kernel_mode(full, headers):
    """With __KERNEL__ defined the header is the same; its asserts are plain C11."""
    for uabi in full:
        source = f'#define __KERNEL__ 1\n#include "{uabi.header}"\n'
        mode = ("gcc", ["-x", "c", "-std=gnu11", "-D__user="])
        assert compiles(mode, source, headers) == (True, "")


GOLDEN = {
    "accel": [
        "/* SPDX-License-Identifier: (GPL-2.0 WITH Linux-syscall-note) OR MIT */\n"
        "/* accel: generated from spec/accel.yaml by gen/; do not edit. */\n#ifndef _UAPI_ACCEL_ACCEL_H\n",
        " */\n#define ACCEL_DRIVER_NAMESPACE 0x8000\n",
        "#define ACCEL_DEADLINE_FOREVER 0xFFFFFFFFFFFFFFFFULL\n",
        "enum accel_address_mode {\n\tACCEL_ADDRESS_MODE_SHARED = 1,\n\tACCEL_ADDRESS_MODE_MAPPED = 2,\n",
        " */\n#define ACCEL_ACCESS_WRITE 0x2\n",
        "#define ACCEL_OBJECT_QUEUE 4\n", "#define ACCEL_QUEUE_CREATE 1\n",
        "/* u32, in, required: ", " */\n#define ACCEL_QUEUE_CREATE_ENTRIES 3\n",
        "#define ACCEL_IOCTL_CALL _IOWR(0xA7, 0xc0, struct accel_call)\n",
        "struct accel_attribute {\n\t__u16 id;\n\t__u16 flags;\n\t__u32 length;\n\t__u64 value;\n};\n",
        "_ACCEL_UAPI_SIZE(accel_error_record, 192);\n",
    ],
    "ring": [
        "\t__aligned_u64 published;\n\t__u8 pad8[120];\n\t__aligned_u64 completed;\n",
        "#define ACCEL_RING_STATUS_MASK 0x3f\n", "\tACCEL_RING_STATUS_SUCCESS = 1,\n",
    ],
    "soft": [
        "#define ACCEL_SOFT_OBJECT_STREAM 0x8001\n", "#define ACCEL_SOFT_QUEUE_CREATE_PARALLEL 0x8001\n",
        "/* queue.create: attributes that soft adds to this method. */\n",
        "struct accel_soft_descriptor_batch {\n\t__u64 descriptors;\n\t__u64 records;\n\t__u32 count;\n"
        "\t__u8 pad28[28];\n};\n",
        "\tunion {\n\t\tstruct accel_soft_descriptor_transfer transfer;\n",
        "_ACCEL_UAPI_OFFSET(accel_soft_descriptor_batch, count, 16);\n",
    ],
    "fwctl": [
        "#define ACCEL_FWCTL_IOCTL_RPC _IO(0x9A, 0x01) /* struct accel_fwctl_rpc */\n",
        "struct accel_fwctl_rpc {\n\t__u32 size;\n\t__u32 scope;\n\t__u32 in_len;\n\t__u32 out_len;\n"
        "\t__aligned_u64 in;\n\t__aligned_u64 out;\n};\n",
        " * @in: ", " The address of @in_len bytes.\n",
    ],
    "sample": [
        "#define SAMPLE_FLAGS_LAST 0x8000000000000000ULL\n", "\t__u8 register_;\n", "\tchar label[12];\n",
        "\tstruct sample_point corners[2];\n", "#define SAMPLE_IOCTL_PLACE _IOW(0xFE, 0x02, struct sample_point)\n",
        "#define SAMPLE_MAX_JOBS 16\n", "\tstruct sample_point at;\n\t__aligned_u64 data;\n\t__u16 data_len;\n"
        "\t__u8 pad18[6];\n};\n",
        " * @waiting: Waiting. For wait, wait-long.\n",
    ],
}


@pytest.mark.parametrize("name", GOLDEN)
def test_golden(full, name):
    text = header(full[name])
    for snippet in GOLDEN[name]:
        assert snippet in text


def test_form(full):
    for uabi in full:
        text = header(uabi)
        assert text.endswith("\n\n#endif\n") and "\n\n\n" not in text and "{{" not in text
        assert all(line == line.rstrip() for line in text.splitlines())
        # Attribute and ioctl names may be long; prose is not.
        assert all(len(line) <= 100 for line in text.splitlines() if line.startswith(" *"))
