// SPDX-License-Identifier: MIT
// The device list, an open device, and its command channels. Include <accel/accel.hpp>.
#ifndef ACCEL_DEVICE_HPP
#define ACCEL_DEVICE_HPP

#include <accel/detail/owner.hpp>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace accel {

/// One device of the list. The texts are valid as long as their DeviceList, or as documented at DeviceEvent.
struct DeviceInfo {
	std::string_view name;	      ///< argument of Device::open()
	std::string_view provider;    ///< "" if no provider of this library knows the device
	std::string_view driver;      ///< kernel driver as sysfs names it, "none" or "unknown"
	std::string_view path;	      ///< device node, or ""
	std::string_view description; ///< one line for people
	std::string_view tested;      ///< how the provider was tested
	bool usable;		      ///< Device::open() is expected to work now
	std::string_view reason;      ///< if not usable: cause and remedy; otherwise ""
	std::string_view bus;	      ///< of the hardware: "pci", "platform"; or ""
	std::string_view address;     ///< on that bus: "0000:3b:00.0"; or ""
	std::string_view syspath;     ///< the node's directory in sysfs, or ""
	std::optional<unsigned> pci_vendor;
	std::optional<unsigned> pci_device;
	std::optional<unsigned> numa_node;
	std::optional<unsigned> node_major; ///< numbers of the device node
	std::optional<unsigned> node_minor;

	/// C: struct accel_device_info.
	static DeviceInfo from(const accel_device_info &d)
	{
		auto number = [](int n) {
			return n < 0 ? std::nullopt : std::optional(static_cast<unsigned>(n));
		};

		return {.name = d.name,
			.provider = d.provider,
			.driver = d.driver,
			.path = d.path,
			.description = d.description,
			.tested = d.tested,
			.usable = d.usable != 0,
			.reason = d.reason,
			.bus = d.bus,
			.address = d.address,
			.syspath = d.syspath,
			.pci_vendor = number(d.pci_vendor),
			.pci_device = number(d.pci_device),
			.numa_node = number(d.numa_node),
			.node_major = number(d.node_major),
			.node_minor = number(d.node_minor)};
	}
};

/// The accelerators of this machine at one moment. Constant; any thread may read it.
class DeviceList {
public:
	explicit DeviceList(accel_device_list *list) : list_(list) {}
	DeviceList(DeviceList &&other) noexcept : list_(std::exchange(other.list_, nullptr)) {}
	DeviceList &operator=(DeviceList &&other) noexcept
	{
		std::swap(list_, other.list_);
		return *this;
	}
	~DeviceList() { accel_device_list_free(list_); }

	size_t size() const { return accel_device_list_count(list_); }
	/// @param index  below size()
	DeviceInfo operator[](size_t index) const
	{
		return DeviceInfo::from(*accel_device_list_at(list_, index));
	}

	class Iterator {
	public:
		using value_type = DeviceInfo;
		using difference_type = std::ptrdiff_t;

		Iterator() = default;
		Iterator(const DeviceList *list, size_t at) : list_(list), at_(at) {}
		DeviceInfo operator*() const { return (*list_)[at_]; }
		Iterator &operator++()
		{
			++at_;
			return *this;
		}
		Iterator operator++(int) { return {list_, at_++}; }
		bool operator==(const Iterator &) const = default;

	private:
		const DeviceList *list_ = nullptr;
		size_t at_ = 0;
	};
	Iterator begin() const { return {this, 0}; }
	Iterator end() const { return {this, size()}; }

private:
	accel_device_list *list_;
};

/// Get the accelerators of this machine. Thread-safe. C: accel_device_list_get().
inline Result<DeviceList> devices()
{
	auto list = detail::get<accel_device_list *>(accel_device_list_get);

	if (!list)
		return std::unexpected(list.error());
	return DeviceList(*list);
}

/// Kind of a device event.
enum class DeviceAction : uint32_t {
	add = ACCEL_DEVICE_ACTION_ADD,		 ///< the device was added
	remove = ACCEL_DEVICE_ACTION_REMOVE,	 ///< the device was removed
	change = ACCEL_DEVICE_ACTION_CHANGE,	 ///< a property of the device changed
	online = ACCEL_DEVICE_ACTION_ONLINE,	 ///< its driver reports it usable (again)
	offline = ACCEL_DEVICE_ACTION_OFFLINE,	 ///< its driver reports it temporarily unusable
	overflow = ACCEL_DEVICE_ACTION_OVERFLOW, ///< events were lost: get the list again
};

/// One event of a DeviceWatch. The texts are valid until the next call of its next() or its destruction.
struct DeviceEvent {
	DeviceAction action;
	std::optional<DeviceInfo> device; ///< none with overflow

	/// "add"
	std::string_view name() const
	{
		return accel_device_action_name(static_cast<unsigned>(action));
	}
};

