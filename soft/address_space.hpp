// SPDX-License-Identifier: MIT
// Address spaces: what the addresses in descriptors mean.
#pragma once

#include "soft/map_table.hpp"
#include "soft/object.hpp"

#include <map>
#include <mutex>
#include <optional>

namespace accel::core::softdev {

class Device;

/// Memory to be mapped: where it is, and the buffer it belongs to, if any, which then cannot be destroyed.
struct MapSource {
	std::byte *memory;
	uint64_t length;
	Use buffer;
};

/// Mode shared: any address is an address of the process, nothing is looked up. Mode mapped: a table.
class AddressSpace final : public Object {
public:
	/// A mapped space has an empty table from the start. ENOMEM by exception.
	AddressSpace(Device &device, uint32_t mode);
	~AddressSpace() override;

	uint32_t mode() const { return mode_; }
	/// What workers read; holds null in mode shared.
	const std::atomic<MapTable *> &table() const { return table_; }

	/// Returns the iova. @fixed: where to map it. EINVAL (mode shared, fixed in the first page), EEXIST,
	/// EOVERFLOW, ENOSPC, ENOMEM.
	Result<uint64_t> map(MapSource source, uint64_t access, std::optional<uint64_t> fixed);
	/// When it returns no worker reads or writes there. ENXIO: not exactly one mapping. Needs no memory.
	Result<void> unmap(uint64_t iova, uint64_t length);

	struct Info {
		uint32_t mappings;
		uint64_t bytes;
	};
	Info info();

	/// Lets the buffers go.
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

	Device &device_;
	const uint32_t mode_;
	std::mutex mutex_; // of who changes the table
	std::atomic<MapTable *> table_{nullptr};
	MapTable *old_ = nullptr; // replaced, perhaps still read
	MapTable::Ptr spare_;	  // for the next unmap, which must not fail for want of memory
	std::map<uint64_t, Use> buffers_;
	uint64_t bytes_ = 0;
	uint64_t full_below_ = 0; // no gap of a whole page lies below
};

} // namespace accel::core::softdev
