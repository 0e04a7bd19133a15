// SPDX-License-Identifier: MIT
// Streams: the state of one decompression that goes over many descriptors.
#pragma once

#include "soft/engine/engine.hpp"
#include "soft/object.hpp"

#include <uapi/accel/soft.h>

namespace accel::core::softdev {

/// Whoever has pinned its place in the object table (a worker, or the call that resets or destroys it) has the
/// state to itself.
class Stream final : public Object {
public:
	Stream() : Object(ACCEL_SOFT_OBJECT_STREAM) {}

	engine::Inflate inflate;
};

} // namespace accel::core::softdev
