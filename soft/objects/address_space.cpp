// SPDX-License-Identifier: MIT
// Address spaces: mapping and unmapping while workers read the table.
#include "soft/objects/address_space.hpp"

#include "soft/process/page.hpp"

#include <algorithm>
#include <new>

namespace accel::core::softdev {

namespace {

/* The first page is never mapped, so that a small number used as an address is a fault. */
constexpr uint64_t kFirstIova = kPage;
/* Chosen iovas are below this limit: every present processor has these addresses. */
constexpr uint64_t kEndOfChoice = uint64_t{1} << 48;

std::unexpected<Failure> out_of(int code, unsigned reason, uint16_t attribute, uint64_t value,
				const char *text)
{
	auto failed = fail(code, reason, "%s", text);

	failed.error().attribute = attribute;
	failed.error().value = value;
	return failed;
}

} // namespace

AddressSpace::AddressSpace(std::span<Hazard> hazards, uint32_t mode)
	: Object(ACCEL_OBJECT_ADDRESS_SPACE), hazards_(hazards), mode_(mode)
{
	if (mode != ACCEL_ADDRESS_MODE_MAPPED)
		return;
	auto table = MapTable::make(0);
	if (!table)
		throw std::bad_alloc();
	table_ = table.release();
}

AddressSpace::~AddressSpace()
{
	/* No queue uses the space, so no worker reads its tables. */
	MapTable::Ptr current(table_.load());
	while (old_)
		MapTable::Ptr freed(std::exchange(old_, old_->next_old));
}

void AddressSpace::end()
{
	std::map<uint64_t, Use> buffers;
	std::lock_guard lock(mutex_);

	buffers.swap(buffers_);
}

Result<uint64_t> AddressSpace::choose(uint64_t offset_in_page, uint64_t length)
{
	/* The first gap of whole pages: a mapping at a chosen iova shares no page with another one. */
	uint64_t need = round_to_page(offset_in_page + length);
	uint64_t at = std::max(full_below_, kFirstIova);
	std::optional<uint64_t> first_gap;
	const MapTable *table = table_.load();
	size_t next = table->lower_bound(at);

	/* The mapping before @at may extend beyond it. */
	for (const Mapping &mapping : table->all().subspan(next ? next - 1 : 0)) {
		uint64_t page = mapping.iova / kPage * kPage;
		if (page > at && !first_gap)
			first_gap = at;
		if (page >= at && page - at >= need)
			break;
		uint64_t last = mapping.iova + (mapping.length - 1);
		if (last >= kEndOfChoice)
			return out_of(ENOSPC, ACCEL_REASON_LIMIT, 0, length,
				      "no gap of that length is left below 2^48");
		at = std::max(at, last / kPage * kPage + kPage);
	}
	if (at >= kEndOfChoice || need > kEndOfChoice - at)
		return out_of(ENOSPC, ACCEL_REASON_LIMIT, 0, length,
			      "no gap of that length is left below 2^48");
	full_below_ = first_gap.value_or(at);
	return at + offset_in_page;
}

Result<void> AddressSpace::check_fixed(uint64_t iova, uint64_t length) const
{
	constexpr uint16_t kAttribute = ACCEL_ADDRESS_SPACE_MAP_FIXED_IOVA;

	if (iova < kFirstIova) {
		auto failed = out_of(EINVAL, ACCEL_REASON_OUT_OF_RANGE, kAttribute, iova,
				     "nothing can be mapped in the first page");
		failed.error().minimum = kFirstIova;
		failed.error().maximum = UINT64_MAX;
		return failed;
	}
	if (length > UINT64_MAX - iova)
		return out_of(EOVERFLOW, ACCEL_REASON_WRAPS, kAttribute, iova,
			      "the mapping would wrap around the end of the address space");

	const MapTable *table = table_.load();
	size_t next = table->lower_bound(iova);
	auto all = table->all();

	if (table->find(iova) || (next < all.size() && all[next].iova - iova < length))
		return out_of(EEXIST, ACCEL_REASON_OVERLAP, kAttribute, iova,
			      "the range overlaps one that is mapped already");
	return {};
}

Result<uint64_t> AddressSpace::map(MapSource source, uint64_t access, std::optional<uint64_t> fixed)
{
	std::lock_guard lock(mutex_);
	MapTable *before = table_.load();

	if (!before)
		return out_of(
			EINVAL, ACCEL_REASON_OUT_OF_RANGE, ACCEL_ADDRESS_SPACE_MAP_HANDLE, mode_,
			"the address space has mode shared, in which every address of the process "
			"is valid; only mode mapped has mappings");
	if (before->all().size() >= kMostMappings)
		return out_of(ENOSPC, ACCEL_REASON_LIMIT, 0, kMostMappings,
			      "the address space has the maximum number of mappings");
	if (fixed)
		if (auto good = check_fixed(*fixed, source.length); !good)
			return std::unexpected(good.error());
	auto iova =
		fixed ? Result<uint64_t>(*fixed) :
			choose(reinterpret_cast<uintptr_t>(source.memory) % kPage, source.length);
	if (!iova)
		return iova;

	if (!reserve_spare(before->all().size()))
		return fail_memory("the table of mappings");
	if (source.buffer)
		buffers_.emplace(*iova, std::move(source.buffer));
	if (!insert({*iova, source.length, source.memory, access})) {
		buffers_.erase(*iova);
		return fail_memory("the table of mappings");
	}
	bytes_ += source.length;
	return iova;
}

/* A mapping after all others is appended if the table has room; otherwise the table is copied. False: no memory. */
bool AddressSpace::insert(const Mapping &mapping)
{
	MapTable *before = table_.load();
	auto all = before->all();
	const size_t at = before->lower_bound(mapping.iova);

	if (at == all.size() && before->capacity() > all.size()) {
		before->append(mapping);
		return true;
	}
	auto table = MapTable::make(at == all.size() ? 2 * all.size() + 1 : all.size() + 1);
	if (!table)
		return false;
	table->resize(all.size() + 1);
	auto entries = table->entries();
	std::ranges::copy(all.first(at), entries.begin());
	entries[at] = mapping;
	std::ranges::copy(all.subspan(at), entries.begin() + static_cast<ptrdiff_t>(at) + 1);
	replace(std::move(table));
	free_old(false);
	return true;
}

/* Twice the required capacity, so that it is rarely allocated. */
bool AddressSpace::reserve_spare(size_t capacity)
{
	if (spare_ && spare_->capacity() >= capacity)
		return true;
	auto larger = MapTable::make(2 * capacity + 1);
	if (!larger)
		return false;
	spare_ = std::move(larger);
	return true;
}

Result<void> AddressSpace::unmap(uint64_t iova, uint64_t length)
{
	Use buffer; // released after the lock
	std::lock_guard lock(mutex_);
	MapTable *before = table_.load();
	auto all = before ? before->all() : std::span<const Mapping>();
	size_t at = before ? before->lower_bound(iova) : 0;

	if (at == all.size() || all[at].iova != iova || all[at].length != length)
		return out_of(ENXIO, ACCEL_REASON_NOT_MAPPED, ACCEL_ADDRESS_SPACE_UNMAP_IOVA, iova,
			      "no mapping has exactly this address and length");
	spare_->resize(all.size() - 1);
	auto entries = spare_->entries();
	std::ranges::copy(all.first(at), entries.begin());
	std::ranges::copy(all.subspan(at + 1), entries.begin() + static_cast<ptrdiff_t>(at));
	replace(std::move(spare_));
	free_old(true);
	bytes_ -= length;
	full_below_ = std::min(full_below_, iova / kPage * kPage);
	if (auto used = buffers_.extract(iova))
		buffer = std::move(used.mapped());
	return {};
}

AddressSpace::Info AddressSpace::info()
{
	std::lock_guard lock(mutex_);
	const MapTable *table = table_.load();

	return {table ? static_cast<uint32_t>(table->all().size()) : 0, bytes_};
}

void AddressSpace::replace(MapTable::Ptr table)
{
	MapTable *before = table_.exchange(table.release(), std::memory_order_seq_cst);

	before->next_old = old_;
	old_ = before;
}

void AddressSpace::free_old(bool wait)
{
	for (MapTable **link = &old_; *link;) {
		bool held = false;

		for (Hazard &hazard : hazards_) {
			if (!hazard.holds(*link))
				continue;
			if (wait)
				hazard.wait_for_release(*link);
			else
				held = true;
		}
		if (held) {
			link = &(*link)->next_old;
			continue;
		}
		MapTable::Ptr unused(std::exchange(*link, (*link)->next_old));
		/* A table replaced by an unmap is large enough for the next unmap. */
		if (!spare_ || spare_->capacity() < unused->capacity())
			spare_ = std::move(unused);
	}
}

} // namespace accel::core::softdev
