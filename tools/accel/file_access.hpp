// SPDX-License-Identifier: MIT
// Who may read and write a file that replaces another one.
#pragma once

#include <string>
#include <sys/stat.h>

namespace cli {

/// The bits of its owner: the only ones of the old file with which the new one is made.
inline constexpr mode_t kOwnerMode = 0700;

/// Who may read and write the file that is replaced may do so with the new one, and it belongs to the same, as far
/// as we may give it away. What runs as its owner (set-user-ID, set-group-ID) is not kept: the content is another.
/// Nobody may do more with it than with the old one, at any time: until here only its owner may do anything, and a
/// group that is not the old one, or has no list, may do no more than all others.
void keep_access(int fd, const std::string &target, const struct stat &existing);

} // namespace cli
