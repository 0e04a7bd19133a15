// SPDX-License-Identifier: MIT
// The soft accelerator: the attribute uABI served inside the process by libaccel-soft.so.
#pragma once

#include "core/provider.hpp"

namespace accel::core::soft {

class SoftProvider final : public Provider {
public:
	const char *name() const override { return "soft"; }
	const char *tested() const override { return "soft"; }
	void discover(Discovery &discovery) const override;
	Result<std::unique_ptr<Backend>> open(const DeviceEntry &device) const override;
};

inline constexpr SoftProvider kProvider;

} // namespace accel::core::soft
