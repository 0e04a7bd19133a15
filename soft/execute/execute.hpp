// SPDX-License-Identifier: MIT
// Executes descriptors: validates a descriptor completely, then executes it. Independent of rings and queues.
#pragma once

#include "soft/engine/engine.hpp"
#include "soft/execute/error_log.hpp"
#include "soft/objects/map_table.hpp"

#include <cstddef>
#include <cstdint>
#include <uapi/accel/ring.h>
#include <uapi/accel/soft.h>

namespace accel::core::softdev {

class ObjectTable;

using Descriptor = accel_soft_descriptor;
using Record = accel_ring_record;

/// Memory into which ranges that span several mappings are gathered. Grows on demand.
class Scratch {
public:
	static constexpr unsigned kSlots = 3;

	Scratch() = default;
	~Scratch();
	Scratch(const Scratch &) = delete;
	Scratch &operator=(const Scratch &) = delete;

	/// Returns @bytes of undefined content, valid until the next get() of the slot or trim(); null: no memory.
	std::byte *get(unsigned slot, size_t bytes);
	/// Free large slots.
	void trim();

private:
	struct Slot {
		std::byte *memory = nullptr;
		size_t bytes = 0;
	};
	Slot slots_[kSlots];
};

/// The engines and the memory that one thread at a time executes with.
struct ExecutionResources {
	engine::Context engines;
	engine::Inflate inflate; // for complete inputs
	Scratch scratch;
};

/// What is the same for the descriptors of one context. Lives on the stack of one worker.
struct ExecutionContext {
	ExecutionResources &resources;
	/// The current table of the address space; null if every address of the process is valid.
	const std::atomic<MapTable *> &current;
	/// Where the worker publishes which table it reads; null only if the space has no table.
	Hazard *hazard;
	/// The table of the streams that descriptors may name; null: no streams.
	ObjectTable *objects;
	ErrorLog *errors;
	Injection *injection;
	/// True when the queue is being destroyed; null: never.
	const std::atomic<bool> *leaving = nullptr;

	const MapTable *table = nullptr; // the table in use; null: every address is valid
	uint32_t inject = 0;		 // Injection::mask()
	uint64_t sequence = 0;		 // of the descriptor, for the log
	uint64_t bytes = 0;		 // read by operations so far

	/// Switch to the current table; pointers from the previous one become invalid. True if it is another table.
	bool refresh()
	{
		return current.load(std::memory_order_relaxed) != table && take_new_table();
	}
	/// Stop using the table.
	void release()
	{
		if (table)
			drop_table();
	}

private:
	bool take_new_table();
	void drop_table();
};

/* Atomic accesses, so that the compiler does not merge them into wider ones. */
inline constexpr unsigned kWords = offsetof(Descriptor, ring) / 8; // the rest is the ring's
inline uint64_t word_of(const void *descriptor, unsigned i)
{
	return __atomic_load_n(static_cast<const uint64_t *>(descriptor) + i, __ATOMIC_RELAXED);
}
inline void store_word(Descriptor &descriptor, unsigned i, uint64_t word)
{
	__atomic_store_n(reinterpret_cast<uint64_t *>(&descriptor) + i, word, __ATOMIC_RELAXED);
}

/// Copies a descriptor from memory that the client can still write to, so that the device executes exactly the bytes
/// that it validated. By words, as the client's functions write it: in inline execution a load wider than the stores
/// would wait until they have left the store buffer.
inline void fetch(Descriptor &to, const void *from)
{
#pragma GCC unroll 7
	for (unsigned i = 0; i < kWords; i++)
		store_word(to, i, word_of(from, i));
}

/// The completion of a descriptor. @record: a completion record is needed.
struct Outcome {
	uint8_t status; // ACCEL_RING_STATUS_*
	bool record;
};

/// Validates and executes one descriptor, which is a copy that the client cannot change. Fills in @record.
/// Never throws and never waits for another thread.
Outcome execute(ExecutionContext &context, const Descriptor &descriptor, Record &record);

/// Whether execution can take so long that earlier completions should be retired first.
inline bool is_long(const Descriptor &d)
{
	constexpr uint64_t kLongBytes = 8192;

	return d.op >= ACCEL_SOFT_OP_DEFLATE || d.transfer.length > kLongBytes;
}

} // namespace accel::core::softdev
