// SPDX-License-Identifier: MIT
// Checks that a call and its decoding allocate nothing, and that a description handles each failed allocation.
#include "uabi/decode.hpp"
#include "uabi/describe.hpp"
#include "uabi/message.hpp"
#include "uabi/parse.hpp"

#include <accel/uabi/soft_client.hpp>
#include <accel/uabi/soft_policy.hpp>
#include <cstdlib>
#include <gtest/gtest.h>
#include <new>

namespace {
thread_local unsigned long allocations;
thread_local unsigned long failing; // number of the next allocation that fails; 0: none
} // namespace

// Not inlined: gcc would warn of a mismatched pair.
[[gnu::noinline]] void *operator new(size_t bytes)
{
	++allocations;
	if (failing && !--failing)
		throw std::bad_alloc();
	if (void *made = std::malloc(bytes ? bytes : 1))
		return made;
	throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void *memory) noexcept
{
	std::free(memory);
}
[[gnu::noinline]] void operator delete(void *memory, size_t) noexcept
{
	std::free(memory);
}

namespace accel::core::uabi {
namespace {

int serve(void *, accel_call *message)
{
	Call call;
	int result = call.parse(soft::kPolicy, {}, reinterpret_cast<uintptr_t>(message));

	if (!result) {
		accel_ring_layout layout = {};
		call.put(0, 1);
		call.put_structure(6, &layout, sizeof(layout));
	}
	return call.finish(result);
}

TEST(Allocation, NoneInACall)
{
	const unsigned long before = allocations;
	char text[512];
	int good, bad;
	{
		soft::QueueCreate message;
		CallTracer tracer;
		good = message.address_space(1).entries(64).deliver({serve, nullptr});
		tracer.before(&message.call(), {});
		bad = message.entries(3).flags(~0ull).deliver({serve, nullptr});
		tracer.after(soft::kPolicy, bad, text, sizeof(text));
	}
	const unsigned long after = allocations;
	EXPECT_EQ(after, before);
	EXPECT_EQ(good, 0);
	EXPECT_EQ(bad, -EINVAL);
	EXPECT_GT(std::strlen(text), 0u);
	// The counter works.
	const unsigned long now = allocations;
	void *volatile made = operator new(8);
	operator delete(made);
	EXPECT_EQ(allocations, now + 1);
}

TEST(Allocation, DescriptionWithoutMemory)
{
	unsigned long refusals = 0;
	int result = -ENOMEM;

	while (result == -ENOMEM) {
		Description description;
		const char *why = nullptr;
		failing = refusals + 1;
		result = description.parse(soft::kPolicy.description(), &why);
		failing = 0;
		if (result == -ENOMEM) {
			++refusals;
			EXPECT_NE(why, nullptr);
			EXPECT_TRUE(description.policy().entries.empty());
		}
	}
	EXPECT_EQ(result, 0);
	EXPECT_GE(refusals, 3u);
}

TEST(Allocation, TextFormWithoutMemory)
{
	unsigned long refusals = 0;
	int result = -ENOMEM;

	while (result == -ENOMEM) {
		std::string text;
		failing = refusals + 1;
		result = show_policy(soft::kPolicy, text);
		failing = 0;
		refusals += result == -ENOMEM;
	}
	EXPECT_EQ(result, 0);
	EXPECT_GE(refusals, 10u);
}

} // namespace
} // namespace accel::core::uabi
