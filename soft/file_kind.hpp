// SPDX-License-Identifier: MIT
// What kind of file a descriptor of the caller is, without reading from it or writing to it.
#pragma once

#include "base/result.hpp"
#include "sys/fd.hpp"

namespace accel::core::softdev {

enum class FileKind : uint8_t { eventfd, dma_buf, memfd, other };

/// A file of the caller, referenced by a descriptor of our own.
struct UserFile {
	Fd fd;
	FileKind kind;
	uint64_t bytes; // of a dma-buf or memfd
};

/// EBADF: not open; EMFILE; EOPNOTSUPP: /proc is not mounted, so nobody can tell. @attribute for the failure.
Result<UserFile> reference_file(int fd, uint16_t attribute);

} // namespace accel::core::softdev
