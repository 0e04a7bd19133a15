// SPDX-License-Identifier: MIT
// The C interface: the device list, opening, query, messages.
#include "capi/boundary.hpp"
#include "capi/device_info.hpp"
#include "capi/handles.hpp"
#include "capi/providers.hpp"
#include "core/sized.hpp"
#include "sys/sys.hpp"

using namespace accel::core;
using namespace accel::core::capi;

struct accel_device_list {
	std::vector<FoundDevice> devices;
	std::vector<accel_device_info> infos;
};

namespace {

constexpr Operation kList{ACCEL_OBJECT_DEVICE, 0};
constexpr Operation kQuery{ACCEL_OBJECT_DEVICE, ACCEL_DEVICE_QUERY};

} // namespace

int accel_device_list_get(accel_device_list **list, accel_error *error)
{
	return run(kList, error, {{"list", list}}, [&]() -> Result<void> {
		auto kernel = kernel_source->devices();

		if (!kernel)
			return std::unexpected(kernel.error());
		auto made = std::make_unique<accel_device_list>();
		made->devices = DeviceFinder::all(providers(), std::move(*kernel));
		std::erase_if(made->devices,
			      [](const FoundDevice &found) { return !found.entry.listed; });
		for (const FoundDevice &found : made->devices)
			made->infos.push_back(info_of(found.entry));
		*list = made.release();
		return {};
	});
}

size_t accel_device_list_count(const accel_device_list *list)
{
	return list ? list->infos.size() : 0;
}

const accel_device_info *accel_device_list_at(const accel_device_list *list, size_t index)
{
	return index < accel_device_list_count(list) ? &list->infos[index] : nullptr;
}

void accel_device_list_free(accel_device_list *list)
{
	delete list;
}

int accel_device_open(const char *name, accel_device **device, accel_error *error)
{
	return run(kList, error, {{"name", name}, {"device", device}}, [&]() -> Result<void> {
		auto found = find_device(providers(), name, *kernel_source);

		if (!found)
			return std::unexpected(found.error());
		return put(device, Device::open(*found->provider, found->entry));
	});
}

void accel_device_close(accel_device *device)
{
	sys::NoCancellation whole;

	if (!device)
		return;
	object(device)->close();
	object(device)->unref();
}

const char *accel_device_name(const accel_device *device)
{
	return device ? object(device)->name().c_str() : nullptr;
}

const char *accel_device_provider(const accel_device *device)
{
	return device ? object(device)->provider() : nullptr;
}

int accel_device_query(accel_device *device, accel_device_caps *caps, accel_error *error)
{
	return run(kQuery, error, {{"device", device}, {"caps", caps}}, [&] {
		return put_answer(caps, "accel_device_caps", [&] {
			return object(device)->use([](Backend &b) { return b.device_query(); });
		});
	});
}

int accel_device_fd(accel_device *device)
{
	return device ? object(device)->fd() : -1;
}

int accel_device_ioctl(accel_device *device, unsigned long request, void *argument)
{
	sys::NoCancellation whole;

	if (!device)
		return -EFAULT;
	auto r = object(device)->use([=](Backend &backend) -> Result<int> {
		const int fd = backend.fd();

		/* Only the errno reaches the caller, not the text. */
		if (fd < 0)
			return fail(EOPNOTSUPP, ACCEL_REASON_UNSUPPORTED, "the device has no file");
		return sys::ioctl(fd, request, argument);
	});

	return r ? *r : r.error().code;
}

int accel_device_call(accel_device *device, accel_call *call)
{
	sys::NoCancellation whole;

	if (!device || !call)
		return -EFAULT;
	return object(device)->call(*call);
}

int accel_device_trace(accel_device *device, accel_trace_fn fn, void *context)
{
	return run(kList, nullptr, {{"device", device}}, [&] {
		return object(device)->use([=](Backend &b) { return b.trace(fn, context); });
	});
}
