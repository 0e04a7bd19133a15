// SPDX-License-Identifier: MIT
// State that a forked child must not share with its parent.
#pragma once

#include "sys/sys.hpp"

#include <atomic>
#include <memory>

namespace accel::core::softdev {

/// One T for each process. A forked child does not access the T of its parent: another thread of the parent may have
/// been changing it at the fork, and a lock that this thread held is never released in the child.
template <class T>
class PerProcess {
public:
	/// Returns the T of this process; the first call creates it. ENOMEM by exception. Any thread.
	T &get()
	{
		Instance *newest = newest_.load(std::memory_order_acquire);

		while (!newest || newest->generation != sys::process_generation()) {
			auto made = std::make_unique<Instance>(newest);

			if (newest_.compare_exchange_strong(newest, made.get(),
							    std::memory_order_acq_rel))
				newest = made.release();
		}
		return newest->value;
	}

	/// Returns the T of this process; null if it was not created yet.
	T *find()
	{
		Instance *newest = newest_.load(std::memory_order_acquire);

		return newest && newest->generation == sys::process_generation() ? &newest->value :
										   nullptr;
	}

private:
	/* Never destroyed: destructors of a program's static objects, which may run last, may use the library. */
	struct Instance {
		explicit Instance(Instance *before) : inherited(before) {}

		const uint64_t generation = sys::process_generation();
		Instance *const
			inherited; // of the parent; kept so that LeakSanitizer finds it in use
		T value;
	};

	std::atomic<Instance *> newest_{nullptr};
};

} // namespace accel::core::softdev
