// SPDX-License-Identifier: MIT
// The objects of an open file.
#include "soft/objects/object.hpp"

#include <cinttypes>
#include <new>

namespace accel::core::softdev {

namespace {

std::atomic<uint64_t> next_generation{1};

constexpr uint32_t index_of(uint64_t handle)
{
	return handle & (ObjectTable::kMost - 1);
}

std::unexpected<Failure> no_object(unsigned reason, uint64_t handle, const char *why)
{
	auto failed = fail(ENOENT, reason, "0x%" PRIx64 " %s", handle, why);

	failed.error().value = handle;
	return failed;
}

} // namespace

void Use::release()
{
	if (!object_)
		return;
	{
		std::lock_guard lock(table_->mutex_);
		--object_->users_;
	}
	object_.reset();
}

ObjectTable::~ObjectTable()
{
	for (uint32_t i = 0; i < chunk_count_; i++)
		delete[] chunks_[i].load(std::memory_order_relaxed);
}

Place *ObjectTable::place(uint64_t handle) const
{
	uint32_t index = index_of(handle);
	Place *chunk = chunks_[index / kChunk].load(std::memory_order_acquire);

	return chunk ? &chunk[index % kChunk] : nullptr;
}

Result<uint64_t> ObjectTable::reserve()
{
	std::lock_guard lock(mutex_);

	if (free_ == kNone) {
		if (chunk_count_ == chunks_.size())
			return fail(ENOSPC, ACCEL_REASON_LIMIT, "%u objects exist; destroy some",
				    kMost);
		auto *chunk = new (std::nothrow) Place[kChunk];
		if (!chunk)
			return fail_memory("a handle");
		for (uint32_t i = 0; i < kChunk; i++)
			chunk[i].next_free = i + 1 < kChunk ? chunk_count_ * kChunk + i + 1 : kNone;
		chunks_[chunk_count_].store(chunk, std::memory_order_release);
		free_ = chunk_count_++ * kChunk;
	}
	uint32_t index = free_;

	free_ = place(index)->next_free;
	return next_generation.fetch_add(1, std::memory_order_relaxed) << kPlaceBits | index;
}

void ObjectTable::commit(uint64_t handle, std::shared_ptr<Object> object, bool for_workers)
{
	std::lock_guard lock(mutex_);
	Place &at = *place(handle);

	at.pinnable.store(for_workers ? object.get() : nullptr, std::memory_order_relaxed);
	at.object = std::move(object);
	at.handle.store(handle, std::memory_order_release);
}

void ObjectTable::put_back(Place &at, uint32_t index)
{
	at.next_free = free_;
	free_ = index;
}

void ObjectTable::cancel(uint64_t handle)
{
	std::lock_guard lock(mutex_);

	put_back(*place(handle), index_of(handle));
}

Result<Place *> ObjectTable::look(uint64_t handle, uint16_t type)
{
	Place *at = handle ? place(handle) : nullptr;

	if (!at || at->handle.load(std::memory_order_relaxed) != handle)
		return no_object(ACCEL_REASON_NO_HANDLE, handle,
				 "names no live object of this file");
	if (at->object->type() != type)
		return no_object(ACCEL_REASON_HANDLE_TYPE, handle,
				 "names an object of another type");
	return at;
}

Result<std::shared_ptr<Object>> ObjectTable::find(uint64_t handle, uint16_t type)
{
	std::lock_guard lock(mutex_);
	auto at = look(handle, type);

	if (!at)
		return std::unexpected(at.error());
	return (*at)->object;
}

Result<Use> ObjectTable::use(uint64_t handle, uint16_t type)
{
	std::lock_guard lock(mutex_);
	auto at = look(handle, type);

	if (!at)
		return std::unexpected(at.error());
	(*at)->object->users_++;
	return Use(this, (*at)->object);
}

Result<std::shared_ptr<Object>> ObjectTable::remove(uint64_t handle, uint16_t type,
						    const char *user)
{
	std::lock_guard lock(mutex_);
	auto found = look(handle, type);

	if (!found)
		return std::unexpected(found.error());
	Place &at = **found;
	bool pinned = at.pinnable.load(std::memory_order_relaxed) != nullptr;

	/* The pin excludes workers until the handle is cleared. A worker that pins the place later finds another handle
	 * and unpins it. */
	if (at.object->users_ || (pinned && at.pinned.exchange(1, std::memory_order_acquire))) {
		auto failed = fail(EBUSY, ACCEL_REASON_IN_USE, "0x%" PRIx64 " is in use by a %s",
				   handle, user);
		failed.error().value = handle;
		return failed;
	}
	at.handle.store(0, std::memory_order_relaxed);
	at.pinnable.store(nullptr, std::memory_order_relaxed);
	if (pinned)
		at.pinned.store(0, std::memory_order_release);
	put_back(at, index_of(handle));
	return std::move(at.object);
}

uint32_t ObjectTable::users(const Object &object)
{
	std::lock_guard lock(mutex_);

	return object.users_;
}

Object *ObjectTable::pin(uint64_t handle, bool &busy)
{
	Place *at = place(handle);

	busy = false;
	if (!handle || !at || at->handle.load(std::memory_order_acquire) != handle)
		return nullptr;
	if (at->pinned.exchange(1, std::memory_order_acquire)) {
		busy = true;
		return nullptr;
	}
	/* Check again: between check and pin another thread may have removed the object and reused the place. */
	Object *object = at->pinnable.load(std::memory_order_relaxed);

	if (at->handle.load(std::memory_order_acquire) != handle || !object) {
		at->pinned.store(0, std::memory_order_release);
		return nullptr;
	}
	return object;
}

void ObjectTable::unpin(uint64_t handle)
{
	place(handle)->pinned.store(0, std::memory_order_release);
}

Place *ObjectTable::step(uint32_t &cursor, uint16_t type)
{
	while (cursor < chunk_count_ * kChunk) {
		Place *at = place(cursor++);

		if (at->object && at->object->type() == type)
			return at;
	}
	return nullptr;
}

std::shared_ptr<Object> ObjectTable::next(uint32_t &cursor, uint16_t type)
{
	std::lock_guard lock(mutex_);
	Place *at = step(cursor, type);

	return at ? at->object : nullptr;
}

std::shared_ptr<Object> ObjectTable::take_next(uint32_t &cursor, uint16_t type)
{
	std::lock_guard lock(mutex_);
	Place *at = step(cursor, type);

	if (!at)
		return nullptr;
	at->handle.store(0, std::memory_order_relaxed);
	return std::move(at->object);
}

Result<uint64_t> Pending::reserve(ObjectTable &table)
{
	auto handle = table.reserve();

	if (handle) {
		table_ = &table;
		handle_ = *handle;
	}
	return handle;
}

void Pending::hold(std::shared_ptr<Object> object, bool for_workers)
{
	object_ = std::move(object);
	for_workers_ = for_workers;
}

void Pending::commit()
{
	if (!table_)
		return;
	table_->commit(handle_, std::move(object_), for_workers_);
	table_ = nullptr;
}

void Pending::roll_back()
{
	if (!table_)
		return;
	if (object_)
		object_->end();
	object_.reset();
	table_->cancel(handle_);
	table_ = nullptr;
}

} // namespace accel::core::softdev
