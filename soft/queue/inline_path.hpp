// SPDX-License-Identifier: MIT
// Inline execution: the thread that publishes a small entry to an empty queue executes the entry itself.
#pragma once

#include <atomic>
#include <cstdint>

namespace accel::core::softdev {

class Queue;

/// Shared by the queue and the memory of its ring. The queue closes it when it is destroyed; from then on submit()
/// returns false for every entry.
///
/// The producer stores inside_, then loads closed_; the closing thread stores closed_, then loads inside_. A barrier
/// between the two accesses of each thread excludes that both loads miss the other thread's store, so the producer
/// leaves or the closing thread waits for it. With membarrier the closing thread executes the barrier for all threads,
/// and entering costs the producer plain stores; otherwise the producer's store is an exchange. The ring has one
/// producer, so at most one thread is inside.
class InlinePath {
public:
	/// @plain: sys::barrier_all_threads() works.
	InlinePath(Queue &queue, bool plain) : queue_(queue), plain_(plain) {}
	InlinePath(const InlinePath &) = delete;
	InlinePath &operator=(const InlinePath &) = delete;

	/// The submit hook of the ring: executes the entry, which the calling thread has reserved and filled, but not
	/// published. True: it is completed and published. False: no effect, as always for more than one entry; a
	/// worker is to execute it.
	static bool submit(void *inline_path, uint64_t sequence, uint32_t count);
	/// When this returns, no thread is inside and none can enter. A thread that left by siglongjmp() out of a
	/// signal handler counts as inside, unless it is the calling thread. May be called repeatedly.
	void close();

private:
	bool enter();
	void leave() { inside_.store(nullptr, std::memory_order_release); }

	Queue &queue_; // exists until the inline path is closed
	const bool plain_;
	std::atomic<bool> closed_{false};
	std::atomic<void *> inside_{nullptr}; // thread pointer of the thread inside
};

} // namespace accel::core::softdev
