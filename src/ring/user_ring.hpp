// SPDX-License-Identifier: MIT
// The process's side of a ring, around the hot path of include/accel/ring.h: check a layout, attach, wait.
#pragma once

#include "base/result.hpp"

#include <accel/ring.h>

namespace accel::core::ring {

/// What is wrong with a layout for @size bytes of memory, or nullptr. A device may be newer or broken, so
/// nothing of it is taken on trust: sizes, powers of two, alignment, overlap, known modes.
const char *check_layout(const accel_ring_layout &layout, uint64_t size);

/// What the process's side calls. @doorbell(@context) rings the device awake; @run(@run_context, sequence), which
/// may be null, executes an entry on the calling thread if it may: then it is completed when it returns true.
struct Calls {
	void (*doorbell)(void *) = nullptr;
	void *context = nullptr;
	bool (*run)(void *, uint64_t) = nullptr;
	void *run_context = nullptr;
};

/// Owns one struct accel_ring, in a page that a forked child sees as zeros: the ring then refuses everything.
/// Move-only. The ring memory itself belongs to the caller and outlives this.
class UserRing {
public:
	/// Attach to @memory, which @layout describes. EINVAL: check_layout() says why; ENOMEM.
	static Result<UserRing> attach(void *memory, uint64_t size, const accel_ring_layout &layout,
				       const Calls &calls);

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

/// Wait until has_completions(): spin, then sleep on the waiter word. One thread at a time.
/// 0; -ETIMEDOUT when @deadline_ns (absolute CLOCK_MONOTONIC) passed; -ESTALE in a forked child.
int wait(accel_ring *ring, uint64_t deadline_ns);

/// Ask for the event at the next completion. 0: armed; 1: completions are there; -ESTALE in a forked child.
int arm(accel_ring *ring);

} // namespace accel::core::ring
