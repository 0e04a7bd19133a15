// SPDX-License-Identifier: MIT
// The devices of the process: made when first opened, anew in a forked child, stopped when the process exits.
#include "soft/at_exit.hpp"
#include "soft/device.hpp"
#include "sys/sys.hpp"

#include <cstdlib>

namespace accel::softdev {

namespace {

struct Slot {
	Device *device;
	uint64_t generation; // of the process that made it
};

/* No destructors: what is to happen at exit is said below. */
Slot slots[Device::kCount];
constinit std::mutex slots_mutex;

void stop_all_devices()
{
	Device::stop_all();
}

} // namespace

Device *Device::open(unsigned index)
{
	if (index >= kCount)
		return nullptr;

	std::lock_guard lock(slots_mutex);
	Slot &slot = slots[index];

	if (!slot.device || slot.generation != sys::process_generation()) {
		/* In a child the parent's device stays where it is: files that were inherited name it. */
		slot.device = new Device(slot.device);
		slot.generation = sys::process_generation();
	}
	std::lock_guard device_lock(slot.device->mutex_);
	slot.device->clients_++;
	return slot.device;
}

void Device::close()
{
	std::lock_guard lock(mutex_);

	clients_--;
}

void Device::stop_all()
{
	std::lock_guard lock(slots_mutex);

	for (Slot &slot : slots)
		if (slot.device && slot.generation == sys::process_generation())
			slot.device->stop();
}

void prepare_exit()
{
	static std::atomic<bool> done{false};

	if (!done.exchange(true))
		(void)std::atexit(stop_all_devices);
}

void prepare_exit_after(engine::Multiplier &multiplier)
{
	static std::atomic<bool> done{false};
	static const float one = 1;
	float product;

	if (done.load(std::memory_order_acquire)) [[likely]]
		return;
	(void)multiplier.run({.type = engine::DType::f32,
			      .m = 1,
			      .n = 1,
			      .k = 1,
			      .lda = 1,
			      .ldb = 1,
			      .ldc = 1,
			      .a = &one,
			      .b = &one,
			      .c = &product});
	if (!done.exchange(true))
		(void)std::atexit(stop_all_devices);
}

} // namespace accel::softdev
