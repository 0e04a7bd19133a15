// SPDX-License-Identifier: MIT
// State that a forked child must not share with its parent.
#pragma once

#include "sys/sys.hpp"

#include <atomic>
#include <memory>

namespace accel::core::softdev {

/// One T for each process. A forked child does not touch the T of its parent: another thread of the parent may have
/// been changing it at the moment of the fork, and the lock that this thread held is never released in the child.
template <class T>
class PerProcess {
public:
	/// The T of this process, which the first call makes. ENOMEM by exception. Any thread.
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

	/// The T of this process; null if there is none yet.
	T *find()
	{
		Instance *newest = newest_.load(std::memory_order_acquire);

		return newest && newest->generation == sys::process_generation() ? &newest->value :
										   nullptr;
	}

private:
	/* Never destroyed: programs use the library in destructors of static objects, which may run last. */
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
