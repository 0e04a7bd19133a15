// SPDX-License-Identifier: MIT
// Keeps fork() out of the middle of a call, so that a child finds every structure whole.
#pragma once

namespace accel::core::softdev {

/// Lives as long as one call. While any does, fork() waits in this process; while somebody forks, new
/// calls wait. Worker threads are no calls: what they change is never looked at in a child.
class CallGuard {
public:
	CallGuard() noexcept;
	~CallGuard();
	CallGuard(const CallGuard &) = delete;
	CallGuard &operator=(const CallGuard &) = delete;
};

/// Lets fork() in while a call waits for a worker, which can be long. The structures must be whole then.
class CallPause {
public:
	CallPause() noexcept;
	~CallPause();
	CallPause(const CallPause &) = delete;
	CallPause &operator=(const CallPause &) = delete;
};

} // namespace accel::core::softdev
