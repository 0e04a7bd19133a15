// SPDX-License-Identifier: MIT
// The library's view of a mock kernel: its nodes appear in the device list, in accel_device_open() and in watches.
#pragma once

#include "mock/kernel.hpp"

#include "core/kernel_source.hpp"

namespace accel::core::mock {

/// Presents the nodes of a mock kernel, and nothing of the real machine, while it exists. At most one may exist; create
/// and destroy it while no other thread runs. The kernel must outlive it.
class Machine {
public:
	explicit Machine(MockKernel &kernel);
	~Machine();
	Machine(const Machine &) = delete;
	Machine &operator=(const Machine &) = delete;

private:
	const KernelSource *previous_;
};

/// The properties of @node as udev and sysfs report them; its files below the syspath are read through sys::.
KernelDevice describe(const NodeInfo &node);

} // namespace accel::core::mock
