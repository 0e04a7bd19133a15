// SPDX-License-Identifier: MIT
// Command channels.
#pragma once

#include "soft/objects/object.hpp"

namespace accel::core::softdev {

/// A channel holds only the widest scope of its commands. A kernel requires a capability for debug-full; here the
/// caller already controls the whole process.
class Command final : public Object {
public:
	explicit Command(uint32_t scope) : Object(ACCEL_OBJECT_COMMAND), scope_(scope) {}

	uint32_t scope() const { return scope_; }

private:
	const uint32_t scope_;
};

} // namespace accel::core::softdev
