// SPDX-License-Identifier: MIT
// The process's side of a ring, around the hot path of include/accel/ring.h: check a layout, attach, wait.
#pragma once

#include "base/result.hpp"

#include <accel/ring.h>
#include <uapi/accel/accel.h>

namespace accel::core::ring {

/// Where a layout comes from: a message of a device, or the provider, which may have mapped a register since.
enum class LayoutFrom { device, provider };

/// What is wrong with a layout for @size bytes of memory, or nullptr. A device may be newer or broken, so
/// nothing of it is taken on trust: sizes, powers of two, alignment, overlap with the control block, known modes. No device may say to
/// which address of this process the process is to write. @entries_elsewhere: the memory does not hold the entries.
const char *check_layout(const accel_ring_layout &layout, uint64_t size, LayoutFrom from,
			 bool entries_elsewhere = false);

/// What the process's side calls, all optional; struct accel_ring says what each does.
struct Hooks {
	bool (*submit)(void *context, uint64_t sequence, uint32_t count) = nullptr;
	void *submit_context = nullptr;
	void (*doorbell)(void *context) = nullptr;
	int (*progress)(void *context, uint64_t deadline_ns) = nullptr;
	void *context = nullptr;
};

/// Where a ring lies. The provider has checked a layout that came from the device.
struct RingMemory {
	void *memory = nullptr;
	uint64_t size = 0; // bytes of @memory
	accel_ring_layout layout{};
	void *entries = nullptr; // where they lie if not in @memory
	uint32_t capacity = 0;	 // entries that may be outstanding; 0: as many as there are slots
};

/// Owns one struct accel_ring, in a page that a forked child sees as zeros: the ring then refuses everything.
/// Move-only. The ring memory itself belongs to the caller and outlives this.
class UserRing {
public:
	/// EINVAL: check_layout() says why, or the capacity is larger than the ring; ENOMEM.
	static Result<UserRing> attach(const RingMemory &memory, const Hooks &hooks);

	UserRing(UserRing &&other) noexcept;
	UserRing &operator=(UserRing &&other) noexcept;
	~UserRing();

	accel_ring *get() const { return ring_; }

private:
	explicit UserRing(accel_ring *ring) : ring_(ring) {}

	accel_ring *ring_;
};

/// Whether accel_ring_poll() would return something now.
bool has_completions(accel_ring *ring);

/// Wait until has_completions(). One thread at a time. A device that completes by itself: spin, then sleep on the
/// waiter word. With a progress hook: call it, in pieces of at most 100 ms; while nothing is in flight, sleep on the
/// waiter word. 0; -ETIMEDOUT when @deadline_ns (absolute CLOCK_MONOTONIC) passed; -ENODEV: the device is gone, and
/// no completion is left; -ESTALE in a forked child; another -errno of the progress hook.
int wait(accel_ring *ring, uint64_t deadline_ns);

/// Ask for the event at the next completion. 0: armed; 1: completions are there; -ENODEV; -ESTALE in a forked child.
int arm(accel_ring *ring);

/// End the sleep of every waiting thread, which then looks again at everything. Returns the bits of the waiter word
/// (ACCEL_RING_WAITER_*): who gets ACCEL_RING_WAITER_EVENT signals the event.
uint32_t wake_waiters(accel_ring_control *control);

/// The device is gone: every wait returns -ENODEV, at once if it sleeps on the waiter word, and within a piece if it
/// is in the progress hook. From any thread, any number of times, while the ring memory is there. Returns as above.
uint32_t set_gone(accel_ring_control *control);

} // namespace accel::core::ring
