// SPDX-License-Identifier: MIT
// Qualcomm Cloud AI 100: cards of the kernel driver qaic.
#pragma once

#include "core/provider.hpp"

namespace accel::core::qaic {

class QaicProvider final : public Provider {
public:
	const char *name() const override { return "qaic"; }
	const char *tested() const override { return "mock"; }
	void discover(Discovery &discovery) const override;
	Result<std::unique_ptr<Backend>> open(const DeviceEntry &device) const override;
};

inline constexpr QaicProvider kProvider;

} // namespace accel::core::qaic
