// SPDX-License-Identifier: MIT
// Discovery and opening of qaic cards.
#include "providers/qaic/qaic.hpp"

#include "providers/qaic/backend.hpp"
#include "sys/sys.hpp"

#include <fcntl.h>

namespace accel::core::qaic {

namespace {

const char *model_of(const KernelDevice &device)
{
	return device.pci_device == 0xa080 ? "Cloud AI 80" :
	       device.pci_device == 0xa100 ? "Cloud AI 100" :
	       device.pci_device == 0xa110 ? "Cloud AI 200" :
					     "Cloud AI";
}

} // namespace

void QaicProvider::discover(Discovery &discovery) const
{
	for (const KernelDevice &device : discovery.kernel())
		if (device.subsystem == "accel" && device.driver == "qaic")
			discovery.claim(device, std::string("Qualcomm ") + model_of(device));
}

Result<std::unique_ptr<Backend>> QaicProvider::open(const DeviceEntry &device) const
{
	const int fd = sys::open(device.path.c_str(), O_RDWR);

	if (fd == -ENODEV)
		return fail(ENODEV, ACCEL_REASON_NO_DEVICE,
			    "%.32s is not online: it is starting, in a reset, or removed; see the "
			    "kernel log (dmesg)",
			    device.path.c_str());
	if (fd < 0)
		return fail_call(("opening " + device.path).c_str(), fd);
	/* The backend owns the file only after it was created. */
	try {
		return std::make_unique<QaicBackend>(fd, model_of(device.kernel));
	} catch (...) {
		sys::close(fd);
		throw;
	}
}

} // namespace accel::core::qaic
