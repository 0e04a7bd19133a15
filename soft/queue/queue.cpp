// SPDX-License-Identifier: MIT
// Queues: creation, kick, resume, destruction. The functions of the workers are in serve.cpp.
#include "soft/queue/queue.hpp"

#include "ring/user_ring.hpp"
#include "soft/queue/inline_path.hpp"
#include "soft/queue/queue_resources.hpp"
#include "soft/queue/worker.hpp"

#include <algorithm>
#include <uapi/accel/soft.h>

namespace accel::core::softdev {

Queue::Queue(QueueResources &resources, ObjectTable &objects, QueueRequest request,
	     std::shared_ptr<Region> memory, const accel_ring_layout &layout)
	: Object(ACCEL_OBJECT_QUEUE),
	  resources_(resources),
	  objects_(objects),
	  space_use_(std::move(request.space)),
	  event_use_(std::move(request.event)),
	  space_(static_cast<const AddressSpace &>(*space_use_.get())),
	  event_(static_cast<const Event *>(event_use_.get())),
	  memory_(std::move(memory)),
	  layout_(layout),
	  ring_(memory_->memory(), layout_),
	  stop_on_fault_(request.flags & ACCEL_QUEUE_FLAGS_STOP_ON_FAULT),
	  status_phase_(request.flags & ACCEL_QUEUE_FLAGS_STATUS_PHASE),
	  may_inline_(!(request.flags & ACCEL_QUEUE_FLAGS_MULTI_PRODUCER) &&
		      request.inline_limit != 0u && request.parallel == 1 &&
		      !space_.table().load(std::memory_order_relaxed)),
	  parallel_(request.parallel),
	  inline_context_(make_context(inline_resources_, nullptr))
{}

Queue::~Queue() = default;

Result<std::shared_ptr<Queue>> Queue::create(QueueResources &resources, ObjectTable &objects,
					     QueueRequest request)
{
	const uint8_t order = sys::has_barrier_all_threads() ? ACCEL_RING_WAKE_ORDER_SLEEPER :
							       ACCEL_RING_WAKE_ORDER_BOTH;
	accel_ring_layout layout =
		ring::make_layout(request.entries, ACCEL_SOFT_DESCRIPTOR_SIZE,
				  ACCEL_RING_PUBLICATION_TAG, request.flags, order);
	const std::optional<uint32_t> inline_limit = request.inline_limit;
	auto memory = Region::make_ring(layout.size);

	if (!memory)
		return std::unexpected(memory.error());
	auto queue = std::make_shared<Queue>(resources, objects, std::move(request),
					     std::move(*memory), layout);
	queue->create_inline_path();
	if (auto added = resources.pool.add(*queue); !added)
		return std::unexpected(added.error());
	if (queue->may_inline_)
		queue->inline_limit_ =
			inline_limit ?
				*inline_limit :
				resources.tuning.inline_limit(*queue->assignments().front().worker);
	queue->ring_.set_state(ACCEL_QUEUE_STATE_RUNNING);
	/* No worker polls the ring until the first kick. If the ring cannot be put to sleep, as when the barrier
	 * fails, a worker polls it at once. */
	if (!queue->ring_.sleep(0))
		queue->kick();
	return queue;
}

/* Requires one worker, so that only it and the producer access the queue, and a space without a table of mappings, so
 * that no unmap has to wait for an inline execution. */
void Queue::create_inline_path()
{
	if (!may_inline_)
		return;
	inline_path_ = std::make_shared<InlinePath>(*this, layout_.wake_order ==
								   ACCEL_RING_WAKE_ORDER_SLEEPER);
	memory_->set_submit_hook({InlinePath::submit, inline_path_});
}

uint64_t Queue::make_mappable(Offsets &offsets)
{
	lease_ = offsets.add(memory_);
	return lease_.offset();
}

void Queue::set_assignments(std::unique_ptr<Assignment[]> assignments, uint32_t count)
{
	assignments_ = std::move(assignments);
	assignment_count_ = count;
	for (uint32_t i = 0; i < count; i++) {
		assignments_[i].queue = this;
		assignments_[i].index = i;
	}
	idle_assignments_ = count == 64 ? UINT64_MAX : (uint64_t{1} << count) - 1;
	if (count > 1)
		done_.reset(new std::atomic<uint8_t>[layout_.entry_count] {});
}

void Queue::kick()
{
	kicks_.fetch_add(1, std::memory_order_relaxed);

	std::lock_guard lock(mutex_);

	/* While the queue is being destroyed its workers may be gone. */
	if (leaving())
		return;
	/* An idle worker can begin at once; it wakes helpers. */
	for (Assignment &assignment : assignments())
		if (assignment.worker->idle())
			return assignment.worker->submit(assignment);
	for (Assignment &assignment : assignments())
		assignment.worker->submit(assignment);
}

void Queue::stop(uint64_t sequence)
{
	std::lock_guard lock(mutex_);

	/* With several workers an earlier entry may fail later. */
	if (stopped_.load(std::memory_order_relaxed))
		sequence = std::min(sequence, fault_.load(std::memory_order_relaxed));
	fault_.store(sequence, std::memory_order_relaxed);
	ring_.set_state(ACCEL_QUEUE_STATE_STOPPED);
	cancel_before_.store(UINT64_MAX, std::memory_order_release);
	stopped_.store(true, std::memory_order_release);
}

bool Queue::resume()
{
	std::lock_guard lock(mutex_);

	if (!stopped_.load(std::memory_order_acquire) || leaving())
		return false;
	/* Entries published so far may depend on the one that failed: they are canceled, too. */
	uint64_t next = next_.load(std::memory_order_relaxed);
	uint64_t end = ring_.end(next);

	ring_.set_state(ACCEL_QUEUE_STATE_RUNNING);
	stopped_.store(false, std::memory_order_relaxed);
	cancel_before_.store(end, std::memory_order_release);
	return true;
}

Queue::Info Queue::info() const
{
	Info info{};

	info.state = stopped_.load(std::memory_order_relaxed) ? ACCEL_QUEUE_STATE_STOPPED :
								ACCEL_QUEUE_STATE_RUNNING;
	auto add = [&info](const Counters &counters) {
		info.submitted += counters.submitted.load(std::memory_order_relaxed);
		info.completed += counters.completed.load(std::memory_order_relaxed);
		info.faults += counters.faults.load(std::memory_order_relaxed);
		info.bytes += counters.bytes.load(std::memory_order_relaxed);
		info.wakes += counters.wakes.load(std::memory_order_relaxed);
	};

	add(inlined_);
	info.inlined = info.completed;
	info.inline_limit = inline_limit_.load(std::memory_order_relaxed);
	for (const Assignment &assignment : assignments()) {
		add(assignment.counters);
		info.spins += assignment.spins.load(std::memory_order_relaxed);
	}
	info.kicks = kicks_.load(std::memory_order_relaxed);
	return info;
}

uint32_t Queue::waiting() const
{
	const uint64_t next = next_.load(std::memory_order_relaxed);
	const uint64_t end = ring_.end(next), done = ring_.completed();

	return end > done ? static_cast<uint32_t>(end - std::max(done, next)) : 0;
}

void Queue::begin_end()
{
	{
		std::lock_guard lock(mutex_);

		leaving_.store(true, std::memory_order_seq_cst);
	}
	if (inline_path_)
		inline_path_->close();
	for (Assignment &assignment : assignments())
		assignment.worker->submit(assignment);
}

void Queue::set_gone()
{
	auto *control = reinterpret_cast<accel_ring_control *>(memory_->memory());

	if (ring::set_gone(control) & ACCEL_RING_WAITER_EVENT && event_)
		event_->signal();
}

void Queue::end()
{
	if (assignment_count_) {
		begin_end();
		for (Assignment &assignment : assignments())
			assignment.wait_until_dropped();
		resources_.pool.remove(*this);
	}
	lease_.release();
	space_use_.release();
	event_use_.release();
}

} // namespace accel::core::softdev
