// SPDX-License-Identifier: MIT
// An open file of a DRM node: decodes ioctls as the kernel's drm_ioctl() does.
#pragma once

#include "mock/device.hpp"

namespace accel::core::mock {

class DrmFile : public MockFile {
public:
	/// The structure is copied in as far as the program's number says, the rest is zero; it is
	/// copied back as far as that number says, also if the call failed.
	int ioctl(unsigned long request, void *argument) override;

protected:
	/// The ioctl that the driver has at this number, or 0. The size and the direction in it are those
	/// that the driver was built with.
	virtual unsigned long known(unsigned number) const = 0;
	/// Serves it on the kernel's copy of the structure.
	virtual int serve(unsigned number, void *copy) = 0;
};

} // namespace accel::core::mock
