// SPDX-License-Identifier: MIT
// Discovery and opening of work queues.
#include "providers/idxd/idxd.hpp"

#include "providers/idxd/backend.hpp"
#include "sys/sys.hpp"

#include <fcntl.h>

namespace accel::core::idxd {

void IdxdProvider::discover(Discovery &discovery) const
{
	for (const KernelDevice &device : discovery.kernel()) {
		if (device.subsystem != "dsa" || device.driver != "idxd")
			continue;
		discovery.claim(device, device.name.starts_with("iax/") ?
						"IAX: compression and analytics of memory" :
						"DSA: copies, fills, compares and checks memory");
	}
}

Result<std::unique_ptr<Backend>> IdxdProvider::open(const DeviceEntry &device) const
{
	auto limits = read_limits(device.kernel.syspath, device.kernel.name);

	if (!limits)
		return std::unexpected(limits.error());
	const int fd = sys::open(device.path.c_str(), O_RDWR);

	if (fd == -EBUSY)
		return fail(EBUSY, ACCEL_REASON_IN_USE,
			    "%.40s is a dedicated work queue that another file has open; wait, or "
			    "use a shared one",
			    device.path.c_str());
	if (fd == -EOPNOTSUPP)
		return fail(EOPNOTSUPP, ACCEL_REASON_UNSUPPORTED,
			    "the kernel cannot share addresses with the device; boot with "
			    "intel_iommu=on,sm_on");
	if (fd < 0)
		return fail_call("opening the work queue", fd);
	try {
		return std::make_unique<IdxdBackend>(std::move(*limits), device.kernel.name, fd);
	} catch (...) {
		sys::close(fd);
		throw;
	}
}

} // namespace accel::core::idxd
