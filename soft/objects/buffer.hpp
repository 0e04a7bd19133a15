// SPDX-License-Identifier: MIT
// Buffers: memory with a handle.
#pragma once

#include "soft/objects/object.hpp"
#include "soft/objects/region.hpp"

namespace accel::core::softdev {

/// Allocated, registered or imported memory, mapped at memory().
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
	uint64_t access() const { return access_; } // the access that its mappings may allow
	std::byte *memory() const { return memory_; }
	/// ACCEL_BUFFER_FLAGS_* at creation, for buffer.query. Set before the buffer has a handle.
	uint64_t flags() const { return flags_; }
	void set_flags(uint64_t flags) { flags_ = flags; }
	/// Let clients map it. Returns the offset for map(), or 0 for memory of the caller. ENOMEM by exception.
	uint64_t make_mappable(Offsets &offsets);
	void end() override { lease_.release(); }

	struct File {
		Fd fd;
		uint32_t kind; // ACCEL_FILE_KIND_*
	};
	/// Returns a dma-buf if the kernel can create one from a memfd, otherwise the memfd. EOPNOTSUPP: not an
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
