// SPDX-License-Identifier: MIT
// Disables pthread_cancel() inside the library.
#pragma once

#include <pthread.h>

namespace accel::core::sys {

/// While an object exists, a request to cancel this thread stays pending. Cancellation unwinds the stack from inside a
/// system call; in a noexcept function this terminates the process.
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
