// SPDX-License-Identifier: MIT
// A ring whose memory is the process's: for queues whose entries the kernel or a register takes, and whose completions
// the process itself writes. It takes the device's side inside the library.
#pragma once

#include "ring/device_ring.hpp"
#include "ring/user_ring.hpp"

#include <atomic>
#include <optional>

namespace accel::core::ring {

/// A doorbell register that the producer writes itself (publication register).
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
	/// The entries, which the caller owns and which outlive the ring; null: the ring allocates them.
	void *memory = nullptr;
	uint32_t slots = 0; // of @memory, a power of two of at least 2; 0: @entries
	std::optional<TailRegister> tail{};
};

/// Threads: the submit side (publish, pending, submitted, refuse) is one thread at a time. The owner has a lock for it;
/// several producers hold it from publish() on. Any thread may complete entries, each entry once. Any thread may call
/// retire() and everything else at any time.
///
/// The pages of the entries are mapped twice, back to back, so that a run of entries never splits. In memory of the
/// caller, a run ends at the end of the memory. Tags are stored outside of the entries: the memory holds entries only,
/// which a uABI can take as its array.
///
/// In a forked child the object can only be destroyed.
class ProcessRing {
public:
	static constexpr uint32_t kMaxEntries = 1u << 20;
	static constexpr uint32_t kMaxEntrySize = 65536;

	/// EINVAL: an option is out of its range, which the text names; ENOMEM; errors of memfd_create() and mmap().
	static Result<ProcessRing> create(const ProcessRingOptions &options);
	ProcessRing(ProcessRing &&other) noexcept;
	ProcessRing &operator=(ProcessRing &&other) noexcept;
	~ProcessRing();

	/// For UserRing::attach(). Valid until the ring is destroyed.
	RingMemory memory() const;

	/// Marks @count entries from @sequence on as published. For a submit hook; not where a register publishes.
	void publish(uint64_t sequence, uint32_t count);

	struct Run {
		uint64_t sequence;
		uint32_t count;
		const void *entries; // contiguous
	};
	/// Returns entries that are published and neither submitted nor refused, at most @most. Empty where a register
	/// publishes.
	Run pending(uint32_t most = UINT32_MAX);
	/// The kernel has taken the first @count entries of pending(). Wakes a thread that waits for work in flight.
	void submitted(uint32_t count);
	struct Retired {
		uint64_t count;	   // by this call
		bool signal_event; // the caller must signal the event of the queue
	};
	/// The kernel refused the first entry of pending(): completes it as submit-error with @error, a positive errno,
	/// and retires it if it is the oldest one.
	Retired refuse(int error);
	/// Wakes a thread that sleeps because nothing is in flight. For the doorbell of a ring that a register
	/// publishes, and for a queue whose published entries wait for room.
	void wake_for_work();

	/// Completes entry @sequence with @status (ACCEL_RING_STATUS_*). False, without effect: it is not outstanding,
	/// or it is completed already. An entry may be completed as soon as pending() has returned it.
	bool complete(uint64_t sequence, uint8_t status, const accel_ring_record *record = nullptr);

	/// Publishes completed entries in ring order, up to the first that is not completed; wakes a thread that
	/// sleeps. One call for any number of completions.
	Retired retire();

	/// The oldest entry that is not retired, and the sequence after the last one submitted. Entries between them
	/// may be completed: has_ended().
	uint64_t oldest() const { return state_->retired.load(std::memory_order_acquire); }
	uint64_t end() const;
	bool has_ended(uint64_t sequence) const;
	const void *entry(uint64_t sequence) const
	{
		return entries_ + (sequence & (slots() - 1)) * size_t{options_.entry_size};
	}
	/// Returns how many entries are submitted and not retired. 0: nothing can be waited for, but see pending().
	uint64_t in_flight() const;
	uint32_t slots() const { return ring_.count(); }
	/// Returns whether the producer publishes with a register, so that publishing does not call the ring.
	bool has_register() const { return options_.tail.has_value(); }

	/// The device is gone: every wait ends with -ENODEV, and outstanding entries stay so. True:
	/// Retired::signal_event.
	bool set_gone();
	bool gone() const;

private:
	/* One cache line for the words of the submit side, one for those of the completing side. */
	struct State {
		alignas(ACCEL_RING_LINE) std::atomic<uint64_t> submitted{0};
		std::atomic<uint64_t> handed{
			0}; // the sequence after the last entry that pending() returned
		alignas(ACCEL_RING_LINE) std::atomic<uint64_t> retired{0};
		std::atomic<uint32_t> requests{0}; // of retire(), not yet served
	};
	struct Places {
		accel_ring_layout layout;
		uint32_t ended; // offset of the byte of slot 0: is it completed?
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
	uint64_t entries_mapped_; // bytes, both mappings; 0: memory of the caller
	std::atomic<uint8_t> *ended_;
	State *state_;
};

} // namespace accel::core::ring
