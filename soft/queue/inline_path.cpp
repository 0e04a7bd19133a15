// SPDX-License-Identifier: MIT
// Inline execution in the publishing thread.
#include "soft/queue/inline_path.hpp"

#include "soft/queue/queue.hpp"
#include "sys/sys.hpp"

namespace accel::core::softdev {

inline bool InlinePath::enter()
{
	if (plain_) {
		inside_.store(__builtin_thread_pointer(), std::memory_order_relaxed);
		/* The membarrier of close() orders the two accesses; only the compiler must not reorder them. */
		std::atomic_signal_fence(std::memory_order_seq_cst);
	} else {
		inside_.exchange(__builtin_thread_pointer(), std::memory_order_seq_cst);
	}
	if (!closed_.load(std::memory_order_seq_cst)) [[likely]]
		return true;
	leave();
	return false;
}

bool InlinePath::submit(void *inline_path, uint64_t sequence, uint32_t count)
{
	auto &self = *static_cast<InlinePath *>(inline_path);

	if (count != 1 || !self.enter())
		return false;

	bool done = self.queue_.run_inline(sequence);

	self.leave();
	return done;
}

void InlinePath::close()
{
	/* The barrier can fail if a sandbox was installed after it was probed. Then sleep: every store becomes visible
	 * in much less than a millisecond. */
	constexpr int kBlindMs = 1;

	closed_.store(true, std::memory_order_seq_cst);
	if (plain_ && sys::barrier_all_threads() < 0)
		sys::poll(nullptr, 0, kBlindMs);
	for (void *inside; (inside = inside_.load(std::memory_order_acquire));) {
		/* The calling thread is not inside: it left submit() by a jump out of a signal handler. */
		if (inside == __builtin_thread_pointer())
			break;
		sys::poll(nullptr, 0, 0);
	}
}

} // namespace accel::core::softdev
