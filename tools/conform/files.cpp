// SPDX-License-Identifier: MIT
// The file descriptors of the process, from /proc.
#include "conform/files.hpp"

#include "conform/check.hpp"

#include <cerrno>
#include <charconv>
#include <climits>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <string_view>
#include <sys/mman.h>
#include <sys/resource.h>

namespace accel::conform {

std::set<int> open_files()
{
	struct Close {
		void operator()(DIR *d) const { closedir(d); }
	};
	std::unique_ptr<DIR, Close> directory(opendir("/proc/self/fd"));
	std::set<int> files;

	if (!directory)
		skip("/proc/self/fd cannot be read here");
	while (const dirent *entry = readdir(directory.get())) {
		std::string_view name = entry->d_name;
		int fd;
		if (std::from_chars(name.begin(), name.end(), fd).ec == std::errc())
			files.insert(fd);
	}
	files.erase(dirfd(directory.get()));
	return files;
}

std::string file_name(int fd)
{
	char target[PATH_MAX];
	ssize_t n = readlink(fmt::format("/proc/self/fd/{}", fd).c_str(), target, sizeof(target));

	return n < 0 ? "?" : std::string(target, static_cast<size_t>(n));
}

UniqueFd make_memfd(size_t bytes)
{
	UniqueFd file(memfd_create("conform", MFD_CLOEXEC | MFD_ALLOW_SEALING));

	CHECK(file.get() >= 0 && ftruncate(file.get(), static_cast<off_t>(bytes)) == 0 &&
		      fcntl(file.get(), F_ADD_SEALS, F_SEAL_SHRINK) == 0,
	      "memfd_create(): errno {}", errno);
	return file;
}

NoMoreFiles::NoMoreFiles()
{
	rlimit limit{};
	int next = open("/dev/null", O_RDONLY | O_CLOEXEC);

	CHECK(next >= 0 && getrlimit(RLIMIT_NOFILE, &limit) == 0, "errno {}", errno);
	close(next);
	old_soft_ = limit.rlim_cur;
	/* The lowest free number becomes the limit. */
	limit.rlim_cur = static_cast<rlim_t>(next);
	CHECK(setrlimit(RLIMIT_NOFILE, &limit) == 0, "setrlimit(): errno {}", errno);
}

NoMoreFiles::~NoMoreFiles()
{
	rlimit limit{};

	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = old_soft_;
	setrlimit(RLIMIT_NOFILE, &limit);
}

} // namespace accel::conform
