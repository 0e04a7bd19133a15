// SPDX-License-Identifier: MIT
// The permissions of a file that replaces another one.
#pragma once

#include <string>
#include <sys/stat.h>

namespace cli {

/// The permissions of the owner, the only ones of the old file with which the new file is created.
inline constexpr mode_t kOwnerMode = 0700;

/// Copies owner, group, mode and access control list of the replaced file to the new file, as far as this process may
/// change them. The set-user-ID and set-group-ID bits are cleared, since the content differs. At no time does the new
/// file allow more than the old one: before this call only the owner has access, and if the group or the list could not
/// be copied, the group gets no more than all other users.
void keep_access(int fd, const std::string &target, const struct stat &existing);

} // namespace cli
