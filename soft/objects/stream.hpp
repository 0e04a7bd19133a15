// SPDX-License-Identifier: MIT
// Streams: the state of a decompression that spans several descriptors.
#pragma once

#include "soft/engine/engine.hpp"
#include "soft/objects/object.hpp"

#include <uapi/accel/soft.h>

namespace accel::core::softdev {

/// The thread that has pinned the place in the object table (a worker, or the call that resets or destroys the stream)
/// has exclusive access.
class Stream final : public Object {
public:
	Stream() : Object(ACCEL_SOFT_OBJECT_STREAM) {}

	engine::Inflate inflate;
};

} // namespace accel::core::softdev
