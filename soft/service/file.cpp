// SPDX-License-Identifier: MIT
// One open file of a device.
#include "soft/service/file.hpp"

#include "soft/device/devices.hpp"
#include "sys/sys.hpp"

#include <atomic>
#include <new>
#include <uapi/accel/accel.h>
#include <uapi/accel/soft.h>

namespace accel::core::softdev {

File::File(Device &device) : device_(device), generation_(sys::process_generation()) {}

int File::open(unsigned index, File **file)
{
	Device *device = open_device(index);

	if (!device)
		return -ENODEV;
	*file = new (std::nothrow) File(*device);
	if (!*file) {
		device->close();
		return -ENOMEM;
	}
	return 0;
}

bool File::inherited() const
{
	return generation_ != sys::process_generation();
}

void File::close(File *file)
{
	static std::atomic<File *> closed;

	if (!file->inherited()) {
		delete file;
		return;
	}
	/* Another thread of the parent may have been changing the file at the fork, and its locks are never released
	 * in the child. The list keeps the file reachable for LeakSanitizer. */
	file->next_inherited_ = closed.load(std::memory_order_relaxed);
	while (!closed.compare_exchange_weak(file->next_inherited_, file, std::memory_order_release,
					     std::memory_order_relaxed))
		;
}

File::~File()
{
	/* Stop all queues before waiting for the first one. */
	uint32_t cursor = 0;
	while (auto queue = objects_.next(cursor, ACCEL_OBJECT_QUEUE))
		queue->begin_end();
	/* Objects that use others are destroyed first. */
	end_all(ACCEL_OBJECT_QUEUE);
	end_all(ACCEL_SOFT_OBJECT_STREAM);
	end_all(ACCEL_OBJECT_ADDRESS_SPACE);
	end_all(ACCEL_OBJECT_BUFFER);
	end_all(ACCEL_OBJECT_EVENT);
	end_all(ACCEL_OBJECT_COMMAND);
	device_.close();
}

void File::end_all(uint16_t type)
{
	uint32_t cursor = 0;

	while (auto object = objects_.take_next(cursor, type))
		object->end();
}

int File::map(uint64_t offset, uint64_t length, void **address)
{
	if (inherited())
		return -ESTALE;
	if (!length || offset % kPage)
		return -EINVAL;
	auto found = offsets_.find(offset, length);
	if (!found.region)
		return -EINVAL;
	return map_region(std::move(found.region), found.offset, length, address);
}

} // namespace accel::core::softdev
