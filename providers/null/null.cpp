// SPDX-License-Identifier: MIT
// The null device: it can be opened and queried, and supports no other operation.
#include "providers/null/null.hpp"

#include <cstring>

namespace accel::core::null {

namespace {

class NullBackend final : public Backend {
public:
	NullBackend() : Backend("the null device does no work; soft0 does") {}

	Result<accel_device_caps> device_query() override
	{
		accel_device_caps caps{.size = sizeof(caps)};

		strcpy(caps.driver, "null");
		strcpy(caps.model, "null device");
		caps.given = ACCEL_DEVICE_CAPS_GIVEN_DRIVER | ACCEL_DEVICE_CAPS_GIVEN_MODEL |
			     ACCEL_DEVICE_CAPS_GIVEN_FEATURES;
		return caps;
	}
};

} // namespace

void NullProvider::discover(Discovery &discovery) const
{
	DeviceEntry entry;

	entry.name = "null0";
	entry.description = "does no work: a template for providers, and for tests";
	entry.listed = false; // programs choose from the list; this device does no work
	discovery.add(std::move(entry));
}

Result<std::unique_ptr<Backend>> NullProvider::open(const DeviceEntry &) const
{
	return std::make_unique<NullBackend>();
}

} // namespace accel::core::null
