// SPDX-License-Identifier: MIT
// Counts the calls, and makes selected calls fail.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <mutex>
#include <vector>

namespace accel::core::mock {

/// The calls of sys::Calls.
enum class Call {
	open,
	close,
	ioctl,
	mmap,
	munmap,
	madvise,
	futex_wait,
	futex_wake,
	membarrier,
	eventfd,
	memfd_create,
	ftruncate,
	fstat,
	dup,
	add_seals,
	get_seals,
	read,
	write,
	pwrite,
	read_memory,
	poll,
	access,
	thread_create,
	store64,
	kinds
};

/// Thread-safe. Calls of several threads are numbered in the order in which they enter.
class Account {
public:
	/// The n-th call of this kind from now on fails with -error; 1 is the next one. It has no effect, except
	/// close(), which closes the descriptor as in the kernel.
	void fail(Call kind, uint64_t nth, int error);
	/// The n-th ioctl with this number.
	void fail_ioctl(unsigned long request, uint64_t nth, int error);
	/// Cancels the failures that have not happened yet.
	void clear();

	/// Counts a call. Returns 0, or -errno if it must fail.
	int enter(Call kind, unsigned long request = 0);

	uint64_t count(Call kind) const;
	uint64_t count_ioctl(unsigned long request) const;
	/// The number of calls that were made to fail.
	uint64_t failed() const;
	void reset_counts();

private:
	struct Plan {
		Call kind;
		bool any_request;
		unsigned long request;
		uint64_t left;
		int error;
	};

	mutable std::mutex mutex_;
	std::array<uint64_t, static_cast<size_t>(Call::kinds)> counts_{};
	std::map<unsigned long, uint64_t> ioctls_;
	std::vector<Plan> plans_;
	uint64_t failed_ = 0;
};

} // namespace accel::core::mock
