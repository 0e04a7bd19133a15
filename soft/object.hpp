// SPDX-License-Identifier: MIT
// The objects of an open file: handles, who uses whom, creation that can be taken back, destruction.
#pragma once

#include "base/result.hpp"

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>

namespace accel::core::softdev {

/// What a handle names. Created by a handler, shared by the table and by whoever works with it at the moment.
class Object {
public:
	explicit Object(uint16_t type) : type_(type) {}
	virtual ~Object() = default;
	Object(const Object &) = delete;
	Object &operator=(const Object &) = delete;

	uint16_t type() const { return type_; }

	/// The handle is gone: stop what runs and let go of what is used. Once, outside of every lock; may
	/// wait for a worker. Never called in a forked child, where destructors alone give back memory.
	virtual void end() {}
	/// The first half of end(), without waiting, so that many can be ended at the same time.
	virtual void begin_end() {}

private:
	friend class ObjectTable;
	friend class Use;

	const uint16_t type_;
	uint32_t users_ = 0; // guarded by the table's lock
};

class ObjectTable;

/// Says that something uses an object, which cannot be destroyed as long. Move-only.
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

/// A place of the table. Places stay where they are until the table ends, so that a worker can look at one
/// without a lock: it pins the place, then checks the handle.
struct Place {
	std::atomic<uint64_t> handle{0}; // 0: nothing that a caller may name
	std::atomic<uint32_t> pinned{0};
	std::atomic<Object *> pinnable{nullptr}; // what a pin gives; null: not for workers
	std::shared_ptr<Object> object;		 // guarded by the table's lock
	uint32_t next_free = 0;
};

/// Handles of one open file. A handle is (generation, place); generations come from one counter of the
/// process, so that neither an old handle nor one of another file ever fits.
class ObjectTable {
public:
	static constexpr unsigned kPlaceBits = 16;
	static constexpr unsigned kChunk = 64;
	static constexpr unsigned kMost = 1u << kPlaceBits;

	ObjectTable() = default;
	~ObjectTable();
	ObjectTable(const ObjectTable &) = delete;

	/// A place that nobody else gets, with the handle it will have. ENOSPC, ENOMEM.
	Result<uint64_t> reserve();
	/// From now on callers can name it. Cannot fail.
	void commit(uint64_t handle, std::shared_ptr<Object> object, bool for_workers);
	/// Give back a place that was not committed.
	void cancel(uint64_t handle);

	/// ENOENT: no live object of that handle, or of another type.
	Result<std::shared_ptr<Object>> find(uint64_t handle, uint16_t type);
	/// find(), and nobody can destroy it until the Use is gone.
	Result<Use> use(uint64_t handle, uint16_t type);
	/// How many Uses of the object there are.
	uint32_t users(const Object &object);
	/// The handle is gone when this returns; the object is the caller's to end. ENOENT; EBUSY, with the
	/// name of what uses it in the text.
	Result<std::shared_ptr<Object>> remove(uint64_t handle, uint16_t type, const char *user);

	/// For workers, without a lock: the object of a handle that was committed for workers, pinned. Null:
	/// there is none; @busy: somebody else has pinned it.
	Object *pin(uint64_t handle, bool &busy);
	void unpin(uint64_t handle);

	/// Step through the objects of a type, for closing: @cursor starts at 0; null at the end.
	std::shared_ptr<Object> next(uint32_t &cursor, uint16_t type);
	/// The same, and the object is taken out, whoever uses it.
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

/// A handle that is reserved and, unless commit() is called, given back together with its object.
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
