# SPDX-License-Identifier: MIT
"""Files that do not exist, cannot be read or written, are full, or are not what the command needs."""
import errno
import gzip
import json
import os
import shutil
import stat
import struct
import subprocess
import time

import pytest

from conftest import ACCEL, DEVICE, FILE, SANITIZED, USAGE, good, mentions_all, only, refused, run, unprivileged

WITH_INPUT = [["deflate"], ["inflate"], ["crc32c"], ["copy"], ["compare", "/dev/null"],
              ["matmul", "/dev/null", "-m", "1", "-n", "1", "-k", "1"]]


def without_root():
    """A prefix under which file modes apply."""
    prefix = unprivileged()
    if prefix is None:
        pytest.skip("the capabilities of root cannot be dropped here")
    return prefix


@pytest.mark.parametrize("operation", WITH_INPUT, ids=lambda operation: operation[0])
def test_input_missing(tmp_path, operation):
    refused(FILE, "run", operation[0], "missing", *operation[1:], cwd=tmp_path,
            mentions=["missing", os.strerror(errno.ENOENT)])
    assert only(tmp_path)


@pytest.mark.parametrize("operation", WITH_INPUT, ids=lambda operation: operation[0])
def test_input_is_a_directory(tmp_path, operation):
    refused(FILE, "run", operation[0], tmp_path, *operation[1:], mentions=[tmp_path, os.strerror(errno.EISDIR)])


def test_input_unreadable(tmp_path):
    file = tmp_path / "secret"
    file.write_bytes(b"secret")
    file.chmod(0)
    refused(FILE, "run", "crc32c", file, prefix=without_root(), mentions=[file, os.strerror(errno.EACCES)])


@pytest.mark.parametrize("arguments", [
    ["run", "deflate", "missing"], ["run", "inflate", "missing"], ["run", "copy", "missing", "-o", "-"],
    ["run", "fill", "-s", "1", "-d", "missing"], ["bench", "missing", "--plot", "-"],
    ["run", "matmul", "missing", "/dev/null", "-m", "1", "-n", "1", "-k", "1", "-o", "-"]],
    ids=lambda arguments: arguments[1])
def test_an_error_as_json_is_not_among_the_data(tmp_path, arguments):
    result = run(*arguments, "--json", cwd=tmp_path)
    assert result.code in (FILE, DEVICE) and result.out == b"", result
    assert json.loads(result.error[result.error.index("{"):])["error"]["exit"] == result.code


def test_standard_input_is_a_directory(tmp_path):
    folder = os.open(tmp_path, os.O_RDONLY)
    refused(FILE, "run", "crc32c", "-", stdin=folder, mentions=["standard input", os.strerror(errno.EISDIR)])
    os.close(folder)


def test_standard_input_is_closed():
    done = subprocess.run(["sh", "-c", '"$0" run crc32c - <&-', ACCEL], capture_output=True, check=False)
    assert done.returncode == FILE and b"accel: standard input: " in done.stderr, done


def test_standard_output_is_closed():
    done = subprocess.run(["sh", "-c", '"$0" run copy - -o - </dev/null >&-', ACCEL], capture_output=True,
                          check=False)
    assert done.returncode == FILE and b"accel: standard output: " in done.stderr, done


@pytest.mark.parametrize("closed", ["0<&-", "1>&-", "2>&-", "0<&- 1>&- 2>&-"])
def test_an_output_does_not_become_a_closed_stream(tmp_path, closed):
    script = f'"$0" run fill -s 100 -o out --trace -v {closed}'
    assert subprocess.run(["sh", "-c", script, ACCEL], cwd=tmp_path, check=False, capture_output=True).returncode == 0
    assert (tmp_path / "out").read_bytes() == bytes(100)


@pytest.mark.parametrize("operation", ["deflate", "copy"])
def test_output_is_a_directory(data, tmp_path, operation):
    file = data(10)
    refused(FILE, "run", operation, file, "-o", tmp_path, mentions=[tmp_path, os.strerror(errno.EISDIR)])
    refused(FILE, "run", operation, file, "-o", tmp_path / "no" / "out", mentions=["no/out", os.strerror(errno.ENOENT)])
    assert only(tmp_path, file.name)


def test_an_output_whose_path_cannot_be_resolved(data, tmp_path):
    file = data(10)
    (tmp_path / "circle").symlink_to("circle")
    for name, why in (("circle", os.strerror(errno.ELOOP)), (f"{file.name}/out", os.strerror(errno.ENOTDIR))):
        refused(FILE, "run", "copy", file, "-o", tmp_path / name, mentions=[name, why])
    assert (tmp_path / "circle").is_symlink()


def test_output_may_not_be_written(data, tmp_path):
    file = data(10)
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "there").write_bytes(b"before")
    folder.chmod(0o555)
    for name in ("new", "there"):
        refused(FILE, "run", "copy", file, "-o", folder / name, prefix=without_root(),
                mentions=[name, os.strerror(errno.EACCES)])
    folder.chmod(0o755)
    assert only(folder, "there") and (folder / "there").read_bytes() == b"before"


