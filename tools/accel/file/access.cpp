// SPDX-License-Identifier: MIT
// The permissions of a file that replaces another one.
#include "file/access.hpp"

#include <cerrno>
#include <linux/limits.h>
#include <sys/xattr.h>
#include <unistd.h>
#include <vector>

namespace cli {

namespace {

constexpr mode_t kOthersMode = 0007;

/// Copies the access control list of the replaced file to the new file, or removes the list that the new file got from
/// its directory. Returns false if the new file does not have the list of the old one.
bool keep_list(int fd, const std::string &target)
{
	static constexpr const char *kList = "system.posix_acl_access";
	std::vector<char> list(XATTR_SIZE_MAX);
	ssize_t bytes = getxattr(target.c_str(), kList, list.data(), list.size());

	if (bytes >= 0)
		return fsetxattr(fd, kList, list.data(), static_cast<size_t>(bytes), 0) == 0;
	if (errno == ENODATA)
		return fremovexattr(fd, kList) == 0 || errno == ENODATA;
	return errno == EOPNOTSUPP;
}

} // namespace

void keep_access(int fd, const std::string &target, const struct stat &existing)
{
	mode_t mode = existing.st_mode & 0777;
	struct stat now = {};

	if (fchown(fd, existing.st_uid, existing.st_gid) < 0)
		static_cast<void>(!fchown(fd, static_cast<uid_t>(-1), existing.st_gid));
	bool is_same_group = fstat(fd, &now) == 0 && now.st_gid == existing.st_gid;

	// Set the list first: with a list, the group bits of the mode are its mask.
	if (!keep_list(fd, target) || !is_same_group) {
		mode_t both = (mode >> 3) & mode & kOthersMode;

		mode = (mode & kOwnerMode) | both << 3 | both;
	}
	static_cast<void>(fchmod(fd, mode));
}

} // namespace cli
