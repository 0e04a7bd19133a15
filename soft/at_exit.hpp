// SPDX-License-Identifier: MIT
// The end of the process: no worker may run any more when the engines' own static objects are destroyed.
//
// exit() runs what was registered last first. oneDNN creates static objects at its first multiplication of a type,
// compiled code among them, and exit() destroys them before it runs what was registered earlier. So these objects are
// created on purpose before the first such work, and the stop of all workers is registered again after them. While that
// is under way, no thread that ever made a call here enters exit(): its thread-local objects are destroyed first, and
// the destructor of one of them waits.
#pragma once

#include "soft/engine/engine.hpp"

namespace accel::core::softdev {

/// Registers the stop of all workers at exit(). To be called before the first worker starts; later calls do nothing.
void prepare_exit();
/// Prepares a multiplication of @type; takes some 20 ms at the first one and nothing later.
void prepare_exit_after(engine::Multiplier &multiplier, engine::DType type);
/// For every thread that makes calls: when it ends, or exits the process, it waits for prepare_exit_after().
void hold_exit_of_this_thread();

} // namespace accel::core::softdev
