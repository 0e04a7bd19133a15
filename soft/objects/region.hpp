// SPDX-License-Identifier: MIT
// Memory that a client can map: rings and buffers, and the mappings of the process.
#pragma once

#include "base/result.hpp"
#include "soft/process/page.hpp"
#include "sys/fd.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace accel::core::softdev {

/// The submit hook of a ring, see struct accel_ring. It belongs to the memory of the ring, not to the queue: a client
/// can publish while it has the ring mapped, even after the queue is destroyed.
struct SubmitHook {
	bool (*submit)(void *context, uint64_t sequence, uint32_t count);
	std::shared_ptr<void> context;
};

/// A range of memory of this process. It exists as long as an object or a mapping of a client refers to it.
class Region {
public:
	/// Zeroed memory for a ring; a forked child does not get it. ENOMEM.
	static Result<std::shared_ptr<Region>> make_ring(uint64_t bytes);
	/// Map all of @file shared, readable and writable; or read-only with @writable false, if the file does not
	/// allow writing. EBADF: it cannot be mapped; ENOMEM.
	static Result<std::shared_ptr<Region>> map_file(Fd file, uint64_t bytes, bool &writable);

	~Region();
	Region(const Region &) = delete;
	Region &operator=(const Region &) = delete;

	std::byte *memory() const { return memory_; }
	uint64_t bytes() const { return bytes_; }
	/// The file of the memory, or -1.
	int fd() const { return file_.get(); }
	/// The submit hook of a ring; without one workers execute every entry. Set when the queue is created, before a
	/// client can map the ring.
	const std::optional<SubmitHook> &submit_hook() const { return submit_hook_; }
	void set_submit_hook(SubmitHook hook) { submit_hook_ = std::move(hook); }

private:
	Region(std::byte *memory, uint64_t bytes, Fd file);
	static Result<std::shared_ptr<Region>> adopt(void *memory, uint64_t bytes, Fd file);

	std::byte *memory_;
	uint64_t bytes_;
	Fd file_;
	std::optional<SubmitHook> submit_hook_;
};

class Offsets;

/// The offset at which a region can be mapped; valid during the lifetime of this object. Move-only.
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
	/// From now on the region cannot be mapped; existing mappings remain.
	void release();

private:
	friend class Offsets;
	OffsetLease(Offsets *offsets, uint64_t offset) : offsets_(offsets), offset_(offset) {}

	Offsets *offsets_ = nullptr;
	uint64_t offset_ = 0;
};

/// The offsets for map() and their regions. One per open file.
class Offsets {
public:
	/// A new offset for @region. ENOMEM by exception.
	OffsetLease add(std::shared_ptr<Region> region);

	struct Found {
		std::shared_ptr<Region> region;
		uint64_t offset; // within the region
	};
	/// Returns the region that contains @length bytes from @offset on; null if none does.
	Found find(uint64_t offset, uint64_t length);

private:
	friend class OffsetLease;

	std::mutex mutex_;
	std::map<uint64_t, std::shared_ptr<Region>> regions_;
	uint64_t next_ = uint64_t{1} << 32;
};

/// The mappings of the clients. One table per process: a mapping outlives the file through which it was created. The
/// table of a forked child is empty at first; inherited mappings remain until the child exits or calls exec().
int map_region(std::shared_ptr<Region> region, uint64_t offset, uint64_t length, void **address);
int unmap_region(void *address, uint64_t length);
/// Returns the submit hook of the ring mapped at @address, valid until unmap_region(); null: none.
const SubmitHook *submit_hook_of(void *address);

} // namespace accel::core::softdev
