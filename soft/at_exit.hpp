// SPDX-License-Identifier: MIT
// The end of the process: no worker may run any more when the engines' own static objects are destroyed.
#pragma once

#include "soft/engine/engine.hpp"

namespace accel::softdev {

/// Before the first worker starts: have all of them stopped when the process exits. Any number of times.
void prepare_exit();
/// Before a multiplication: the library below makes static objects at its first one, which will be destroyed
/// before what was registered earlier runs; so this makes them now, and registers again.
void prepare_exit_after(engine::Multiplier &multiplier);

} // namespace accel::softdev
