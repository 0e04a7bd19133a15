// SPDX-License-Identifier: MIT
// The one exported function, and the functions of its table. No exception leaves them.
#include "soft/entry.h"

#include "soft/device/devices.hpp"
#include "soft/objects/region.hpp"
#include "soft/process/at_exit.hpp"
#include "soft/service/file.hpp"
#include "soft/service/service.hpp"

#include <new>

namespace {

using namespace accel::core::softdev;

File *file_of(accel_soft_file *file)
{
	return reinterpret_cast<File *>(file);
}

/* Runs @work as one call; an exception becomes -ENOMEM. */
template <class Work>
int guarded(Work work)
{
	hold_exit_of_this_thread();

	try {
		return work();
	} catch (const std::bad_alloc &) {
		return -ENOMEM;
	}
}

unsigned devices()
{
	return kDevices;
}

const char *describe(unsigned index)
{
	return index < kDevices ?
		       "soft accelerator: worker threads of this process (ISA-L, oneDNN)" :
		       nullptr;
}

int open_file(unsigned index, accel_soft_file **file)
{
	if (!file)
		return -EFAULT;
	return guarded([&] {
		File *opened;
		int r = File::open(index, &opened);

		if (r == 0)
			*file = reinterpret_cast<accel_soft_file *>(opened);
		return r;
	});
}

int map(accel_soft_file *file, uint64_t offset, uint64_t length, void **address)
{
	if (!file)
		return -EBADF;
	if (!address)
		return -EFAULT;
	return guarded([&] { return file_of(file)->map(offset, length, address); });
}

int unmap(accel_soft_file *, void *address, uint64_t length)
{
	return guarded([&] { return unmap_region(address, length); });
}

void inline_path(void *address, accel_soft_inline_path *out)
{
	const SubmitHook *hook = submit_hook_of(address);

	*out = {};
	if (hook)
		*out = {hook->submit, hook->context.get()};
}

void close_file(accel_soft_file *file)
{
	if (!file)
		return;
	guarded([&] {
		File::close(file_of(file));
		return 0;
	});
}

constexpr accel_soft_functions kFunctions = {
	.size = sizeof(accel_soft_functions),
	.reserved = 0,
	.devices = devices,
	.describe = describe,
	.open = open_file,
	.call = Service::call,
	.map = map,
	.unmap = unmap,
	.inline_path = inline_path,
	.close = close_file,
};

} // namespace

const accel_soft_functions *accel_soft_entry()
{
	return &kFunctions;
}
