// SPDX-License-Identifier: MIT
// Shared by the tests of the codec: a server that accepts everything, and memory that can fail.
#pragma once

#include "uabi/message.hpp"
#include "uabi/parse.hpp"

#include <cstring>
#include <functional>
#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace accel::core::uabi {

/// Serves messages under a policy with one handler for all methods.
class TestServer {
public:
	explicit TestServer(const Policy &policy) : policy_(&policy) {}

	Transport transport() { return {serve, this}; }

	int answer(uint64_t address)
	{
		Call call;
		int result = call.parse(*policy_, access, address);

		++calls;
		if (!result) {
			++accepted;
			result = handler ? handler(call) : 0;
		}
		return call.finish(result);
	}

	Access access;
	std::function<int(Call &)> handler;
	unsigned calls = 0;
	unsigned accepted = 0; // calls of the handler

private:
	static int serve(void *context, accel_call *message)
	{
		return static_cast<TestServer *>(context)->answer(
			reinterpret_cast<uintptr_t>(message));
	}

	const Policy *policy_;
};

/// Memory of a caller at addresses of its own; any other address is a fault. Can be changed between two reads, as a
/// hostile caller would do.
class TestMemory {
public:
	static constexpr uint64_t kBase = 0x100000;

	explicit TestMemory(size_t bytes) : bytes_(bytes) {}

	Access access() { return {read, write, this}; }

	template <class T>
	T &at(uint64_t offset)
	{
		return *reinterpret_cast<T *>(bytes_.data() + offset);
	}

	std::function<void(unsigned)> after_read; // gets the number of reads so far
	unsigned reads = 0;
	unsigned writes = 0;
	unsigned fail_write = 0; // this one fails, counted from 1

private:
	static bool inside(const TestMemory &memory, uint64_t address, size_t bytes)
	{
		return address >= kBase && bytes <= memory.bytes_.size() &&
		       address - kBase <= memory.bytes_.size() - bytes;
	}

	static int read(void *context, void *to, uint64_t from, size_t bytes)
	{
		auto &memory = *static_cast<TestMemory *>(context);

		if (!inside(memory, from, bytes))
			return -EFAULT;
		std::memcpy(to, memory.bytes_.data() + (from - kBase), bytes);
		++memory.reads;
		if (memory.after_read)
			memory.after_read(memory.reads);
		return 0;
	}

	static int write(void *context, uint64_t to, const void *from, size_t bytes)
	{
		auto &memory = *static_cast<TestMemory *>(context);

		if (!inside(memory, to, bytes) || ++memory.writes == memory.fail_write)
			return -EFAULT;
		std::memcpy(memory.bytes_.data() + (to - kBase), from, bytes);
		return 0;
	}

	std::vector<unsigned char> bytes_;
};

} // namespace accel::core::uabi
