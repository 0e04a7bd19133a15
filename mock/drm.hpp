// SPDX-License-Identifier: MIT
// An open file of a DRM node: decodes ioctls as the kernel's drm_ioctl() does.
#pragma once

#include "mock/device.hpp"

namespace accel::core::mock {

class DrmFile : public MockFile {
public:
	/// Copies the structure in up to the size in the program's request number, and zeros the rest. Copies it out up
	/// to that size, also if the call failed.
	int ioctl(unsigned long request, void *argument) override;

protected:
	/// Returns the driver's ioctl of this number, or 0. It contains the size and the direction that the driver was
	/// compiled with.
	virtual unsigned long known(unsigned number) const = 0;
	/// Executes it on the kernel's copy of the structure.
	virtual int serve(unsigned number, void *copy) = 0;
};

} // namespace accel::core::mock
