// SPDX-License-Identifier: MIT
// The kinds of queues that the tests of queues compare.
#pragma once

#include "soft/tests/test_client.hpp"

#include <cstdint>
#include <optional>
#include <ostream>
#include <string>

namespace accel::core::softdev::test {

inline constexpr uint8_t kGood = ACCEL_RING_STATUS_SUCCESS, kCanceled = ACCEL_RING_STATUS_CANCELED;

/// Each kind of queue: one or several producers, completions by counter or by phase, one worker or four.
struct Way {
	const char *name;
	uint64_t flags;
	uint32_t parallel;
	std::optional<uint32_t> inline_limit = {};

	friend void PrintTo(const Way &way, std::ostream *out) { *out << way.name; }
};

class Queues : public testing::TestWithParam<Way> {
protected:
	QueueOptions options(uint64_t flags = 0) const
	{
		return {.flags = GetParam().flags | flags,
			.parallel = GetParam().parallel,
			.inline_limit = GetParam().inline_limit};
	}
	bool parallel() const { return GetParam().parallel > 1; }

	Client client_;
	uint64_t space_ = (client_.set_workers(4), client_.shared());
};

inline constexpr uint64_t kPhase = ACCEL_QUEUE_FLAGS_STATUS_PHASE,
			  kMany = ACCEL_QUEUE_FLAGS_MULTI_PRODUCER;
inline const auto kOneProducer = testing::Values(
	Way{"plain", 0, 0}, Way{"phase", kPhase, 0}, Way{"worker", 0, 0, 0},
	Way{"worker_phase", kPhase, 0, 0}, Way{"parallel", 0, 4}, Way{"parallel_phase", kPhase, 4});
inline const auto kManyProducers =
	testing::Values(Way{"producers", kMany, 0}, Way{"producers_phase", kMany | kPhase, 0},
			Way{"parallel_producers", kMany, 3});

inline std::string name_of(const testing::TestParamInfo<Way> &way)
{
	return way.param.name;
}

} // namespace accel::core::softdev::test
