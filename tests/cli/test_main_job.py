# SPDX-License-Identifier: MIT
"""scripts/main-job: what `./dev run` executes, and that it notices when something is wrong."""
import os
import subprocess

from conftest import ACCEL, TOP

JOB = TOP / "scripts/main-job"


def job(program):
    return subprocess.run([JOB, program], capture_output=True, text=True, check=False,
                          env={**os.environ, "REAL_ACCEL": ACCEL})


def test_main_job():
    done = job(ACCEL)
    assert done.returncode == 0, done
    lines = done.stdout.splitlines()
    assert lines[-1] == "main job: all passed"
    for words in ("soft0", "descriptors", "MiB/s", "gunzip and cmp: the same ", "queue.create ",
                  "address-space.create mode=shared", "equal to the reference"):
        assert words in done.stdout, words
    assert len(lines) < 40 and max(map(len, lines)) <= 130


def wrong(tmp_path, body):
    """The program with something wrong in front of it."""
    program = tmp_path / "accel"
    program.write_text("#!/bin/bash\n" + body + '\nexec "$REAL_ACCEL" "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    return job(program)


def test_a_wrong_output_is_noticed(tmp_path):
    done = wrong(tmp_path, '"$REAL_ACCEL" "$@"; code=$?\n'
                           '[[ $2 == deflate ]] && echo x | gzip >> "$5"; exit $code')
    assert done.returncode == 1 and done.stdout.splitlines()[-1] == "main job: FAILED: gunzip and cmp"


def test_a_failing_command_is_noticed(tmp_path):
    done = wrong(tmp_path, '[[ $2 == matmul ]] && exit 1')
    assert done.returncode == 1 and "FAILED: accel run matmul" in done.stdout.splitlines()[-1]
    done = wrong(tmp_path, '[[ $2 == deflate ]] && { echo "accel: soft0: no" >&2; exit 3; }')
    assert done.returncode == 1 and "accel: soft0: no" in done.stdout
