// SPDX-License-Identifier: MIT
// The machine of the static library, which has no libudev: distributions have it as a shared library alone.
#include "base/failure.hpp"
#include "core/kernel_source.hpp"
#include "core/sysfs.hpp"

namespace accel::core {

namespace {

Result<std::unique_ptr<NodeMonitor>> watch()
{
	return fail(EOPNOTSUPP, ACCEL_REASON_UNSUPPORTED,
		    "the static library cannot receive device events; read the device list "
		    "periodically, or link the shared library");
}

} // namespace

const KernelSource kThisMachine = {.devices = sysfs_devices, .watch = watch};
const KernelSource *kernel_source = &kThisMachine;

} // namespace accel::core
