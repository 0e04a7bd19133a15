# SPDX-License-Identifier: MIT
"""scripts/main-job, which `./dev run` executes, and the errors that it detects."""
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
    assert lines[-1].startswith("main job: ")
    for words in ("soft0", "MiB/s", "gunzip", "queue.create ", "address-space.create mode=shared", "384 × 384"):
        assert words in done.stdout, words
    assert len(lines) < 40 and max(map(len, lines)) <= 130


def wrong(tmp_path, body):
    """Runs the job with a shell script in place of the program."""
    program = tmp_path / "accel"
    program.write_text("#!/bin/bash\n" + body + '\nexec "$REAL_ACCEL" "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    return job(program)


def test_a_wrong_output_is_detected(tmp_path):
    done = wrong(tmp_path, '"$REAL_ACCEL" "$@"; code=$?\n'
                           '[[ $2 == deflate ]] && echo x | gzip >> "$5"; exit $code')
    assert done.returncode == 1 and "gunzip" in done.stdout.splitlines()[-1]


def test_a_failing_command_is_detected(tmp_path):
    done = wrong(tmp_path, '[[ $2 == matmul ]] && exit 1')
    assert done.returncode == 1 and "matmul" in done.stdout.splitlines()[-1]
    done = wrong(tmp_path, '[[ $2 == deflate ]] && { echo "accel: soft0: no" >&2; exit 3; }')
    assert done.returncode == 1 and "accel: soft0: no" in done.stdout
