// SPDX-License-Identifier: MIT
// Counts threads and file descriptors of the process. Depends on no library, so that every test can use it.
#pragma once

#include <charconv>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>

namespace accel::core::test {

/// Number of open file descriptors, including the one that reads the directory.
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
	/* The name is in parentheses and may contain any character. */
	size_t at = text.rfind(')');

	for (int i = 0; i <= kFlags && at != std::string::npos; i++)
		at = text.find(' ', at + 1);
	unsigned long flags = kExiting; // if the thread no longer exists
	if (at != std::string::npos)
		std::from_chars(text.data() + at + 1, text.data() + text.size(), flags);
	return flags & kExiting;
}

/// Number of threads of this process. A joined thread remains in the kernel's list for an unbounded time; it is not
/// counted.
inline size_t threads()
{
	size_t n = 0;

	for (const auto &task : std::filesystem::directory_iterator("/proc/self/task"))
		n += !is_ending(task.path());
	return n;
}

/// threads(), including the thread that a sanitizer starts with the first thread of a program: the value at the start
/// of a test.
inline size_t threads_at_rest()
{
	std::thread([] {}).join();
	return threads();
}

} // namespace accel::core::test
