// SPDX-License-Identifier: MIT
// The objects of an open file: handles, references between objects, creation with roll-back, destruction.
#pragma once

#include "base/result.hpp"

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>

namespace accel::core::softdev {

/// The object of a handle. Created by a handler; shared by the table and by the threads that use it.
class Object {
public:
	explicit Object(uint16_t type) : type_(type) {}
	virtual ~Object() = default;
	Object(const Object &) = delete;
	Object &operator=(const Object &) = delete;

	uint16_t type() const { return type_; }

	/// Called after the handle was removed: stop the object and release the objects that it uses. Called once,
	/// without any lock; may wait for a worker. Never called in a forked child, where only destructors run.
	virtual void end() {}
	/// The first half of end(), which does not wait, so that several objects can be stopped in parallel.
	virtual void begin_end() {}

private:
	friend class ObjectTable;
	friend class Use;

	const uint16_t type_;
	uint32_t users_ = 0; // guarded by the table's lock
};

class ObjectTable;

/// A reference by another object; the referenced object cannot be destroyed while it exists. Move-only.
class Use {
public:
	Use() = default;
	Use(Use &&other) noexcept
		: table_(std::exchange(other.table_, nullptr)), object_(std::move(other.object_))
	{}
	Use &operator=(Use &&other) noexcept
	{
		std::swap(table_, other.table_);
		std::swap(object_, other.object_);
		return *this;
	}
	~Use() { release(); }

	void release();
	Object *get() const { return object_.get(); }
	explicit operator bool() const { return object_ != nullptr; }

private:
	friend class ObjectTable;
	Use(ObjectTable *table, std::shared_ptr<Object> object)
		: table_(table), object_(std::move(object))
	{}

	ObjectTable *table_ = nullptr;
	std::shared_ptr<Object> object_;
};

/// A place of the table. Places do not move until the table is destroyed, so a worker can access one without a lock: it
/// pins the place, then checks the handle.
struct Place {
	std::atomic<uint64_t> handle{0}; // 0: free or reserved
	std::atomic<uint32_t> pinned{0};
	std::atomic<Object *> pinnable{nullptr}; // the result of pin(); null: not for workers
	std::shared_ptr<Object> object;		 // guarded by the table's lock
	uint32_t next_free = 0;
};

/// The handles of one open file. A handle is (generation, place). Generations come from one counter of the process, so
/// neither an old handle nor that of another file is valid.
class ObjectTable {
public:
	static constexpr unsigned kPlaceBits = 16;
	static constexpr unsigned kChunk = 64;
	static constexpr unsigned kMost = 1u << kPlaceBits;

	ObjectTable() = default;
	~ObjectTable();
	ObjectTable(const ObjectTable &) = delete;

	/// Reserve a place; returns the handle it will have. ENOSPC, ENOMEM.
	Result<uint64_t> reserve();
	/// Make the handle valid. Cannot fail.
	void commit(uint64_t handle, std::shared_ptr<Object> object, bool for_workers);
	/// Free a place that was reserved and not committed.
	void cancel(uint64_t handle);

	/// ENOENT: the handle has no object, or one of another type.
	Result<std::shared_ptr<Object>> find(uint64_t handle, uint16_t type);
	/// As find(); the object cannot be destroyed until the Use is released.
	Result<Use> use(uint64_t handle, uint16_t type);
	/// The number of Uses of the object.
	uint32_t users(const Object &object);
	/// Remove the handle; the caller must call end() of the returned object. ENOENT; EBUSY: the object is in use
	/// by a @user, which the text names.
	Result<std::shared_ptr<Object>> remove(uint64_t handle, uint16_t type, const char *user);

	/// For workers, without a lock: pin the object of a handle that was committed for workers. Null: no such
	/// object, or, with @busy true, another thread has pinned it.
	Object *pin(uint64_t handle, bool &busy);
	void unpin(uint64_t handle);

	/// Iterate over the objects of a type, for close: @cursor starts at 0; returns null at the end.
	std::shared_ptr<Object> next(uint32_t &cursor, uint16_t type);
	/// The same, and remove the object from the table even if it is in use.
	std::shared_ptr<Object> take_next(uint32_t &cursor, uint16_t type);

private:
	friend class Use;

	Place *place(uint64_t handle) const;
	Result<Place *> look(uint64_t handle, uint16_t type);
	Place *step(uint32_t &cursor, uint16_t type);
	void put_back(Place &place, uint32_t index);

	std::mutex mutex_;
	std::array<std::atomic<Place *>, kMost / kChunk> chunks_{};
	uint32_t chunk_count_ = 0;
	uint32_t free_ = kNone;
	static constexpr uint32_t kNone = UINT32_MAX;
};

/// A reserved handle and its object. Without commit() the object is destroyed and the handle freed.
class Pending {
public:
	Pending() = default;
	~Pending() { roll_back(); }
	Pending(const Pending &) = delete;
	Pending &operator=(const Pending &) = delete;

	Result<uint64_t> reserve(ObjectTable &table);
	void hold(std::shared_ptr<Object> object, bool for_workers = false);
	void commit();
	void roll_back();
	Object *object() const { return object_.get(); }

private:
	ObjectTable *table_ = nullptr;
	uint64_t handle_ = 0;
	std::shared_ptr<Object> object_;
	bool for_workers_ = false;
};

} // namespace accel::core::softdev