/// Watches accelerators being added and removed. Create it before getting the device list. One thread at a time.
class DeviceWatch : public detail::Owner<accel_device_watch> {
public:
	/// C: accel_device_watch_create().
	static Result<DeviceWatch> create()
	{
		auto made = detail::make<accel_device_watch>(accel_device_watch_create);

		if (!made)
			return std::unexpected(made.error());
		return DeviceWatch(std::move(*made));
	}

	/// File descriptor for poll(), owned by the library: readable while next() may have an event. -1 after a move.
	int fd() const { return accel_device_watch_fd(get()); }

	/// Get the next event, or nullopt if none is available; never waits.
	/// C: accel_device_watch_next().
	Result<std::optional<DeviceEvent>> next() const
	{
		const accel_device_event *event;
		accel_error error;
		int r = accel_device_watch_next(get(), &event, &error);

		if (r < 0)
			return std::unexpected(Error(error));
		if (r == 0)
			return std::nullopt;
		DeviceEvent made{static_cast<DeviceAction>(event->action), std::nullopt};
		if (event->device)
			made.device = DeviceInfo::from(*event->device);
		return made;
	}

private:
	explicit DeviceWatch(detail::Reference made) : Owner(std::move(made)) {}
};

/// An open device. Several threads may use it concurrently, but not while it is closed or moved.
class Device : public detail::Owner<accel_device> {
public:
	/// @param name  from the list, terminated by a zero byte. C: accel_device_open().
	static Result<Device> open(const char *name)
	{
		auto made = detail::make<accel_device>(
			[=](auto **out, auto *e) { return accel_device_open(name, out, e); });

		if (!made)
			return std::unexpected(made.error());
		return Device(std::move(*made));
	}

	/// Close the device at once, also for its objects, which then return ENODEV.
	/// C: accel_device_close().
	void close() { (void)destroy_now(); }

	/// "" after close().
	std::string_view name() const { return text(accel_device_name(get())); }
	std::string_view provider() const { return text(accel_device_provider(get())); }

	/// Query identity and capabilities. C: accel_device_query().
	Result<accel_device_caps> query() const
	{
		return detail::answer<accel_device_caps>(
			[this](auto *out, auto *e) { return accel_device_query(get(), out, e); });
	}

	/// The open file, for the functions of a provider's own header; owned by the library. -1: none.
	/// C: accel_device_fd().
	int fd() const { return accel_device_fd(get()); }

	/// Call an ioctl of the kernel driver; returns its result, or a negative errno. C: accel_device_ioctl().
	int ioctl(unsigned long request, void *argument) const
	{
		return accel_device_ioctl(get(), request, argument);
	}

	/// Pass one message of the attribute uABI unchanged; returns 0 or a negative errno.
	/// C: accel_device_call().
	int call(accel_call &message) const { return accel_device_call(get(), &message); }

	/// Report each message as text to @fn; nullptr stops it. C: accel_device_trace().
	int trace(accel_trace_fn fn, void *context) const
	{
		return accel_device_trace(get(), fn, context);
	}

private:
	explicit Device(detail::Reference made) : Owner(std::move(made)) {}
	static std::string_view text(const char *t) { return t ? t : ""; }
};

/// The widest scope of the commands of a channel.
enum class Scope : uint32_t {
	configuration = ACCEL_SCOPE_CONFIGURATION, ///< settings of normal use
	debug_read = ACCEL_SCOPE_DEBUG_READ,	   ///< also read internal state
	debug_write = ACCEL_SCOPE_DEBUG_WRITE,	   ///< also change state for debugging
	debug_full = ACCEL_SCOPE_DEBUG_FULL,	   ///< also access what the device can reach
};

/// A channel for commands to the firmware of the device. Several threads may use it concurrently.
class CommandChannel : public detail::Owner<accel_command> {
public:
	/// C: accel_command_create().
	static Result<CommandChannel> create(const Device &device, Scope scope)
	{
		auto made = detail::make<accel_command>(
			[&](auto **out, auto *e) {
				return accel_command_create(
					device.get(), static_cast<accel_scope>(scope), out, e);
			},
			device.reference());

		if (!made)
			return std::unexpected(made.error());
		return CommandChannel(std::move(*made));
	}

	/// Send @request; the answer is at the start of @response.
	/// @return bytes of the answer. EMSGSIZE: Error::maximum() bytes are needed.
	/// C: accel_command_execute().
	Result<size_t> execute(std::span<const std::byte> request,
			       std::span<std::byte> response) const
	{
		size_t size = response.size();
		accel_error error;

		if (accel_command_execute(get(), request.data(), request.size(), response.data(),
					  &size, &error) < 0)
			return std::unexpected(Error(error));
		return size;
	}

	/// C: accel_command_destroy().
	Result<void> destroy() { return destroy_now(); }

private:
	explicit CommandChannel(detail::Reference made) : Owner(std::move(made)) {}
};

} // namespace accel

#endif
