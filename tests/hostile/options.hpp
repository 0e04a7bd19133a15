// SPDX-License-Identifier: MIT
// The length of a random test, from the environment, and random choices.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <random>

namespace accel::hostile {

inline std::uint64_t from_environment(const char *name, std::uint64_t otherwise)
{
	const char *text = getenv(name);

	return text ? strtoull(text, nullptr, 0) : otherwise;
}

using Random = std::mt19937_64;

/// Returns a number from 0 to @n - 1.
inline std::uint64_t below(Random &random, std::uint64_t n)
{
	return random() % n;
}

inline bool one_in(Random &random, std::uint64_t n)
{
	return random() % n == 0;
}

template <class T, std::size_t n>
T any_of(Random &random, const T (&values)[n])
{
	return values[below(random, n)];
}

} // namespace accel::hostile
