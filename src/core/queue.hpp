// SPDX-License-Identifier: MIT
// A work queue: its ring in the process, and waiting for it.
#pragma once

#include "core/address_space.hpp"
#include "core/event.hpp"
#include "ring/user_ring.hpp"

#include <optional>

namespace accel::core {

/// A queue of an address space. Creation and query are thread-safe; wait() is for one thread at a
/// time.
class Queue final : public Counted {
public:
	/// @options is complete: read_options() has filled what an older caller does not know.
	static Result<Ref<Queue>> create(AddressSpace &space, const accel_queue_options &options,
					 Event *event);
	/// On success the object is of no use any more; on failure nothing has changed.
	Result<void> destroy();

	accel_ring *ring() const { return ring_->get(); }
	Result<void> wait(uint64_t deadline_ns);
	/// True: completions are there; false: the event will be signalled.
	Result<bool> arm();
	Result<void> resume();
	Result<accel_queue_info> query();

private:
	Queue(AddressSpace &space, Event *event)
		: device_(Ref<Device>::share(&space.device())),
		  space_(Ref<AddressSpace>::share(&space)),
		  event_(Ref<Event>::share(event))
	{}
	~Queue() override;

	Result<void> attach(const QueueMemory &memory);
	static void doorbell(void *queue) noexcept;

	Ref<Device> device_;
	Ref<AddressSpace> space_;
	Ref<Event> event_;
	uint64_t handle_ = 0;
	void *memory_ = nullptr;
	uint64_t size_ = 0;
	std::optional<ring::UserRing> ring_;
};

/// The caller's options as this library knows them: shorter ones are filled up with zeros, longer
/// ones must end with zeros. EINVAL, E2BIG.
Result<accel_queue_options> read_options(const accel_queue_options *given);

} // namespace accel::core