def test_output_is_the_input(data, tmp_path):
    file = data(100_000)
    content = file.read_bytes()
    (tmp_path / "link").symlink_to(file)
    (tmp_path / "hard").hardlink_to(file)
    for name in (file, tmp_path / "link", tmp_path / "hard", tmp_path / "." / file.name):
        refused(USAGE, "run", "deflate", file, "-o", name, mentions=name)
    with open(file, "rb+") as both:
        refused(USAGE, "run", "deflate", file, "-o", "-", stdout=both, mentions="standard output")
        refused(USAGE, "run", "deflate", "-", "-o", file, stdin=both, mentions=file)
    assert file.read_bytes() == content


def test_an_existing_output_keeps_its_mode_and_its_links(data, tmp_path):
    file = data(1000)
    out = tmp_path / "out"
    out.write_bytes(b"before")
    out.chmod(0o640)
    (tmp_path / "link").symlink_to("out")
    good("run", "copy", file, "-o", tmp_path / "link")
    assert (tmp_path / "link").is_symlink() and out.read_bytes() == file.read_bytes()
    assert stat.S_IMODE(out.stat().st_mode) == 0o640
    good("run", "copy", file, "-o", tmp_path / "new")
    umask = os.umask(0)
    os.umask(umask)
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o666 & ~umask


def test_a_dangling_link_stays_a_link(data, tmp_path):
    file = data(1000)
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to("folder/second")
    (tmp_path / "folder/second").symlink_to("out")
    good("run", "copy", file, "-o", "link", cwd=tmp_path)
    assert (tmp_path / "link").is_symlink() and only(tmp_path / "folder", "second", "out")
    assert (tmp_path / "folder/out").read_bytes() == file.read_bytes()


def test_a_replaced_output_keeps_its_owner_and_loses_set_user_id(data, tmp_path):
    out = tmp_path / "out"
    out.write_bytes(b"before")
    if os.geteuid() == 0:
        os.chown(out, 12345, 23456)
    out.chmod(0o6755)
    before = out.stat()
    good("run", "copy", data(1000), "-o", out)
    after = out.stat()
    assert stat.S_IMODE(after.st_mode) == 0o755
    assert (after.st_uid, after.st_gid) == (before.st_uid, before.st_gid) and after.st_ino != before.st_ino


@pytest.fixture(name="no_fchmod")
def make_no_fchmod(tmp_path_factory):
    """An environment in which files keep the owner and mode with which they were created."""
    if SANITIZED or not shutil.which("cc"):
        pytest.skip("nothing can be preloaded here")
    folder = tmp_path_factory.mktemp("preload")
    (folder / "no.c").write_text("int fchmod(int a, int b) { return -1; }\n"
                                 "int fchown(int a, int b, int c) { return -1; }\n", encoding="ascii")
    subprocess.run(["cc", "-shared", "-fPIC", "-o", folder / "no.so", folder / "no.c"], check=True)
    return {**os.environ, "LD_PRELOAD": str(folder / "no.so")}


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o400, 0o644, 0o604])
def test_a_replaced_file_gets_no_wider_permissions(data, tmp_path, no_fchmod, mode):
    """The temporary file has a name before it has the mode of the old file; other users must not read it then."""
    out = tmp_path / "out"
    out.write_bytes(b"before")
    out.chmod(mode)
    umask = os.umask(0)
    try:
        good("run", "copy", data(1000, "in"), "-o", out, env=no_fchmod)
    finally:
        os.umask(umask)
    assert out.read_bytes() == (tmp_path / "in").read_bytes()
    assert stat.S_IMODE(out.stat().st_mode) & ~(mode & 0o700) == 0


ACL = "system.posix_acl_access"


def acl(*entries):
    """An access control list in the format of the kernel; entries are (tag, permissions, id)."""
    return struct.pack("<I", 2) + b"".join(struct.pack("<HHI", tag, allowed, own) for tag, allowed, own in entries)


ANY = 0xFFFFFFFF
FOR_BOB = acl((1, 6, ANY), (2, 6, 12345), (4, 0, ANY), (16, 6, ANY), (32, 0, ANY))


def set_list(path, name, value):
    try:
        os.setxattr(path, name, value)
    except OSError:
        pytest.skip("this file system has no access control lists")


def test_an_access_control_list_is_kept(data, tmp_path):
    """With a list, the group bits of the mode are the mask of the list, not the permissions of the group."""
    out = tmp_path / "out"
    out.write_bytes(b"before")
    set_list(out, ACL, FOR_BOB)
    good("run", "copy", data(1000), "-o", out)
    assert os.getxattr(out, ACL) == FOR_BOB and stat.S_IMODE(out.stat().st_mode) == 0o660


