// SPDX-License-Identifier: MIT
// Discovery on a mock kernel: nodes, their identity in sysfs, and the events of add() and remove().
#include "mock/machine.hpp"

#include "sys/sys.hpp"

#include <array>
#include <charconv>
#include <cstring>
#include <deque>
#include <fcntl.h>
#include <sys/eventfd.h>

namespace accel::core::mock {

namespace {

/* The functions of KernelSource have no context argument. */
MockKernel *present = nullptr;

std::string attribute(const NodeInfo &node, const char *name)
{
	const int fd = sys::open((node.syspath + "/" + name).c_str(), O_RDONLY);
	std::array<char, 256> bytes;

	if (fd < 0)
		return "";
	const ssize_t size = sys::read(fd, bytes.data(), bytes.size());
	sys::close(fd);
	std::string text(bytes.data(), size < 0 ? 0 : static_cast<size_t>(size));
	return text.substr(0, text.find('\n'));
}

int number(const std::string &text)
{
	const bool hex = text.starts_with("0x");
	const char *first = text.c_str() + (hex ? 2 : 0);
	int value = -1;

	return std::from_chars(first, text.c_str() + text.size(), value, hex ? 16 : 10).ec ==
			       std::errc() ?
		       value :
		       -1;
}

/* The last folder with a colon: for "/sys/devices/pci0000:00/0000:03:00.0/accel/accel0" the address "0000:03:00.0". */
std::string bus_address(const NodeInfo &node)
{
	const size_t colon = node.syspath.rfind(':');

	if (colon == std::string::npos)
		return "";
	const size_t begin = node.syspath.rfind('/', colon) + 1;
	return node.syspath.substr(begin, node.syspath.find('/', colon) - begin);
}

/* Events that were not taken yet. It must outlive the monitor, because the kernel keeps all watchers. */
struct Events {
	std::mutex mutex;
	std::deque<NodeEvent> waiting;
	int fd = -1; // -1: the monitor was destroyed

	void post(const NodeInfo &node, bool there)
	{
		std::lock_guard lock(mutex);
		const uint64_t one = 1;

		if (fd < 0)
			return;
		waiting.push_back({there ? NodeAction::add : NodeAction::remove, describe(node)});
		(void)sys::write(fd, &one, sizeof(one));
	}
};

class Monitor final : public NodeMonitor {
public:
	explicit Monitor(std::shared_ptr<Events> events) : events_(std::move(events)) {}
	~Monitor() override
	{
		std::lock_guard lock(events_->mutex);

		sys::close(std::exchange(events_->fd, -1));
	}
	int fd() const override { return events_->fd; }
	Result<std::optional<NodeEvent>> next() override
	{
		std::lock_guard lock(events_->mutex);
		uint64_t one;

		if (events_->waiting.empty())
			return std::nullopt;
		/* Each read takes one event, so the file stays readable while there are more. */
		(void)sys::read(events_->fd, &one, sizeof(one));
		NodeEvent event = std::move(events_->waiting.front());
		events_->waiting.pop_front();
		return event;
	}

private:
	std::shared_ptr<Events> events_;
};

Result<std::vector<KernelDevice>> list_devices()
{
	std::vector<KernelDevice> devices;

	for (const NodeInfo &node : present->nodes())
		devices.push_back(describe(node));
	return devices;
}

Result<std::unique_ptr<NodeMonitor>> watch_devices()
{
	auto events = std::make_shared<Events>();

	events->fd = sys::eventfd(0, EFD_NONBLOCK | EFD_SEMAPHORE | EFD_CLOEXEC);
	if (events->fd < 0)
		return fail_call("watching for devices", events->fd);
	auto monitor = std::make_unique<Monitor>(events);
	present->watch([events](const NodeInfo &node, bool there) { events->post(node, there); });
	return monitor;
}

constexpr KernelSource kMachine = {.devices = list_devices, .watch = watch_devices};

} // namespace

KernelDevice describe(const NodeInfo &node)
{
	KernelDevice device{.subsystem = node.subsystem,
			    .name = node.name,
			    .node = node.node,
			    .syspath = node.syspath,
			    .driver = node.driver,
			    .group = "",
			    .access = -node.access,
			    .bus = "",
			    .bus_address = ""};

	device.pci_vendor = number(attribute(node, "device/vendor"));
	device.pci_device = number(attribute(node, "device/device"));
	device.numa_node = number(attribute(node, "device/numa_node"));
	device.major = static_cast<int>(node.major);
	device.minor = static_cast<int>(node.minor);
	if (device.pci_vendor >= 0) {
		device.bus = "pci";
		device.bus_address = bus_address(node);
	}
	return device;
}

Machine::Machine(MockKernel &kernel) : previous_(kernel_source)
{
	present = &kernel;
	kernel_source = &kMachine;
}

Machine::~Machine()
{
	kernel_source = previous_;
	present = nullptr;
}

} // namespace accel::core::mock
