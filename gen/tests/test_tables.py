# SPDX-License-Identifier: MIT
"""include/accel/names.h and soft_names.h: names of numbers for programs."""
import shutil
import subprocess

import pytest

from gen.output import tables

from .test_headers import MODES, compiles, mode_name

USE = """
#include <accel/soft_names.h>
#include <accel/soft_names.h>
#include <stdio.h>
int main(void)
{
	const struct accel_name *spin = accel_name_find(ACCEL_NAMES(accel_soft_feature_names), "spin-ns");
	const struct accel_name *scope = accel_name_of(ACCEL_NAMES(accel_scope_names), ACCEL_SCOPE_DEBUG_READ);

	if (accel_name_find(ACCEL_NAMES(accel_scope_names), "debug") ||
	    accel_name_of(ACCEL_NAMES(accel_soft_op_names), 10))
		return 1;
	printf("%s %d %d %d %s\\n", scope->name, (int)spin->value, (int)spin->minimum, (int)spin->maximum,
	       accel_name_of(ACCEL_NAMES(accel_soft_op_names), 5)->name);
	return 0;
}
"""


@pytest.fixture
def include(folder):
    assert folder.gen("--update")[0] == 0
    return folder.top / "include"


@pytest.mark.parametrize("mode", MODES, ids=mode_name)
def test_they_compile(include, mode):
    extra = ["-Wno-padded"]  # struct accel_name is not shared between programs; 32-bit padding differs
    assert compiles(mode, USE, include, extra) == (True, "")


@pytest.mark.parametrize("compiler, flags", [("gcc", ["-x", "c", "-std=c11"]),
                                             ("g++", ["-x", "c++", "-std=c++23"])])
def test_what_a_program_finds(include, tmp_path, compiler, flags):
    if not shutil.which(compiler):
        pytest.skip(f"{compiler} is not installed")
    subprocess.run([compiler, *flags, f"-I{include}", "-", "-o", tmp_path / "use"], input=USE, text=True,
                   check=True)
    done = subprocess.run([tmp_path / "use"], text=True, capture_output=True, check=True)
    assert done.stdout == "debug-read 2 0 1000000 copy-crc32c\n"


def test_every_member_is_in_its_table(real):
    made = tables.headers(real)
    assert set(made) == {"names.h", "soft_names.h"}
    for uabi, text in ((real["accel"], made["names.h"]), (real["soft"], made["soft_names.h"])):
        for enum in uabi.enums:
            table = text.partition(f"struct accel_name {enum.c_name}_names[] = {{\n")[2].partition("};\n")[0]
            assert [line.split(", ")[:2] for line in table.splitlines()] == \
                [[f"\t{{{m.c_name}", f'"{m.name}"'] for m in enum.members]


@pytest.mark.parametrize("change, message", [
    ({"minimum": 65}, "enums[4].members[0]: the range 65..64 is wrong, allowed: minimum <= maximum"),
    ({"maximum": "max-wishes"}, "enums[4].members[0].maximum: unknown constant 'max-wishes'"),
    ({"maximum": -1}, "-1 is not allowed, allowed: 0 to 0xffffffffffffffff"),
])
def test_ranges_are_checked(folder, change, message):
    folder.edit("soft", lambda d: d["enums"][4]["members"][0].update(change))
    assert any(message in line for line in folder.problems()), folder.problems()


def test_a_range_may_be_that_of_a_constant(folder):
    folder.set("soft", "constants.max-workers.value", 128)
    workers = folder.load()["soft"].enum("feature").members[0]
    assert (workers.minimum, workers.maximum) == (1, 128)
