// SPDX-License-Identifier: MIT
// Determines the kind of file of a file descriptor of the caller, without reading or writing the file.
#pragma once

#include "base/result.hpp"
#include "sys/fd.hpp"

namespace accel::core::softdev {

enum class FileKind : uint8_t { eventfd, dma_buf, memfd, other };

/// A file of the caller, with a duplicate of its descriptor.
struct UserFile {
	Fd fd;
	FileKind kind;
	uint64_t bytes; // of a dma-buf or memfd
};

/// EBADF: not open; EMFILE; EOPNOTSUPP: /proc is not mounted, so the kind is unknown. @attribute: for the failure.
Result<UserFile> reference_file(int fd, uint16_t attribute);

} // namespace accel::core::softdev
