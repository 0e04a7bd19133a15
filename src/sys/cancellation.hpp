// SPDX-License-Identifier: MIT
// Keeps pthread_cancel() out of the library.
#pragma once

#include <pthread.h>

namespace accel::core::sys {

/// While it lives, a request to cancel this thread stays pending. Cancellation unwinds the stack from within a system
/// call, which a function that may not throw turns into the end of the process.
class NoCancellation {
public:
	NoCancellation() noexcept { pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before_); }
	~NoCancellation()
	{
		int mine;

		pthread_setcancelstate(before_, &mine);
	}
	NoCancellation(const NoCancellation &) = delete;
	NoCancellation &operator=(const NoCancellation &) = delete;

private:
	int before_;
};

} // namespace accel::core::sys
