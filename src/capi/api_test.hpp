// SPDX-License-Identifier: MIT
// For tests of the public interface on soft0.
#pragma once

#include <accel/accel.hpp>
#include <cstdlib>
#include <gtest/gtest.h>
#include <utility>

namespace accel::test {

/// Returns the value of @result; aborts the test without one.
template <class T>
T must(Result<T> result)
{
	if (!result) {
		ADD_FAILURE() << result.error().name() << ": " << result.error().message();
		std::abort();
	}
	return std::move(*result);
}

class Api : public testing::Test {
protected:
	Device device_ = must(Device::open("soft0"));
	AddressSpace space_ = must(AddressSpace::create(device_, AddressMode::shared));
};

} // namespace accel::test
