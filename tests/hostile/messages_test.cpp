// SPDX-License-Identifier: MIT
// Sends mutated messages to soft0 and null0 through libaccel, with and without tracing. The process must survive, each
// refusal must have its error record, and soft0 must still serve an honest queue.
//
// Addresses in a message are used like arguments of a C function, so those that the server reads are null, wrap around,
// or point to memory that ends at an inaccessible page, where an access beyond the stated length ends the process. Only
// messages that are refused before their attributes are read have addresses that cannot be accessed.
//
// ACCEL_MESSAGES sets the number of messages, ACCEL_SEED repeats a run.
#include "hostile/memory.hpp"
#include "hostile/message_maker.hpp"
#include "hostile/options.hpp"
#include "support/seed.hpp"

#include <accel/accel.hpp>
#include <accel/soft.hpp>
#include <gtest/gtest.h>

#include <cerrno>
#include <cstring>
#include <map>
#include <string>

namespace accel::hostile {
namespace {

constexpr std::uint64_t kPerDevice = 1000; // messages until the device is opened again

std::uint64_t traced;

/// The text of a traced call must be one line.
void check_trace(void *, const char *text)
{
	traced++;
	for (const char *at = text; *at; at++)
		if (static_cast<unsigned char>(*at) < ' ' || *at == 0x7f)
			std::abort();
}

/// One open device and the objects that its messages created.
class Victim {
public:
	Victim(Random &random, bool null)
		: device_(accel::Device::open(null ? "null0" : "soft0").value()), maker_(random)
	{
		if (!null && one_in(random, 2)) {
			EXPECT_EQ(device_.trace(check_trace, nullptr), 0);
		}
	}

	int send()
	{
		accel_call *call = maker_.next();
		const int result = accel_device_call(device_.get(), call);

		EXPECT_LE(result, 0);
		EXPECT_GT(result, -4096);
		maker_.check(result);
		return result;
	}

private:
	accel::Device device_;
	MessageMaker maker_;
};

/// A queue on soft0 that must always work.
class Honest {
public:
	void be_served()
	{
		std::uint64_t from = ++count_, to = 0;

		ASSERT_TRUE(
			queue_.submit(accel::soft::copy({&to, sizeof(to)}, {&from, sizeof(from)})));
		const auto done = queue_.wait_one(std::chrono::steady_clock::now() +
						  std::chrono::seconds(60));
		ASSERT_TRUE(done);
		/* A hostile client may have injected faults. */
		if (done->status != ACCEL_RING_STATUS_ENGINE_ERROR) {
			ASSERT_EQ(done->status, ACCEL_RING_STATUS_SUCCESS);
			ASSERT_EQ(to, count_);
		}
	}

private:
	accel::Device device_ = accel::Device::open("soft0").value();
	accel::AddressSpace space_ =
		accel::AddressSpace::create(device_, accel::AddressMode::shared).value();
	accel::Queue queue_ = accel::Queue::create(space_, {.entries = 8}).value();
	std::uint64_t count_ = 0;
};

TEST(Messages, MutatedOnesAreAnsweredAndHarmless)
{
	const std::uint64_t count = from_environment("ACCEL_MESSAGES", 50'000);
	std::map<int, std::uint64_t> results;
	Random random(support::seed());
	Honest honest;

	for (std::uint64_t sent = 0; sent < count && !HasFailure(); sent += kPerDevice) {
		Victim victim(random, one_in(random, 8));
		for (std::uint64_t i = 0; i < kPerDevice && !HasFailure(); i++)
			results[victim.send()]++;
		honest.be_served();
	}
	printf("%llu messages, %llu traced\n", static_cast<unsigned long long>(count),
	       static_cast<unsigned long long>(traced));
	for (const auto &[result, times] : results)
		printf("%10llu %s\n", static_cast<unsigned long long>(times),
		       result ? accel_errno_name(result) : "success");
	EXPECT_GT(results[0], count / 50);
	EXPECT_GE(results.size(), 10u) << "most kinds of errors should occur";
}

} // namespace
} // namespace accel::hostile