def test_the_default_list_of_the_folder_does_not_widen_a_file(data, tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    out = folder / "out"
    out.write_bytes(b"before")
    out.chmod(0o640)
    set_list(folder, "system.posix_acl_default", FOR_BOB)
    good("run", "copy", data(1000), "-o", out)
    assert ACL not in os.listxattr(out) and stat.S_IMODE(out.stat().st_mode) == 0o640


def test_output_without_a_folder_in_its_name(data, tmp_path):
    good("run", "copy", data(10, "in"), "-o", "out", cwd=tmp_path)
    assert only(tmp_path, "in", "out")


def test_a_name_of_the_greatest_length(data, tmp_path):
    name = "x" * 255
    good("run", "copy", data(10, "in"), "-o", tmp_path / name)
    assert only(tmp_path, "in", name)
    refused(FILE, "run", "copy", tmp_path / "in", "-o", tmp_path / (name + "x"),
            mentions=os.strerror(errno.ENAMETOOLONG))


@pytest.mark.parametrize("arguments", [
    ["deflate", "{}", "-o", "/dev/full"], ["copy", "{}", "-o", "/dev/full"],
    ["fill", "-s", "3M", "-o", "/dev/full"],
    ["matmul", "-m", "3", "-n", "3", "-k", "3", "-o", "/dev/full"]])
def test_output_device_is_full(data, tmp_path, arguments):
    file = data(3_000_000)
    refused(FILE, "run", *[argument.format(file) for argument in arguments],
            mentions=["/dev/full", os.strerror(errno.ENOSPC)])
    assert only(tmp_path, file.name)


@pytest.mark.parametrize("operation", [["deflate"], ["copy"], ["crc32c"]])
def test_standard_output_is_full(data, operation):
    with open("/dev/full", "wb") as full:
        refused(FILE, "run", *operation, data(3_000_000), stdout=full,
                mentions=["standard output", os.strerror(errno.ENOSPC)])


@pytest.mark.parametrize("arguments", [
    ["run", "deflate", "in", "--json", "-o"], ["run", "copy", "in", "--json", "-o"],
    ["run", "inflate", "in.gz", "--json", "-o"], ["run", "fill", "-s", "10", "--json", "-o"],
    ["run", "matmul", "-m", "1", "-n", "1", "-k", "1", "-o"],
    ["bench", "soft0", "--op", "nop", "--seconds", "0.001", "--plot"]], ids=lambda arguments: arguments[1])
def test_a_report_that_cannot_be_written_leaves_the_file(data, tmp_path, arguments):
    (tmp_path / "in.gz").write_bytes(gzip.compress(data(1000, "in").read_bytes()))
    (tmp_path / "out").write_bytes(b"before")
    with open("/dev/full", "wb") as full:
        refused(FILE, *arguments, "out", cwd=tmp_path, stdout=full, mentions="standard output")
    assert only(tmp_path, "in", "in.gz", "out") and (tmp_path / "out").read_bytes() == b"before"


def test_disk_is_full(data, tmp_path):
    file = data(3_000_000)
    disk = tmp_path / "disk"
    disk.mkdir()
    script = f'mount -t tmpfs -o size=1m none "{disk}" && cd "{disk}" && echo before > there || exit 77\n' \
             f'"$@"; code=$?; ls -A; cat there; exit $code'
    done = subprocess.run(["unshare", "-m" if os.geteuid() == 0 else "-rm", "sh", "-c", script, "sh", ACCEL, "run", "copy",
                           file, "-o", "there"], capture_output=True, text=True, check=False)
    if done.returncode == 77 or "unshare" in done.stderr:
        pytest.skip(f"no file system can be mounted here: {done.stderr.strip()}")
    assert done.returncode == FILE, done
    assert mentions_all(done.stderr, ["accel: there: ", os.strerror(errno.ENOSPC)])
    assert done.stdout == "there\nbefore\n"


def test_a_file_may_not_get_that_long(data, tmp_path):
    file = data(3_000_000)
    refused(FILE, "run", "copy", file, "-o", tmp_path / "out", prefix=["prlimit", "--fsize=1000000"],
            mentions=["out", os.strerror(errno.EFBIG)])
    assert only(tmp_path, file.name)


def test_named_pipes(data, tmp_path):
    file = data(3_000_000)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    # gzip itself would open the pipe without waiting for a writer.
    with open(tmp_path / "packed", "wb") as packed:
        with subprocess.Popen(["cat", pipe], stdout=packed) as reader:
            good("run", "deflate", file, "-o", pipe)
            assert reader.wait(60) == 0
    assert gzip.decompress((tmp_path / "packed").read_bytes()) == file.read_bytes()
    with subprocess.Popen(["cp", file, pipe]):
        assert gzip.decompress(good("run", "deflate", pipe).out) == file.read_bytes()
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_a_pipe_that_does_not_block():
    read, write = os.pipe()
    os.set_blocking(read, False)
    with subprocess.Popen([ACCEL, "run", "inflate"], stdin=read, stdout=subprocess.PIPE) as child:
        time.sleep(0.3)
        os.write(write, gzip.compress(b"late"))
        os.close(write)
        assert child.stdout.read() == b"late" and child.wait(60) == 0
    os.close(read)


def test_a_file_of_proc_whose_size_is_reported_as_zero():
    assert good("run", "copy", "/proc/filesystems").text == open("/proc/filesystems", encoding="ascii").read()
