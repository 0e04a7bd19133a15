// SPDX-License-Identifier: MIT
// Memory that a client can map: rings and buffers, and what of it is mapped.
#pragma once

#include "base/result.hpp"
#include "soft/inline_path.hpp"
#include "sys/fd.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <utility>

namespace accel::core::softdev {

inline constexpr uint64_t kPage = 4096;

constexpr uint64_t round_to_page(uint64_t bytes)
{
	return (bytes + kPage - 1) / kPage * kPage;
}

/// One piece of memory of this process, as long as somebody holds it: an object or a client's mapping.
class Region {
public:
	/// Zeroed memory for a ring; a forked child does not get it. ENOMEM.
	static Result<std::shared_ptr<Region>> make_ring(uint64_t bytes);
	/// @file mapped shared, whole, for reading and writing; for reading only, and @writable false, if
	/// the file allows no more. EBADF: it cannot be mapped; ENOMEM.
	static Result<std::shared_ptr<Region>> map_file(Fd file, uint64_t bytes, bool &writable);

	~Region();
	Region(const Region &) = delete;
	Region &operator=(const Region &) = delete;

	std::byte *memory() const { return memory_; }
	uint64_t bytes() const { return bytes_; }
	/// The file behind it, or -1.
	int fd() const { return file_.get(); }
	/// What a thread that publishes to a ring may execute by itself; null: nothing. Set by who made the
	/// ring, before anybody can map it.
	InlinePath *inline_path() const { return inline_path_.get(); }
	void set_inline_path(std::unique_ptr<InlinePath> inline_path)
	{
		inline_path_ = std::move(inline_path);
	}

private:
	Region(std::byte *memory, uint64_t bytes, Fd file);
	static Result<std::shared_ptr<Region>> adopt(void *memory, uint64_t bytes, Fd file);

	std::byte *memory_;
	uint64_t bytes_;
	Fd file_;
	std::unique_ptr<InlinePath> inline_path_;
};

class Offsets;

/// The offset at which a region can be mapped, as long as this lives. Move-only.
class OffsetLease {
public:
	OffsetLease() = default;
	OffsetLease(OffsetLease &&other) noexcept
		: offsets_(std::exchange(other.offsets_, nullptr)), offset_(other.offset_)
	{}
	OffsetLease &operator=(OffsetLease &&other) noexcept
	{
		std::swap(offsets_, other.offsets_);
		std::swap(offset_, other.offset_);
		return *this;
	}
	~OffsetLease() { release(); }

	uint64_t offset() const { return offset_; }
	/// It cannot be mapped any more; what is mapped stays.
	void release();

private:
	friend class Offsets;
	OffsetLease(Offsets *offsets, uint64_t offset) : offsets_(offsets), offset_(offset) {}

	Offsets *offsets_ = nullptr;
	uint64_t offset_ = 0;
};

/// Which offset of a file's mmap names which region. One per open file.
class Offsets {
public:
	/// A new offset for @region. ENOMEM by exception.
	OffsetLease add(std::shared_ptr<Region> region);

	struct Found {
		std::shared_ptr<Region> region;
		uint64_t offset; // within the region
	};
	/// The region that has all of @length bytes from @offset on; none if there is no such.
	Found find(uint64_t offset, uint64_t length);

private:
	friend class OffsetLease;

	std::mutex mutex_;
	std::map<uint64_t, std::shared_ptr<Region>> regions_;
	uint64_t next_ = uint64_t{1} << 32;
};

/// What clients have mapped. One table for the process: a mapping outlives the file it was made through. A forked child
/// begins with an empty table; what it inherited stays mapped until it exits or calls exec().
int map_region(std::shared_ptr<Region> region, uint64_t offset, uint64_t length, void **address);
int unmap_region(void *address, uint64_t length);
/// The inline path of the ring that is mapped at @address, valid until that is unmapped; null: there is none.
InlinePath *inline_path_of(void *address);

} // namespace accel::core::softdev
