// SPDX-License-Identifier: MIT
// A work queue: its ring in the process, and waiting for completions.
#pragma once

#include "core/address_space.hpp"
#include "core/event.hpp"
#include "ring/user_ring.hpp"

#include <optional>

namespace accel::core {

/// A queue of an address space. Creation and query are thread-safe; wait() is for one thread at a time.
class Queue final : public Counted {
public:
	/// @options is complete: read_options() has filled in what an older caller does not know.
	static Result<Ref<Queue>> create(AddressSpace &space, const accel_queue_options &options,
					 Event *event);
	/// On success the object can no longer be used; on failure it is unchanged.
	Result<void> destroy();

	accel_ring *ring() const { return ring_->get(); }
	uint64_t handle() const { return backend_->handle(); }
	Result<void> wait(uint64_t deadline_ns);
	/// True: completions are present; false: the event will be signalled.
	Result<bool> arm();
	/// A file to poll for completions; owned by the queue.
	Result<int> poll_fd();
	Result<accel_fence> fence(uint64_t sequence);
	Result<void> resume();
	Result<accel_queue_info> query();

	/// Called by the device when it closes: waits end with ENODEV.
	void set_gone() noexcept;
	/// Called by the device when it closes: no hook of the ring is inside the backend when this returns.
	void shut() noexcept { backend_->shut(); }

private:
	friend class Device;

	Queue(AddressSpace &space, Event *event)
		: device_(Ref<Device>::share(&space.device())),
		  space_(Ref<AddressSpace>::share(&space)),
		  event_(Ref<Event>::share(event))
	{}
	~Queue() override;

	Ref<Device> device_;
	Ref<AddressSpace> space_;
	Ref<Event> event_;
	std::unique_ptr<QueueBackend> backend_;
	std::optional<ring::UserRing> ring_;
	Queue *next_ = nullptr; // in the device's list
};

} // namespace accel::core
