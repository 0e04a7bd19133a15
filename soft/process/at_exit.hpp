// SPDX-License-Identifier: MIT
// Process exit: all workers must be stopped before the static objects of the engines' libraries are destroyed.
//
// exit() runs handlers in reverse order of registration. oneDNN creates static objects, including compiled code, at its
// first multiplication of a type, and exit() destroys them before it runs handlers registered earlier. Therefore these
// objects are created before the first multiplication of a client, and the handler that stops all workers is registered
// again after them. During this preparation no other thread that called the library can run the handlers of exit(): its
// thread-local objects are destroyed first, and the destructor of one of them waits for the preparation.
#pragma once

#include "soft/engine/engine.hpp"

namespace accel::core::softdev {

/// Makes exit() call @stop, which stops all workers. Call before the first worker starts; later calls do nothing.
void stop_at_exit(void (*stop)());
/// Prepares multiplications of @type; the first call for a type takes about 20 ms, later ones no time.
void prepare_exit_after(engine::Multiplier &multiplier, engine::DType type);
/// Called by every thread that calls the library: when it ends or calls exit(), it waits for prepare_exit_after().
void hold_exit_of_this_thread();

} // namespace accel::core::softdev
