// SPDX-License-Identifier: MIT
// The mappings of an address space and the hazard pointers of the workers.
#include "soft/objects/map_table.hpp"

#include "soft/engine/engine.hpp"
#include "sys/sys.hpp"

#include <algorithm>
#include <climits>
#include <new>

namespace accel::core::softdev {

void MapTable::Delete::operator()(const MapTable *table) const
{
	::operator delete(const_cast<MapTable *>(table));
}

MapTable::Ptr MapTable::make(size_t capacity)
{
	static_assert(sizeof(MapTable) % alignof(Mapping) == 0);
	void *memory = ::operator new(sizeof(MapTable) + capacity * sizeof(Mapping), std::nothrow);

	return Ptr(memory ? new (memory) MapTable(capacity) : nullptr);
}

void MapTable::append(const Mapping &mapping)
{
	const size_t count = count_.load(std::memory_order_relaxed);

	const_cast<Mapping *>(std::as_const(*this).entries())[count] = mapping;
	count_.store(count + 1, std::memory_order_release);
}

size_t MapTable::lower_bound(uint64_t iova) const
{
	auto mappings = all();
	auto at = std::ranges::lower_bound(mappings, iova, {}, &Mapping::iova);

	return static_cast<size_t>(at - mappings.begin());
}

const Mapping *MapTable::find(uint64_t iova) const
{
	auto mappings = all();
	auto at = std::ranges::upper_bound(mappings, iova, {}, &Mapping::iova);

	if (at == mappings.begin())
		return nullptr;
	--at;
	return iova - at->iova < at->length ? &*at : nullptr;
}

Reach MapTable::reach(uint64_t iova, uint64_t length, uint64_t access, std::byte *&memory,
		      uint64_t &fault) const
{
	/* The end is read after find(): a mapping appended meanwhile may be seen, which is valid. */
	const Mapping *at = find(iova);
	const Mapping *end = entries() + all().size();

	if (!at || access & ~at->access) {
		fault = iova;
		return Reach::denied;
	}
	uint64_t offset = iova - at->iova;
	memory = at->memory + offset;
	if (length <= at->length - offset)
		return Reach::direct;

	Reach reach = Reach::direct;
	uint64_t left = length - (at->length - offset);
	while (left) {
		uint64_t border = at->iova + at->length;
		const std::byte *end_of_piece = at->memory + at->length;

		++at;
		if (at == end || at->iova != border || access & ~at->access) {
			fault = border;
			return Reach::denied;
		}
		if (at->memory != end_of_piece)
			reach = Reach::pieces;
		left -= std::min(left, at->length);
	}
	return reach;
}

namespace {

/* Calls @piece(memory, offset in the range, bytes) for the part of the range in each mapping. */
template <class Piece>
void for_pieces(const MapTable &table, uint64_t iova, uint64_t length, Piece piece)
{
	const Mapping *at = table.find(iova);

	for (uint64_t done = 0; done < length; ++at) {
		uint64_t offset = iova + done - at->iova;
		uint64_t bytes = std::min(length - done, at->length - offset);

		piece(at->memory + offset, done, bytes);
		done += bytes;
	}
}

} // namespace

void MapTable::gather(std::byte *to, uint64_t iova, uint64_t length) const
{
	for_pieces(*this, iova, length, [to](std::byte *memory, uint64_t offset, uint64_t bytes) {
		engine::copy(to + offset, memory, bytes);
	});
}

void MapTable::scatter(uint64_t iova, const std::byte *from, uint64_t length) const
{
	for_pieces(*this, iova, length, [from](std::byte *memory, uint64_t offset, uint64_t bytes) {
		engine::copy(memory, from + offset, bytes);
	});
}

const MapTable *Hazard::acquire(const std::atomic<MapTable *> &current)
{
	const MapTable *table = current.load(std::memory_order_acquire);

	/* The worker stores its hazard, then loads `current`. The unmapping thread stores `current`, then loads the
	 * hazards. All four are seq_cst, so either the worker sees the new table or the unmapping thread sees the
	 * hazard: no worker reads a table that is freed. */
	while (table) {
		table_.store(table, std::memory_order_seq_cst);
		const MapTable *again = current.load(std::memory_order_seq_cst);
		if (again == table)
			break;
		release(); /* an unmapping thread may have seen the hazard and wait */
		table = again;
	}
	return table;
}

void Hazard::release()
{
	table_.store(nullptr, std::memory_order_seq_cst);
	if (__atomic_load_n(&wanted_, __ATOMIC_SEQ_CST)) [[unlikely]] {
		__atomic_store_n(&wanted_, 0, __ATOMIC_SEQ_CST);
		__atomic_fetch_add(&releases_, 1, __ATOMIC_SEQ_CST);
		sys::futex_wake(&releases_, INT_MAX);
	}
}

void Hazard::wait_for_release(const MapTable *table)
{
	while (holds(table)) {
		uint32_t seen = __atomic_load_n(&releases_, __ATOMIC_SEQ_CST);

		__atomic_store_n(&wanted_, 1, __ATOMIC_SEQ_CST);
		if (!holds(table))
			return;
		sys::futex_wait(&releases_, seen, UINT64_MAX);
	}
}

} // namespace accel::core::softdev
