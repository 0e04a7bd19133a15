// SPDX-License-Identifier: MIT
// The way by which the thread that publishes a small descriptor on an empty queue executes it by itself.
#pragma once

#include <atomic>
#include <cstdint>

namespace accel::core::softdev {

class Queue;

/// Belongs to the memory of a ring, not to the queue: a client may publish as long as it has the ring mapped,
/// whatever has become of the queue. Once closed it leaves every descriptor to the ring.
///
/// Who goes in says so, then looks whether the inline path is closed; who closes it does the same the other way
/// around. Where there is membarrier, the barrier between the two is the closer's, so that going in costs
/// two plain stores; elsewhere it is an exchange. There is one producer, so nobody meets anybody inside.
class InlinePath {
public:
	/// @plain: sys::barrier_all_threads() works.
	InlinePath(Queue &queue, bool plain) : queue_(queue), plain_(plain) {}
	InlinePath(const InlinePath &) = delete;
	InlinePath &operator=(const InlinePath &) = delete;

	/// The submit hook of the ring: execute the entry, which the calling thread has reserved, filled and not yet
	/// published. True: it is completed and marked. False: nothing was done, as always for more than one entry; it is
	/// the worker's.
	bool submit(uint64_t sequence, uint32_t count);
	/// No thread is inside when this returns, and none goes in any more. A thread that left an access to a bad address
	/// by siglongjmp() counts as inside, unless it is the calling one. Any number of times.
	void close();

private:
	bool enter();
	void leave() { inside_.store(nullptr, std::memory_order_release); }

	Queue &queue_; // alive as long as the inline path is open
	const bool plain_;
	std::atomic<bool> closed_{false};
	std::atomic<void *> inside_{nullptr}; // the thread pointer of the thread inside
};

} // namespace accel::core::softdev
