// SPDX-License-Identifier: MIT
// Queues: a ring, the workers that serve it, and their progress.
#pragma once

#include "ring/device_ring.hpp"
#include "soft/execute/execute.hpp"
#include "soft/objects/address_space.hpp"
#include "soft/objects/event.hpp"
#include "soft/objects/object.hpp"
#include "soft/objects/region.hpp"
#include "soft/queue/assignment.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>

namespace accel::core::softdev {

class InlinePath;
struct QueueResources;

/// The parameters of queue.create, validated by the policy.
struct QueueRequest {
	Use space;
	Use event; // or empty
	uint32_t entries;
	uint64_t flags;	   // ACCEL_QUEUE_FLAGS_*
	uint32_t parallel; // 1 to ACCEL_SOFT_MAX_PARALLEL
	/// The largest entry in bytes for inline execution; empty: to be measured.
	std::optional<uint32_t> inline_limit = {};
};

/// Sequences: retired <= claimed by a worker <= published.
///
/// With one assignment its worker executes all entries in order. With several, a worker takes `claimed_` (if another
/// worker holds it, it continues with its other queues), copies one entry and releases `claimed_`. It executes the
/// entry in parallel with the other workers and marks it done. A worker that finds the oldest entry done retires all
/// consecutive done entries.
class Queue final : public Object {
public:
	/// ENOSPC: the device has as many queues as it can have; ENOMEM, also if no thread can be started.
	static Result<std::shared_ptr<Queue>> create(QueueResources &resources,
						     ObjectTable &objects, QueueRequest request);
	Queue(QueueResources &resources, ObjectTable &objects, QueueRequest request,
	      std::shared_ptr<Region> memory, const accel_ring_layout &layout);
	~Queue() override;

	/// Let clients map the ring. Returns the offset for map(). ENOMEM by exception.
	uint64_t make_mappable(Offsets &offsets);
	const accel_ring_layout &layout() const { return layout_; }

	/// The doorbell.
	void kick();
	/// False: the queue was not stopped by a fault.
	bool resume();

	struct Info {
		uint32_t state; // ACCEL_QUEUE_STATE_*
		uint64_t submitted, completed, faults, bytes, kicks, wakes, spins;
		uint32_t inline_limit; // 0: no inline execution
		uint64_t inlined;
	};
	Info info() const;
	/// The approximate number of entries that are published and not claimed.
	uint32_t waiting() const;
	/// Number of the queue among all queues the device has had; set by the pool.
	uint64_t number = 0;

	void begin_end() override;
	/// Ends every present and later wait with ENODEV. No worker may serve the queue any more.
	void set_gone();
	void end() override;

	// For the pool: the workers of the queue; set before the first kick.
	uint32_t parallel() const { return parallel_; }
	void set_assignments(std::unique_ptr<Assignment[]> assignments, uint32_t count);
	std::span<Assignment> assignments() { return {assignments_.get(), assignment_count_}; }
	std::span<const Assignment> assignments() const
	{
		return {assignments_.get(), assignment_count_};
	}

	/// For the inline path: execute, complete and publish entry @sequence on the calling thread, which has reserved
	/// it. False: the entry is not the next one or is not eligible; no effect.
	bool run_inline(uint64_t sequence);

	// For workers.
	/// The queue is being destroyed: the workers only finish entries that they are executing.
	bool leaving() const { return leaving_.load(std::memory_order_acquire); }
	/// The worker of the assignment polls the ring from now on.
	void join(Assignment &assignment);
	/// Execute published entries. False: there were none for this worker.
	bool serve(Assignment &assignment);
	/// After an empty serve(): true if the worker may stop polling the queue until the next kick.
	bool leave(Assignment &assignment);

private:
	/// The entries of one serve() that are not yet in the counters and not yet retired.
	struct Progress {
		uint64_t taken = 0;
		uint64_t faults = 0;
		uint64_t attention = 0; // see DeviceRing::retire()
	};
	struct Claimed {
		uint64_t sequence;
		Descriptor descriptor;
		bool more;     // another entry is published after it
		bool canceled; // evaluated before a later entry could be claimed
	};

	bool serve_alone(Assignment &assignment);
	bool serve_shared(Assignment &assignment);
	bool claim(Assignment &assignment, Claimed &claimed);
	void wake_helper();
	void stop_polling();
	void resume_polling();
	void create_inline_path();
	ExecutionContext make_context(ExecutionResources &resources, Hazard *hazard) const;
	ExecutionContext make_context(Assignment &assignment) const;
	/// Execute the entry: the step that the workers and the inline path share.
	Outcome run(ExecutionContext &context, Progress &progress, uint64_t sequence,
		    const Descriptor &descriptor, Record &record);
	/// Execute the entry, unless canceled, and complete it in the ring.
	void work(Counters &counters, ExecutionContext &context, Progress &progress,
		  uint64_t sequence, const Descriptor &descriptor, bool canceled);
	void retire(Counters &counters, ExecutionContext &context, Progress &progress,
		    uint64_t sequence);
	void retire_and_wake(Counters &counters, ExecutionContext &context, Progress &progress,
			     uint64_t sequence);
	void retire_done(Assignment &assignment);
	bool is_canceled(uint64_t sequence) const;
	void stop(uint64_t sequence);
	void wake(Counters &counters, uint32_t bits);
	static void account(Counters &counters, ExecutionContext &context, Progress &progress);

	QueueResources &resources_;
	ObjectTable &objects_;
	Use space_use_, event_use_;
	const AddressSpace &space_;
	const Event *event_;
	std::shared_ptr<Region> memory_;
	OffsetLease lease_;
	std::shared_ptr<InlinePath> inline_path_; // null: no inline execution
	const accel_ring_layout layout_;
	ring::DeviceRing ring_;
	const bool stop_on_fault_;
	const bool status_phase_; // each completion becomes visible at once, not when it is retired
	const bool may_inline_;
	uint32_t parallel_;
	std::unique_ptr<Assignment[]> assignments_;
	uint32_t assignment_count_ = 0;
	std::unique_ptr<std::atomic<uint8_t>[]> done_; // by slot; only with several assignments
	// Written after the thread of the counters can read it.
	std::atomic<uint32_t> inline_limit_{0};
	std::atomic<uint64_t> kicks_{0};
	std::mutex mutex_; // of kick(), stop(), resume() and begin_end()

	// Written while workers serve the queue. Entries after `fault_`, which stopped the queue, and before
	// `cancel_before_` (until resume(): all) are canceled. Normally one comparison shows that there are none.
	alignas(128) std::atomic<uint64_t> cancel_before_{0};
	std::atomic<uint64_t> fault_{0};
	std::atomic<bool> stopped_{false};
	std::atomic<bool> leaving_{false};

	alignas(128) std::atomic<uint64_t> next_{0}; // the next sequence to claim
	std::atomic<uint64_t> retired_{0};	     // only with several assignments
	std::atomic<bool> claimed_{false};
	std::atomic<uint32_t> retire_requests_{0};
	std::atomic<uint32_t> pollers_{0};	    // number of workers that poll the ring
	std::atomic<uint64_t> idle_assignments_{0}; // bit of each assignment whose worker does not

	// Used by the thread in the inline path.
	alignas(128) Counters inlined_;
	ExecutionResources inline_resources_;
	ExecutionContext inline_context_;
};

} // namespace accel::core::softdev
