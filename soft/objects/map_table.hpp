// SPDX-License-Identifier: MIT
// The mappings of an address space: a sorted table whose entries never change, so that workers can read it without a
// lock, and hazard pointers, in which workers publish the table that they read.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>

namespace accel::core::softdev {

/// The device may access [iova, iova + length), which is at `memory` in this process.
struct Mapping {
	uint64_t iova;
	uint64_t length;
	std::byte *memory;
	uint64_t access; // ACCEL_ACCESS_*
};

/// How a range of a descriptor can be accessed.
enum class Reach : uint8_t {
	direct, ///< contiguous memory
	pieces, ///< several pieces: gather() and scatter()
	denied, ///< not all of it is mapped with the permission
};

/// Sorted by iova; mappings do not overlap. Existing entries do not change; mappings may be appended.
class MapTable {
public:
	struct Delete {
		void operator()(const MapTable *table) const;
	};
	using Ptr = std::unique_ptr<MapTable, Delete>;

	/// Returns an empty table for @capacity mappings, to be filled before another thread can read it. Null: no
	/// memory.
	static Ptr make(size_t capacity);
	/// Set the number of entries. The content of new entries is undefined.
	void resize(size_t count) { count_ = count; }
	size_t capacity() const { return capacity_; }
	/// Append a mapping within the capacity. Workers may read the table at the same time.
	void append(const Mapping &mapping);

	std::span<const Mapping> all() const
	{
		return {entries(), count_.load(std::memory_order_acquire)};
	}
	std::span<Mapping> entries()
	{
		return {const_cast<Mapping *>(std::as_const(*this).entries()), count_};
	}

	/// The first mapping at or after @iova; all().size() if there is none.
	size_t lower_bound(uint64_t iova) const;
	/// The mapping that contains @iova, or null.
	const Mapping *find(uint64_t iova) const;

	/// Whether [iova, iova + length), which does not wrap and is not empty, allows @access.
	/// @memory: its memory, if direct. @fault: the first byte without access, if denied.
	Reach reach(uint64_t iova, uint64_t length, uint64_t access, std::byte *&memory,
		    uint64_t &fault) const;

	/// Copy between a range that reach() allowed and plain memory.
	void gather(std::byte *to, uint64_t iova, uint64_t length) const;
	void scatter(uint64_t iova, const std::byte *from, uint64_t length) const;

	/// List link of the address space, for replaced tables that workers may still read.
	MapTable *next_old = nullptr;

private:
	explicit MapTable(size_t capacity) : capacity_(capacity) {}
	const Mapping *entries() const { return reinterpret_cast<const Mapping *>(this + 1); }

	const size_t capacity_;
	std::atomic<size_t> count_{0};
};

/// The hazard pointer of one worker: the table that it reads. Two stores per pass over a queue, none per entry.
class alignas(128) Hazard {
public:
	/// Returns the table of @current, which stays valid until release(). Without a table: null, and no store.
	const MapTable *acquire(const std::atomic<MapTable *> &current);
	void release();

	/// Whether the worker may still read @table.
	bool holds(const MapTable *table) const
	{
		return table_.load(std::memory_order_seq_cst) == table;
	}
	/// Wait until the worker does not read @table.
	void wait_for_release(const MapTable *table);

private:
	std::atomic<const MapTable *> table_{nullptr};
	uint32_t wanted_ = 0;	// a thread sleeps until the release
	uint32_t releases_ = 0; // futex word
};

} // namespace accel::core::softdev
