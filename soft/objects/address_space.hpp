// SPDX-License-Identifier: MIT
// Address spaces: the meaning of addresses in descriptors.
#pragma once

#include "soft/objects/map_table.hpp"
#include "soft/objects/object.hpp"

#include <map>
#include <mutex>
#include <optional>
#include <span>

namespace accel::core::softdev {

/// Memory to be mapped, and a reference to its buffer, if it has one.
struct MapSource {
	std::byte *memory;
	uint64_t length;
	Use buffer;
};

/// Mode shared: an address is an address of the process. Mode mapped: addresses are translated by a table.
class AddressSpace final : public Object {
public:
	/// A mapped space starts with an empty table. @hazards: those of the workers that may read its tables. ENOMEM by
	/// exception.
	AddressSpace(std::span<Hazard> hazards, uint32_t mode);
	~AddressSpace() override;

	uint32_t mode() const { return mode_; }
	/// The table that workers read; null in mode shared.
	const std::atomic<MapTable *> &table() const { return table_; }

	/// Returns the iova. @fixed: the iova to use. EINVAL (mode shared, or @fixed in the first page), EEXIST,
	/// EOVERFLOW, ENOSPC, ENOMEM.
	Result<uint64_t> map(MapSource source, uint64_t access, std::optional<uint64_t> fixed);
	/// When this returns, no worker accesses the memory. ENXIO: no mapping has exactly this range. Does not
	/// allocate.
	Result<void> unmap(uint64_t iova, uint64_t length);

	struct Info {
		uint32_t mappings;
		uint64_t bytes;
	};
	Info info();

	/// Releases the references to buffers.
	void end() override;

private:
	Result<uint64_t> choose(uint64_t offset_in_page, uint64_t length);
	Result<void> check_fixed(uint64_t iova, uint64_t length) const;
	bool reserve_spare(size_t capacity);
	bool insert(const Mapping &mapping);
	void replace(MapTable::Ptr table);
	/// Frees the replaced tables that no worker reads. @wait: waits for the workers that do.
	void free_old(bool wait);

	static constexpr size_t kMostMappings = 65536;

	const std::span<Hazard> hazards_;
	const uint32_t mode_;
	std::mutex mutex_; // of map(), unmap(), info() and end()
	std::atomic<MapTable *> table_{nullptr};
	MapTable *old_ = nullptr; // replaced tables that workers may still read
	MapTable::Ptr spare_;	  // for the next unmap, which must not allocate
	std::map<uint64_t, Use> buffers_;
	uint64_t bytes_ = 0;
	uint64_t full_below_ = 0; // no gap of a whole page is below
};

} // namespace accel::core::softdev
