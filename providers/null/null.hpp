// SPDX-License-Identifier: MIT
// The null device: an empty provider. Copy this folder to start a new one.
#pragma once

#include "core/provider.hpp"

namespace accel::core::null {

class NullProvider final : public Provider {
public:
	const char *name() const override { return "null"; }
	const char *tested() const override { return "soft"; }
	void discover(Discovery &discovery) const override;
	Result<std::unique_ptr<Backend>> open(const DeviceEntry &device) const override;
};

inline constexpr NullProvider kProvider;

} // namespace accel::core::null
