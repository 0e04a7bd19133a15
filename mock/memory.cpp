// SPDX-License-Identifier: MIT
// Memory in memfds. The device reads and writes through the file, so it needs no mapping.
#include "mock/memory.hpp"

#include <cerrno>
#include <map>
#include <mutex>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace accel::core::mock {

namespace {

/* All memory of the process by the number of its file: an importer finds the memory of a descriptor here. */
struct Registry {
	std::mutex mutex;
	std::map<uint64_t, std::weak_ptr<Memory>> memory;
};

Registry &registry()
{
	static Registry all;
	return all;
}

} // namespace

std::shared_ptr<Memory> Memory::create(const char *name, uint64_t size)
{
	/* The size of a file is a signed number. */
	if (size > static_cast<uint64_t>(INT64_MAX))
		return nullptr;
	int fd = memfd_create(name, MFD_CLOEXEC);
	struct stat status;

	if (fd < 0)
		return nullptr;
	if (ftruncate(fd, static_cast<off_t>(size)) < 0 || fstat(fd, &status) < 0) {
		::close(fd);
		return nullptr;
	}
	std::shared_ptr<Memory> made(new Memory(fd, size, status.st_ino));
	std::lock_guard lock(registry().mutex);
	registry().memory.insert_or_assign(made->identity_, made);
	return made;
}

std::shared_ptr<Memory> Memory::find(uint64_t identity)
{
	std::lock_guard lock(registry().mutex);
	auto at = registry().memory.find(identity);

	return at == registry().memory.end() ? nullptr : at->second.lock();
}

Memory::~Memory()
{
	{
		std::lock_guard lock(registry().mutex);
		auto at = registry().memory.find(identity_);

		/* The number of a closed file may have been reused for a new one. */
		if (at != registry().memory.end() && at->second.expired())
			registry().memory.erase(at);
	}
	::close(fd_);
}

bool Memory::read(uint64_t offset, std::span<std::byte> to) const
{
	if (offset > size_ || to.size() > size_ - offset)
		return false;
	return pread(fd_, to.data(), to.size(), static_cast<off_t>(offset)) ==
	       static_cast<ssize_t>(to.size());
}

bool Memory::write(uint64_t offset, std::span<const std::byte> from) const
{
	if (offset > size_ || from.size() > size_ - offset)
		return false;
	return pwrite(fd_, from.data(), from.size(), static_cast<off_t>(offset)) ==
	       static_cast<ssize_t>(from.size());
}

int Memory::identify(int fd, uint64_t *identity)
{
	struct stat status;

	if (fstat(fd, &status) < 0)
		return -errno;
	*identity = status.st_ino;
	return 0;
}

} // namespace accel::core::mock
