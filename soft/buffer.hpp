// SPDX-License-Identifier: MIT
// Buffers: memory that the device knows by a handle.
#pragma once

#include "soft/object.hpp"
#include "soft/region.hpp"

namespace accel::core::softdev {

/// Memory of one of three kinds; all of it is reached through memory().
class Buffer final : public Object {
public:
	/// A memory file. ENOMEM, EMFILE.
	static Result<std::shared_ptr<Buffer>> create(uint64_t size);
	/// Memory of the caller. EFAULT, EOVERFLOW, ENOMEM.
	static Result<std::shared_ptr<Buffer>> wrap(uint64_t address, uint64_t length,
						    uint64_t access);
	/// A dma-buf or memfd. EBADF: another kind of file, one that cannot be mapped, or one that can shrink; EMFILE,
	/// ENOMEM.
	static Result<std::shared_ptr<Buffer>> import(int fd);

	Buffer(uint32_t kind, std::byte *memory, uint64_t size, uint64_t access,
	       std::shared_ptr<Region> region);

	uint32_t kind() const { return kind_; } // ACCEL_MEMORY_KIND_*
	uint64_t size() const { return size_; }
	uint64_t access() const { return access_; } // what a mapping of it may allow
	std::byte *memory() const { return memory_; }
	/// ACCEL_BUFFER_FLAGS_* with which it was created, for buffer.query. Set before anybody else has the buffer.
	uint64_t flags() const { return flags_; }
	void set_flags(uint64_t flags) { flags_ = flags; }
	/// Let clients map it. The offset to do so, or 0 for memory of the caller. ENOMEM by exception.
	uint64_t make_mappable(Offsets &offsets);
	void end() override { lease_.release(); }

	struct File {
		Fd fd;
		uint32_t kind; // ACCEL_FILE_KIND_*
	};
	/// A dma-buf if the machine can make one of a memory file, else the memory file. EOPNOTSUPP: not an
	/// allocated buffer; EMFILE.
	Result<File> export_file() const;

private:
	const uint32_t kind_;
	std::byte *const memory_;
	const uint64_t size_;
	const uint64_t access_;
	uint64_t flags_ = 0;
	std::shared_ptr<Region> region_; // null for memory of the caller
	OffsetLease lease_;
};

} // namespace accel::core::softdev
