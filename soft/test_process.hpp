// SPDX-License-Identifier: MIT
// What tests count of their own process. It needs nothing but the system, so that every test can use it.
#pragma once

#include <charconv>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>

namespace accel::core::test {

/// Descriptors open in this process; one more, the one that looks, each time.
inline size_t open_files()
{
	return static_cast<size_t>(
		std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {}));
}

/// Whether the kernel has begun to end the thread with this directory in /proc/self/task.
inline bool is_ending(const std::filesystem::path &task)
{
	constexpr unsigned long kExiting = 0x4; // PF_EXITING
	constexpr int kFlags = 6; // fields between the state and the flags of the thread
	std::ifstream file(task / "stat");
	std::string text{std::istreambuf_iterator<char>(file), {}};
	/* The name stands in parentheses and may hold anything. */
	size_t at = text.rfind(')');

	for (int i = 0; i <= kFlags && at != std::string::npos; i++)
		at = text.find(' ', at + 1);
	unsigned long flags = kExiting; // it is gone altogether
	if (at != std::string::npos)
		std::from_chars(text.data() + at + 1, text.data() + text.size(), flags);
	return flags & kExiting;
}

/// Threads of this process. One that was joined stays in the kernel's list for as long as it takes to end, which
/// no bound is known for; it is not counted.
inline size_t threads()
{
	size_t n = 0;

	for (const auto &task : std::filesystem::directory_iterator("/proc/self/task"))
		n += !is_ending(task.path());
	return n;
}

/// threads(), with the one among them that a sanitizer starts when it sees the first thread of a program: what a
/// test begins with.
inline size_t threads_at_rest()
{
	std::thread([] {}).join();
	return threads();
}

} // namespace accel::core::test
