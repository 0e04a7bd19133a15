// SPDX-License-Identifier: MIT
// Runs a function in a child process that can neither end nor block the caller.
#pragma once

#include <functional>
#include <string>

namespace accel::conform {

enum class Outcome { passed, failed, skipped };

struct Verdict {
	Outcome outcome;
	std::string text; ///< the cause of a failure or a skip
	double seconds;
};

/// Runs @work in a child. The child has failed if @work throws Failed or any other exception, if a signal ends it, if
/// it exits itself, or if it takes longer than @timeout_s; it is skipped if @work throws Skipped. Kills all processes
/// that the child leaves. Only for a process with one thread.
Verdict run_apart(const std::function<void()> &work, unsigned timeout_s);

/// For obligations about fork: runs @work in a child of the calling process and waits at most @timeout_s; the caller
/// may have threads. The child ends by _exit(), or with @normal_exit by exit() with all its handlers; then the exit
/// status is ignored, because leak checkers set it. Throws the Failed or Skipped of the child in the caller.
void in_child(const std::function<void()> &work, unsigned timeout_s = 40, bool normal_exit = false);

/// Skips an obligation whose in_child() makes the device start threads under a sanitizer that does not support it.
/// ThreadSanitizer takes a child's threads for those that its parent had at the same addresses, and ends the child.
/// gcc's AddressSanitizer leaves its own locks locked in a child if another thread held them at fork().
void need_threads_in_child();

} // namespace accel::conform
