// SPDX-License-Identifier: MIT
// Determines the kind of file of a file descriptor of the caller.
#include "soft/process/file_kind.hpp"

#include "sys/sys.hpp"

#include <atomic>
#include <cstdio>
#include <cstring>
#include <string_view>
#include <sys/stat.h>

namespace accel::core::softdev {

namespace {

std::unexpected<Failure> refuse(int code, unsigned reason, uint16_t attribute, int fd,
				const char *why)
{
	auto failed = fail(code, reason, "file descriptor %d %s", fd, why);

	failed.error().attribute = attribute;
	failed.error().value = static_cast<uint32_t>(fd);
	return failed;
}

/* memfds are on a mount of their own, which has no path; its device number identifies them. */
Result<dev_t> memfd_device()
{
	static std::atomic<dev_t> known{0};
	dev_t device = known.load(std::memory_order_relaxed);

	if (device)
		return device;
	Fd probe(sys::memfd_create("accel-probe", 0x1 /* MFD_CLOEXEC */));
	struct stat info;

	if (probe.get() == -EMFILE || probe.get() == -ENFILE)
		return fail(EMFILE, ACCEL_REASON_FILES, "no file descriptor is left");
	if (!probe || sys::fstat(probe.get(), &info) < 0)
		return fail_memory("a memory file");
	known.store(info.st_dev, std::memory_order_relaxed);
	return info.st_dev;
}

/* The kind according to fdinfo, in which eventfds and dma-bufs have lines of their own. */
Result<FileKind> kind_by_proc(int fd)
{
	char path[64];
	char text[1024];

	snprintf(path, sizeof(path), "/proc/thread-self/fdinfo/%d", fd);
	const ssize_t bytes = sys::read_file(path, text, sizeof(text));

	if (bytes == -EMFILE || bytes == -ENFILE)
		return fail(EMFILE, ACCEL_REASON_FILES, "no file descriptor is left");
	if (bytes <= 0)
		return fail(EOPNOTSUPP, ACCEL_REASON_UNSUPPORTED,
			    "the kind of file is unknown, because %s cannot be read; "
			    "mount /proc",
			    path);
	std::string_view lines(text, static_cast<size_t>(bytes));
	if (lines.find("\neventfd-count:") != lines.npos)
		return FileKind::eventfd;
	if (lines.find("\nexp_name:") != lines.npos)
		return FileKind::dma_buf;
	return FileKind::other;
}

} // namespace

Result<UserFile> reference_file(int fd, uint16_t attribute)
{
	UserFile file{Fd(sys::dup(fd)), FileKind::other, 0};
	struct stat info;

	if (file.fd.get() == -EMFILE || file.fd.get() == -ENFILE)
		return refuse(EMFILE, ACCEL_REASON_FILES, attribute, fd,
			      "cannot be duplicated: the process has no descriptor left");
	if (!file.fd || sys::fstat(file.fd.get(), &info) < 0)
		return refuse(EBADF, ACCEL_REASON_BAD_FILE, attribute, fd, "is not open");
	file.bytes = static_cast<uint64_t>(info.st_size);
	if (S_ISREG(info.st_mode)) {
		/* A regular file of that mount without a name is a memfd or equivalent to one. */
		auto device = memfd_device();
		if (!device)
			return std::unexpected(device.error());
		if (info.st_dev == *device && info.st_nlink == 0)
			file.kind = FileKind::memfd;
		return file;
	}
	auto kind = kind_by_proc(file.fd.get());
	if (!kind)
		return std::unexpected(kind.error());
	file.kind = *kind;
	/* A dma-buf has no end of file; st_blocks has its size. */
	if (file.kind == FileKind::dma_buf)
		file.bytes = static_cast<uint64_t>(info.st_blocks) * 512;
	return file;
}

} // namespace accel::core::softdev
