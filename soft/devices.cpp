// SPDX-License-Identifier: MIT
// The devices of the process: made when first opened, anew in a forked child, stopped when the process exits.
#include "soft/device.hpp"
#include "sys/sys.hpp"

#include <mutex>

namespace accel::core::softdev {

namespace {

struct Slot {
	Device *device;
	uint64_t generation; // of the process that made it
};

/* No destructors: what is to happen at exit is said below. */
Slot slots[Device::kCount];
constinit std::mutex slots_mutex;

} // namespace

Device *Device::open(unsigned index)
{
	if (index >= kCount)
		return nullptr;

	std::lock_guard lock(slots_mutex);
	Slot &slot = slots[index];

	if (!slot.device || slot.generation != sys::process_generation()) {
		/* In a child the parent's device stays where it is: files that were inherited name it. */
		slot.device = new Device(index, slot.device);
		slot.generation = sys::process_generation();
	}
	std::lock_guard device_lock(slot.device->mutex_);
	slot.device->clients_++;
	return slot.device;
}

void Device::close()
{
	std::unique_ptr<CounterFile> last;
	{
		/* Both, so that who opens it meanwhile does not lose what he turns on. */
		std::scoped_lock lock(counters_mutex_, mutex_);

		if (--clients_)
			return;
		last = std::move(counters_);
	}
	end_counters(std::move(last));
}

void Device::stop_all()
{
	std::lock_guard lock(slots_mutex);

	for (Slot &slot : slots)
		if (slot.device && slot.generation == sys::process_generation())
			slot.device->stop();
}

} // namespace accel::core::softdev
