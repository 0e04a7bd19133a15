// SPDX-License-Identifier: MIT
// The seed of random tests.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>

namespace accel::support {

/// Returns the seed of all random numbers of the program, and prints it. The environment variable ACCEL_SEED sets it.
inline uint64_t seed()
{
	const char *given = getenv("ACCEL_SEED");
	static const uint64_t value =
		given ? strtoull(given, nullptr, 0) : std::random_device{}() * uint64_t{1000003};

	printf("ACCEL_SEED=%llu\n", static_cast<unsigned long long>(value));
	fflush(stdout); // also seen if the program is killed
	return value;
}

} // namespace accel::support
