// SPDX-License-Identifier: MIT
// The library's view of a mock kernel: its nodes are what the device list, accel_device_open() and watches see.
#pragma once

#include "mock/kernel.hpp"

#include "core/kernel_source.hpp"

namespace accel::core::mock {

/// Presents the nodes of a mock kernel, and nothing of the real machine, while it lives. One at a time; it is made and
/// destroyed while nothing else runs, and the kernel outlives it.
class Machine {
public:
	explicit Machine(MockKernel &kernel);
	~Machine();
	Machine(const Machine &) = delete;
	Machine &operator=(const Machine &) = delete;

private:
	const KernelSource *previous_;
};

/// What udev and sysfs would say of @node; its files below the syspath are read through sys::.
KernelDevice describe(const NodeInfo &node);

} // namespace accel::core::mock
