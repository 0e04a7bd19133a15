// SPDX-License-Identifier: MIT
// The end of the process: no worker may run any more when the engines' own static objects are destroyed.
//
// What is registered last runs first at exit(). oneDNN makes static objects at its first multiplication of a
// type, compiled code among them, and they are destroyed before what was registered earlier runs. So they are
// made on purpose before the first such work, and the stop of all workers is registered again behind them.
// While that is under way, no thread that ever made a call here gets into exit(): thread-local objects are
// destroyed before everything else.
#pragma once

#include "soft/engine/engine.hpp"

namespace accel::core::softdev {

/// Before the first worker starts: have all of them stopped when the process exits. Any number of times.
void prepare_exit();
/// Before a multiplication of @type; takes some 20 ms at the first one and nothing later.
void prepare_exit_after(engine::Multiplier &multiplier, engine::DType type);
/// For every thread that makes calls: when it ends, or exits the process, it waits for prepare_exit_after().
void hold_exit_of_this_thread();
/// For fork(): waits for who prepares, and keeps others from it until released: a child could never go on
/// with what is half made there. In the child nothing is held.
void hold_preparations();
void release_preparations();

} // namespace accel::core::softdev
