// SPDX-License-Identifier: MIT
// Executes descriptors: checks all of one, then does what it says. Knows no rings and no queues.
#pragma once

#include "soft/engine/engine.hpp"
#include "soft/error_log.hpp"
#include "soft/map_table.hpp"

#include <cstddef>
#include <cstdint>
#include <uapi/accel/ring.h>
#include <uapi/accel/soft.h>

namespace accel::core::softdev {

class ObjectTable;

using Descriptor = accel_soft_descriptor;
using Record = accel_ring_record;

/// Memory of a worker in which ranges are put together that lie in several mappings. Grows at need.
class Scratch {
public:
	static constexpr unsigned kSlots = 3;

	Scratch() = default;
	~Scratch();
	Scratch(const Scratch &) = delete;
	Scratch &operator=(const Scratch &) = delete;

	/// @bytes of undefined content, valid until the next get() of the slot or trim(); null: no memory.
	std::byte *get(unsigned slot, size_t bytes);
	/// Give back what is too large to keep.
	void trim();

private:
	struct Slot {
		std::byte *memory = nullptr;
		size_t bytes = 0;
	};
	Slot slots_[kSlots];
};

/// What one worker owns to do the work with.
struct ExecutionResources {
	engine::Context engines;
	engine::Inflate inflate; // for inputs that come whole
	Scratch scratch;
};

/// What is the same for the descriptors of one context. Lives on the stack of one worker.
struct ExecutionContext {
	ExecutionResources &resources;
	/// The space's current table; holds null if every address of the process is good.
	const std::atomic<MapTable *> &current;
	/// Where the worker says which table it reads; null only with a space that has none.
	Hazard *hazard;
	/// Whose streams the descriptors may name; null: there are none.
	ObjectTable *objects;
	ErrorLog *errors;
	Injection *injection;
	/// Set if the queue is to be left as soon as can be; null: never.
	const std::atomic<bool> *leaving = nullptr;

	const MapTable *table = nullptr; // what `current` held; null: every address is good
	uint32_t inject = 0;		 // Injection::mask()
	uint64_t sequence = 0;		 // of the descriptor, for the log
	uint64_t bytes = 0;		 // read by operations so far

	/// Look at the table of now; pointers from the old one are void. True if it was another one.
	bool refresh()
	{
		return current.load(std::memory_order_relaxed) != table && take_new_table();
	}
	/// The table is not read any more.
	void release()
	{
		if (table)
			drop_table();
	}

private:
	bool take_new_table();
	void drop_table();
};

/* Atomic so that the compiler does not make wider accesses of them. */
inline constexpr unsigned kWords = offsetof(Descriptor, ring) / 8; // the rest is the ring's
inline uint64_t word_of(const void *descriptor, unsigned i)
{
	return __atomic_load_n(static_cast<const uint64_t *>(descriptor) + i, __ATOMIC_RELAXED);
}
inline void store_word(Descriptor &descriptor, unsigned i, uint64_t word)
{
	__atomic_store_n(reinterpret_cast<uint64_t *>(&descriptor) + i, word, __ATOMIC_RELAXED);
}

/// Copy a descriptor out of memory that its client can still write to: what is checked is what is executed. By
/// words, as the client's functions write it, so that one who has only just written it need not wait until
/// it has left the store buffer, as for a load of another width.
inline void fetch(Descriptor &to, const void *from)
{
#pragma GCC unroll 7
	for (unsigned i = 0; i < kWords; i++)
		store_word(to, i, word_of(from, i));
}

/// How a descriptor ended. @record says whether the record has something to tell.
struct Outcome {
	uint8_t status; // ACCEL_RING_STATUS_*
	bool record;
};

/// Check and execute one descriptor, which is a copy that the client cannot reach. @record is filled in.
/// Never throws, never waits for anybody.
Outcome execute(ExecutionContext &context, const Descriptor &descriptor, Record &record);

/// Whether executing it can take so long that completions before it should be told first.
inline bool is_long(const Descriptor &d)
{
	constexpr uint64_t kLongBytes = 8192;

	return d.op >= ACCEL_SOFT_OP_DEFLATE || d.transfer.length > kLongBytes;
}

} // namespace accel::core::softdev
