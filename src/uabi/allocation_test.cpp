// SPDX-License-Identifier: MIT
// Proves that a call and its decoding allocate nothing.
#include "uabi/decode.hpp"
#include "uabi/message.hpp"
#include "uabi/parse.hpp"

#include <accel/uabi/soft_client.hpp>
#include <accel/uabi/soft_policy.hpp>
#include <cstdlib>
#include <gtest/gtest.h>
#include <new>

namespace {
thread_local unsigned long allocations;
} // namespace

void *operator new(size_t bytes)
{
	++allocations;
	if (void *made = std::malloc(bytes ? bytes : 1))
		return made;
	throw std::bad_alloc();
}
void operator delete(void *memory) noexcept
{
	std::free(memory);
}
void operator delete(void *memory, size_t) noexcept
{
	std::free(memory);
}

namespace accel::uabi {
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
	// The counter does count.
	const unsigned long now = allocations;
	void *volatile made = operator new(8);
	operator delete(made);
	EXPECT_EQ(allocations, now + 1);
}

} // namespace
} // namespace accel::uabi
