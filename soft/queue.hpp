// SPDX-License-Identifier: MIT
// Queues: a ring, who serves it, and how far they came.
#pragma once

#include "ring/device_ring.hpp"
#include "soft/address_space.hpp"
#include "soft/assignment.hpp"
#include "soft/event.hpp"
#include "soft/execute.hpp"
#include "soft/object.hpp"
#include "soft/region.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>

namespace accel::core::softdev {

class Device;

/// What queue.create asks for, checked by the policy.
struct QueueRequest {
	Use space;
	Use event; // or empty
	uint32_t entries;
	uint64_t flags;	   // ACCEL_QUEUE_FLAGS_*
	uint32_t parallel; // 1 to ACCEL_SOFT_MAX_PARALLEL
	/// Bytes of the largest job for the thread that publishes; empty: to be measured.
	std::optional<uint32_t> inline_limit = {};
};

/// Sequence numbers, in order: completed and told to the client <= claimed by a worker <= published.
///
/// With one assignment its worker does all in order. With several, a worker takes the claim (who does not get it
/// goes on elsewhere), copies one descriptor out and gives the claim back; it executes it beside the others,
/// marks it done, and whoever finds the oldest one done retires the whole run.
class Queue final : public Object {
public:
	/// ENOSPC: the device has no queue left; ENOMEM, also for want of a thread.
	static Result<std::shared_ptr<Queue>> create(Device &device, ObjectTable &objects,
						     QueueRequest request);
	Queue(Device &device, ObjectTable &objects, QueueRequest request,
	      std::shared_ptr<Region> memory, const accel_ring_layout &layout);
	~Queue() override;

	/// Let clients map the ring. The offset to do so. ENOMEM by exception.
	uint64_t make_mappable(Offsets &offsets);
	const accel_ring_layout &layout() const { return layout_; }

	/// The doorbell.
	void kick();
	/// False: no fault had stopped it.
	bool resume();

	struct Info {
		uint32_t state; // ACCEL_QUEUE_STATE_*
		uint64_t submitted, completed, faults, bytes, kicks, wakes, spins;
		uint32_t inline_limit; // 0: nothing is executed by who publishes
		uint64_t inlined;
	};
	Info info() const;
	/// Descriptors that are published and not yet taken, about.
	uint32_t waiting() const;
	/// Of all queues the device has had; set by the device.
	uint64_t number = 0;

	void begin_end() override;
	/// Ends every wait with ENODEV, now and later, since no worker serves the queue any more.
	void set_gone();
	void end() override;

	// For the device: who serves the queue; before the first kick.
	uint32_t parallel() const { return parallel_; }
	void set_assignments(std::unique_ptr<Assignment[]> assignments, uint32_t count);
	std::span<Assignment> assignments() { return {assignments_.get(), assignment_count_}; }
	std::span<const Assignment> assignments() const
	{
		return {assignments_.get(), assignment_count_};
	}

	/// For the inline path: execute and mark entry @sequence on the calling thread, which has reserved it. False: it is not
	/// the next one, or no such job, and nothing was done.
	bool run_inline(uint64_t sequence);

	// For workers.
	/// The queue is being destroyed: finish what is in work.
	bool leaving() const { return leaving_.load(std::memory_order_acquire); }
	/// The assignment's worker looks at the ring from now on.
	void join(Assignment &assignment);
	/// Execute some descriptors. False: there was nothing for this worker.
	bool serve(Assignment &assignment);
	/// After serve() found nothing: whether the worker need not look any more until somebody kicks.
	bool leave(Assignment &assignment);

private:
	/// What one serve() did and has not yet told: to the counters, to the client.
	struct Progress {
		uint64_t taken = 0;
		uint64_t faults = 0;
		uint64_t attention = 0; // see DeviceRing::retire()
	};
	struct Claimed {
		uint64_t sequence;
		Descriptor descriptor;
		bool more;     // published behind it
		bool canceled; // as things stood before anything behind it could be claimed
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
	/// Execute it, or not, and complete it in the ring.
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

	Device &device_;
	ObjectTable &objects_;
	Use space_use_, event_use_;
	const AddressSpace &space_;
	const Event *event_;
	std::shared_ptr<Region> memory_;
	OffsetLease lease_;
	const accel_ring_layout layout_;
	ring::DeviceRing ring_;
	const bool stop_on_fault_;
	const bool status_phase_; // completions are published one by one
	const bool may_inline_;
	uint32_t parallel_;
	std::unique_ptr<Assignment[]> assignments_;
	uint32_t assignment_count_ = 0;
	std::unique_ptr<std::atomic<uint8_t>[]> done_; // by slot; only with several assignments
	uint32_t inline_limit_ = 0;
	std::atomic<uint64_t> kicks_{0};
	std::mutex mutex_; // of who starts, stops, kicks and ends it

	// Changed while it runs. Descriptors after the fault that stopped the queue and before `cancel_before_`
	// (all, until it is resumed) are not executed: mostly one comparison tells that there are none.
	alignas(128) std::atomic<uint64_t> cancel_before_{0};
	std::atomic<uint64_t> fault_{0};
	std::atomic<bool> stopped_{false};
	std::atomic<bool> leaving_{false};

	alignas(128) std::atomic<uint64_t> next_{0}; // to be claimed
	std::atomic<uint64_t> retired_{0};	     // completed and told, in order
	std::atomic<bool> claimed_{false};
	std::atomic<uint32_t> retire_requests_{0};
	std::atomic<uint32_t> pollers_{0};	    // assignments whose workers look at the ring
	std::atomic<uint64_t> idle_assignments_{0}; // bit of each assignment whose worker does not

	// Of the thread that is in the inline path.
	alignas(128) Counters inlined_;
	ExecutionResources inline_resources_;
	ExecutionContext inline_context_;
};

} // namespace accel::core::softdev
