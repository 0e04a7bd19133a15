// SPDX-License-Identifier: MIT
// Lets calls in until it is shut, and lets the one that shuts it wait for those inside.
#pragma once

#include "sys/sys.hpp"

#include <climits>
#include <cstdint>

namespace accel::core {

/// A count of the calls inside and one bit that says "shut", in one word. A caller adds itself and looks at the bit in
/// one read-modify-write; shut() sets the bit in another. These have one order: either the caller comes later and
/// sees the bit, so that it turns back, or it comes earlier and shut() sees its count, so that it waits.
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

	/// No call is inside when this returns, and none gets in any more. Any number of times, by any thread that
	/// is not inside.
	void shut() noexcept
	{
		uint32_t seen = __atomic_or_fetch(&word_, kShut, __ATOMIC_ACQ_REL);

		for (; seen != kShut; seen = __atomic_load_n(&word_, __ATOMIC_ACQUIRE))
			sys::futex_wait(&word_, seen, UINT64_MAX);
	}

private:
	static constexpr uint32_t kShut = 1u << 31;

	alignas(64) uint32_t word_ = 0; // a line of its own: two queues of one device share nothing
};

} // namespace accel::core
