// SPDX-License-Identifier: MIT
// Events of accelerator nodes, from libudev's monitor.
#include "base/failure.hpp"
#include "core/kernel_source.hpp"
#include "core/sysfs.hpp"
#include "sys/sys.hpp"

#include <cstring>
#include <libudev.h>
#include <memory>
#include <unistd.h>

namespace accel::core {

namespace {

template <class T, T *(*Unref)(T *)>
struct UdevUnref {
	void operator()(T *object) const { Unref(object); }
};
using Udev = std::unique_ptr<udev, UdevUnref<udev, udev_unref>>;
using UdevDevice = std::unique_ptr<udev_device, UdevUnref<udev_device, udev_device_unref>>;
using Monitor = std::unique_ptr<udev_monitor, UdevUnref<udev_monitor, udev_monitor_unref>>;

/* Size of the receive buffer: more unread events are an overflow. Any process may set it. */
constexpr int kBufferBytes = 1 << 20;

struct ActionName {
	const char *name;
	NodeAction action;
};
constexpr ActionName kActions[] = {
	{"add", NodeAction::add},
	{"remove", NodeAction::remove},
	{"online", NodeAction::online},
	{"offline", NodeAction::offline},
};

NodeAction action_of(udev_device *device)
{
	const char *name = udev_device_get_action(device);

	for (const ActionName &known : kActions)
		if (name && strcmp(name, known.name) == 0)
			return known.action;
	return NodeAction::change;
}

std::string text(const char *value)
{
	return value ? value : "";
}

/* The event of @device; nothing if @device is not an accelerator, or has no node. */
Result<std::optional<NodeEvent>> event_of(udev_device *device)
{
	const NodeAction action = action_of(device);
	KernelDevice known;

	known.subsystem = text(udev_device_get_subsystem(device));
	known.name = text(udev_device_get_sysname(device));
	known.node = text(udev_device_get_devnode(device));
	known.syspath = text(udev_device_get_syspath(device));
	if (known.node.empty() || !is_accelerator(known.subsystem, known.name))
		return std::nullopt;
	auto found = sysfs_device(known.syspath);
	if (!found)
		return std::unexpected(found.error());
	/* After a removal sysfs has no directory of the device. */
	return NodeEvent{action, *found ? std::move(**found) : std::move(known)};
}

class UdevMonitor final : public NodeMonitor {
public:
	UdevMonitor(Udev udev, Monitor monitor)
		: udev_(std::move(udev)), monitor_(std::move(monitor))
	{}

	int fd() const override { return udev_monitor_get_fd(monitor_.get()); }

	Result<std::optional<NodeEvent>> next() override
	{
		for (;;) {
			errno = 0;
			UdevDevice device(udev_monitor_receive_device(monitor_.get()));

			if (!device)
				return without_device(errno);
			auto event = event_of(device.get());
			if (!event || *event)
				return event;
		}
	}

private:
	static Result<std::optional<NodeEvent>> without_device(int code)
	{
		switch (code) {
		case 0:
		case EAGAIN:
		case EINTR: return std::nullopt;
		case ENOBUFS: return NodeEvent{NodeAction::overflow, {}};
		default: return fail_call("receiving the kernel's device events", -code);
		}
	}

	Udev udev_;
	Monitor monitor_;
};

/* udev sends an event after its rules have run, so that the node exists with its final mode. Without udev, as in most
 * containers, libudev would wait for it without end. */
const char *event_source()
{
	return sys::access("/run/udev/control", F_OK) == 0 ? "udev" : "kernel";
}

std::unexpected<Failure> no_events(int code)
{
	switch (code) {
	case EPERM:
	case EACCES:
	case ENOSYS:
	case EAFNOSUPPORT:
	case EPROTONOSUPPORT:
	case EOPNOTSUPP:
		return fail(EOPNOTSUPP, ACCEL_REASON_UNSUPPORTED,
			    "device events are not available here (%s), as in some containers; "
			    "get the list again from time to time",
			    strerrordesc_np(code));
	default: return fail_call("opening the kernel's device events", -(code ? code : ENOMEM));
	}
}

int begin(udev_monitor *monitor)
{
	int r = 0;

	for (const char *subsystem : accelerator_subsystems())
		if (r >= 0)
			r = udev_monitor_filter_add_match_subsystem_devtype(monitor, subsystem,
									    nullptr);
	if (r < 0)
		return r;
	/* A size above the system's limit needs privilege; the limit is enough. */
	(void)udev_monitor_set_receive_buffer_size(monitor, kBufferBytes);
	return udev_monitor_enable_receiving(monitor);
}

Result<std::unique_ptr<NodeMonitor>> watch()
{
	Udev udev(udev_new());

	if (!udev)
		return fail_memory("the device watch");
	errno = 0;
	Monitor monitor(udev_monitor_new_from_netlink(udev.get(), event_source()));
	if (!monitor)
		return no_events(errno);
	if (int r = begin(monitor.get()); r < 0)
		return no_events(-r);
	return std::make_unique<UdevMonitor>(std::move(udev), std::move(monitor));
}

} // namespace

const KernelSource kThisMachine = {.devices = sysfs_devices, .watch = watch};
const KernelSource *kernel_source = &kThisMachine;

} // namespace accel::core
