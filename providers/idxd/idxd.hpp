// SPDX-License-Identifier: MIT
// Work queues of Intel's DSA and IAX devices, through the kernel's idxd driver.
#pragma once

#include "core/provider.hpp"

namespace accel::core::idxd {

class IdxdProvider final : public Provider {
public:
	const char *name() const override { return "idxd"; }
	const char *tested() const override { return "mock"; }
	void discover(Discovery &discovery) const override;
	Result<std::unique_ptr<Backend>> open(const DeviceEntry &device) const override;
};

inline constexpr IdxdProvider kProvider;

} // namespace accel::core::idxd
