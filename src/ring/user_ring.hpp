// SPDX-License-Identifier: MIT
// The process's side of a ring, besides the fast path of include/accel/ring.h: check a layout, attach, wait.
#pragma once

#include "base/result.hpp"

#include <accel/ring.h>
#include <uapi/accel/accel.h>

namespace accel::core::ring {

/// Source of a layout: a message of a device, or the provider, which may have mapped a register since.
enum class LayoutFrom { device, provider };

/// Returns what is wrong with a layout for @size bytes of memory, or nullptr. A device may be newer or broken, so
/// every field is checked: sizes, powers of two, alignment, overlap with the control block, known modes. A device must
/// not name an address that the process writes to. @entries_elsewhere: the memory does not hold the entries.
const char *check_layout(const accel_ring_layout &layout, uint64_t size, LayoutFrom from,
			 bool entries_elsewhere = false);

/// The hooks of the process's side, all optional; struct accel_ring documents them.
struct Hooks {
	bool (*submit)(void *context, uint64_t sequence, uint32_t count) = nullptr;
	void *submit_context = nullptr;
	void (*doorbell)(void *context) = nullptr;
	int (*progress)(void *context, uint64_t deadline_ns) = nullptr;
	void *context = nullptr;
};

/// The memory of a ring. The provider has checked a layout that came from the device.
struct RingMemory {
	void *memory = nullptr;
	uint64_t size = 0; // bytes of @memory
	accel_ring_layout layout{};
	void *entries = nullptr; // the entries, if not in @memory
	uint32_t capacity = 0;	 // entries that may be outstanding; 0: as many as there are slots
};

/// Owns one struct accel_ring, in a page that a forked child sees as zeros: every operation on the ring then fails.
/// Move-only. The ring memory belongs to the caller and outlives this object.
class UserRing {
public:
	/// EINVAL: check_layout() found an error, or the capacity is larger than the ring; ENOMEM.
	static Result<UserRing> attach(const RingMemory &memory, const Hooks &hooks);

	UserRing(UserRing &&other) noexcept;
	UserRing &operator=(UserRing &&other) noexcept;
	~UserRing();

	accel_ring *get() const { return ring_; }

private:
	explicit UserRing(accel_ring *ring) : ring_(ring) {}

	accel_ring *ring_;
};

/// Returns whether accel_ring_poll() would return a completion now.
bool has_completions(accel_ring *ring);

/// Waits until has_completions(). One thread at a time. A device that completes by itself: spins, then sleeps on the
/// waiter word. With a progress hook: calls it, in pieces of at most 100 ms; while nothing is in flight, sleeps on the
/// waiter word. Returns 0; -ETIMEDOUT: @deadline_ns (absolute CLOCK_MONOTONIC) has passed; -ENODEV: the device is gone
/// and no completion is left; -ESTALE in a forked child; another -errno of the progress hook.
int wait(accel_ring *ring, uint64_t deadline_ns);

/// Arms the event for the next completion. 0: armed; 1: completions are present; -ENODEV; -ESTALE in a forked child.
int arm(accel_ring *ring);

/// Wakes every waiting thread, which then checks all its conditions again. Returns the bits of the waiter word
/// (ACCEL_RING_WAITER_*): the caller that gets ACCEL_RING_WAITER_EVENT signals the event.
uint32_t wake_waiters(accel_ring_control *control);

/// Sets the state "gone": every wait returns -ENODEV, at once if it sleeps on the waiter word, and within a piece if it
/// is in the progress hook. Any thread, any number of times, while the ring memory is mapped. Returns as above.
uint32_t set_gone(accel_ring_control *control);

} // namespace accel::core::ring
