// SPDX-License-Identifier: MIT
// Run a function in a child process that can neither end nor hang the caller.
#pragma once

#include <functional>
#include <string>

namespace accel::conform {

enum class Outcome { passed, failed, skipped };

struct Verdict {
	Outcome outcome;
	std::string text; ///< why it failed or was skipped
	double seconds;
};

/// Run @work in a child: failed if it throws Failed or any other exception, is ended by a signal, leaves
/// with a status of its own, or takes longer than @timeout_s; skipped if it throws Skipped.
/// Whatever processes it left are ended. Only for a process with one thread.
Verdict run_apart(const std::function<void()> &work, unsigned timeout_s);

/// For obligations about fork: run @work in a child of the calling process and wait at most @timeout_s
/// for it; the caller may have threads. Ends the child with _exit(), unless @normal_exit asks for
/// exit() with all its handlers; then the exit status does not count, since leak checkers set it.
/// Failed and Skipped are thrown again in the caller.
void in_child(const std::function<void()> &work, unsigned timeout_s = 40, bool normal_exit = false);

/// Skip an obligation whose in_child() makes the device start threads where these cannot be: ThreadSanitizer
/// takes the threads of a child for those that its parent had at the same addresses, and ends the child;
/// gcc's AddressSanitizer leaves its own locks closed in a child if another thread had them at fork().
void need_threads_in_child();

} // namespace accel::conform
