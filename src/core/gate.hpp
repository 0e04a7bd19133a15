// SPDX-License-Identifier: MIT
// Admits calls until it is shut; the thread that shuts it waits for the calls inside.
#pragma once

#include "sys/sys.hpp"

#include <climits>
#include <cstdint>

namespace accel::core {

/// One word holds the number of calls inside and the bit "shut". A thread in enter() adds 1 and reads the bit in one
/// read-modify-write; a thread in shut() sets the bit and reads the number in another. Excluded: the first enters and
/// the second does not wait for it. Either enter() is later and sees the bit, or shut() is later and sees the number.
class Gate {
public:
	/// False: it is shut, and the caller is not inside.
	bool enter() noexcept
	{
		if (!(__atomic_fetch_add(&word_, 1, __ATOMIC_ACQUIRE) & kShut)) [[likely]]
			return true;
		leave();
		return false;
	}

	void leave() noexcept
	{
		if (__atomic_sub_fetch(&word_, 1, __ATOMIC_RELEASE) == kShut) [[unlikely]]
			sys::futex_wake(&word_, INT_MAX);
	}

	bool is_shut() const noexcept { return __atomic_load_n(&word_, __ATOMIC_ACQUIRE) & kShut; }

	/// No call is inside when this returns, and none enters afterwards. Any number of times, by any thread that
	/// is not inside.
	void shut() noexcept
	{
		uint32_t seen = __atomic_or_fetch(&word_, kShut, __ATOMIC_ACQ_REL);

		for (; seen != kShut; seen = __atomic_load_n(&word_, __ATOMIC_ACQUIRE))
			sys::futex_wait(&word_, seen, UINT64_MAX);
	}

private:
	static constexpr uint32_t kShut = 1u << 31;

	/* A cache line of its own: two queues of one device share none. */
	alignas(64) uint32_t word_ = 0;
};

} // namespace accel::core
