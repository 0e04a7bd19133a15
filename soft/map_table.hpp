// SPDX-License-Identifier: MIT
// The mappings of an address space at one moment: a sorted table whose entries never change, so that workers can
// read it without a lock, and the hazards by which they say that they do.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>

namespace accel::core::softdev {

/// What the device may touch at [iova, iova + length), and where that is in this process.
struct Mapping {
	uint64_t iova;
	uint64_t length;
	std::byte *memory;
	uint64_t access; // ACCEL_ACCESS_*
};

/// How a range of a descriptor can be reached.
enum class Reach : uint8_t {
	direct, ///< in one piece
	pieces, ///< in several: gather() and scatter()
	denied, ///< not all of it
};

/// Sorted by iova; mappings do not overlap. Nothing of it changes, but more may come behind the last mapping.
class MapTable {
public:
	struct Delete {
		void operator()(const MapTable *table) const;
	};
	using Ptr = std::unique_ptr<MapTable, Delete>;

	/// An empty table with room for @capacity mappings, to be filled before anybody else sees it. Null:
	/// no memory.
	static Ptr make(size_t capacity);
	/// Have @count entries, whose content is undefined where it was never set.
	void resize(size_t count) { count_ = count; }
	size_t capacity() const { return capacity_; }
	/// Add a mapping behind all others, within the capacity. Others may read the table meanwhile.
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
	/// The mapping that holds @iova, or null.
	const Mapping *find(uint64_t iova) const;

	/// Whether all of [iova, iova + length), which does not wrap and is not empty, may be touched so.
	/// @memory: where it is, if direct. @fault: the first byte that may not be touched, if denied.
	Reach reach(uint64_t iova, uint64_t length, uint64_t access, std::byte *&memory,
		    uint64_t &fault) const;

	/// Copy between a range that reach() allowed and plain memory.
	void gather(std::byte *to, uint64_t iova, uint64_t length) const;
	void scatter(uint64_t iova, const std::byte *from, uint64_t length) const;

	/// Of the address space, for tables that are replaced and perhaps still read.
	MapTable *next_old = nullptr;

private:
	explicit MapTable(size_t capacity) : capacity_(capacity) {}
	const Mapping *entries() const { return reinterpret_cast<const Mapping *>(this + 1); }

	const size_t capacity_;
	std::atomic<size_t> count_{0};
};

/// What one worker reads at the moment. Says it with two stores per turn, not per descriptor.
class alignas(128) Hazard {
public:
	/// The table behind @current, which stays valid until release(). Null stays null and costs nothing.
	const MapTable *acquire(const std::atomic<MapTable *> &current);
	void release();

	/// Whether the worker may still read @table.
	bool holds(const MapTable *table) const
	{
		return table_.load(std::memory_order_seq_cst) == table;
	}
	/// Wait until it does not.
	void wait_for_release(const MapTable *table);

private:
	std::atomic<const MapTable *> table_{nullptr};
	uint32_t wanted_ = 0;	// somebody sleeps until the release
	uint32_t releases_ = 0; // futex word
};

} // namespace accel::core::softdev
