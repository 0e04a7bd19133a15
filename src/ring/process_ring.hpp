// SPDX-License-Identifier: MIT
// A ring whose memory is the process's: for queues that the kernel or a register takes entries from, and whose
// completions something in the process has to fill in. The library's counterpart of a device.
#pragma once

#include "ring/device_ring.hpp"
#include "ring/user_ring.hpp"

#include <atomic>
#include <optional>

namespace accel::core::ring {

/// A doorbell register that the producer writes by itself (publication register).
struct TailRegister {
	volatile void *address; // mapped, aligned to @width
	uint8_t width;		// bytes, 4 or 8
	uint8_t shift;
	uint32_t tail_mask;
	uint64_t constant; // for the other bits
};

struct ProcessRingOptions {
	uint32_t entries;    // that may be outstanding, 1 to kMaxEntries
	uint32_t entry_size; // bytes, a multiple of 8, at most kMaxEntrySize
	bool multi_producer = false;
	/// Where the entries lie, which the caller owns and which outlives the ring; null: the ring makes memory.
	void *memory = nullptr;
	uint32_t slots = 0; // of @memory, a power of two of at least 2; 0: @entries
	std::optional<TailRegister> tail{};
};

/// Which thread does what. The submit side (publish, pending, submitted, refuse) is one thread at a time: the owner
/// has a lock for it, which a producer holds from publish() on where producers are several. Entries may be completed
/// by any thread, each once; retire() and everything else may be called by any thread at any time.
///
/// The pages of the entries are mapped twice, back to back, so that a run of entries never splits. In memory that
/// was given, a run ends where the memory does. Entries by tag have their tags elsewhere: the memory holds entries and
/// nothing else, which a uABI can take as its array.
///
/// In a forked child the object can be destroyed, and nothing else.
class ProcessRing {
public:
	static constexpr uint32_t kMaxEntries = 1u << 20;
	static constexpr uint32_t kMaxEntrySize = 65536;

	/// EINVAL: an option is out of its range, the text says which; ENOMEM; what memfd_create() and mmap() answer.
	static Result<ProcessRing> create(const ProcessRingOptions &options);
	ProcessRing(ProcessRing &&other) noexcept;
	ProcessRing &operator=(ProcessRing &&other) noexcept;
	~ProcessRing();

	/// For UserRing::attach(). Good as long as the ring is.
	RingMemory memory() const;

	/// Mark @count entries from @sequence on as ready. For a submit hook; not where a register publishes.
	void publish(uint64_t sequence, uint32_t count);

	struct Run {
		uint64_t sequence;
		uint32_t count;
		const void *entries; // one after the other
	};
	/// What is published and neither submitted nor refused, at most @most. Empty where a register publishes.
	Run pending(uint32_t most = UINT32_MAX);
	/// The first @count entries of pending() are the kernel's. Wakes a thread that waits for work to be in flight.
	void submitted(uint32_t count);
	struct Retired {
		uint64_t count;	   // by this call
		bool signal_event; // the caller must signal the event of the queue
	};
	/// The kernel refused the first entry of pending(): it completes as submit-error with @error, a positive errno, and
	/// is retired, if it is the oldest one.
	Retired refuse(int error);
	/// Wakes a thread that waits for work to be in flight: for the doorbell of a ring that a register publishes.
	void wake_for_work();

	/// Entry @sequence ended with @status (ACCEL_RING_STATUS_*). False, and nothing is done: it is not outstanding, or
	/// it has ended already. It may be completed as soon as pending() returned it.
	bool complete(uint64_t sequence, uint8_t status, const accel_ring_record *record = nullptr);

	/// Publish what has ended, in ring order, up to the first entry that has not; wake a thread that sleeps. Once for
	/// any number of completions.
	Retired retire();

	/// The oldest entry that is not retired, and the one after the last that was submitted. What lies between may have
	/// ended: has_ended().
	uint64_t oldest() const { return state_->retired.load(std::memory_order_acquire); }
	uint64_t end() const;
	bool has_ended(uint64_t sequence) const;
	const void *entry(uint64_t sequence) const
	{
		return entries_ + (sequence & (slots() - 1)) * size_t{options_.entry_size};
	}
	/// Entries that were submitted and are not retired. 0 means that nothing can be waited for: see pending(), too.
	uint64_t in_flight() const;
	uint32_t slots() const { return ring_.count(); }
	/// Whether the producer publishes by writing a register, so that the ring is not called.
	bool has_register() const { return options_.tail.has_value(); }

	/// The device is gone. Every wait ends with -ENODEV. What is outstanding stays so. True: see Retired::signal_event.
	bool set_gone();
	bool gone() const;

private:
	/* A line each for what the submit side and what the completing side write. */
	struct State {
		alignas(ACCEL_RING_LINE) std::atomic<uint64_t> submitted{0};
		std::atomic<uint64_t> handed{0}; // the end of what pending() returned
		alignas(ACCEL_RING_LINE) std::atomic<uint64_t> retired{0};
		std::atomic<uint32_t> requests{0}; // of retire(), not yet served
	};
	struct Places {
		accel_ring_layout layout;
		uint32_t ended; // offset of the byte of slot 0 that says whether it has ended
		uint32_t state;
	};

	ProcessRing(const ProcessRingOptions &options, const Places &places, void *memory,
		    void *entries, uint64_t entries_mapped);
	static Places place(const ProcessRingOptions &options, uint32_t slots);

	std::atomic<uint8_t> &ended(uint64_t sequence) const
	{
		return ended_[sequence & (slots() - 1)];
	}
	uint64_t retire_run(uint64_t &noted);

	ProcessRingOptions options_;
	accel_ring_layout layout_;
	DeviceRing ring_;
	void *memory_; // null after it was moved from
	unsigned char *entries_;
	uint64_t entries_mapped_; // bytes, both mappings; 0: they were given
	std::atomic<uint8_t> *ended_;
	State *state_;
};

} // namespace accel::core::ring
