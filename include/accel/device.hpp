// SPDX-License-Identifier: MIT
// The device list, an open device, and its command channels. Include <accel/accel.hpp>.
#ifndef ACCEL_DEVICE_HPP
#define ACCEL_DEVICE_HPP

#include <accel/detail/owner.hpp>
#include <cstddef>
#include <span>
#include <string_view>

namespace accel {

/// One line of the device list. The texts live as long as the DeviceList.
struct DeviceInfo {
	std::string_view name;	      ///< what Device::open() takes
	std::string_view provider;    ///< "" if no provider of this library knows the device
	std::string_view driver;      ///< kernel driver, or "none"
	std::string_view path;	      ///< device node, or ""
	std::string_view description; ///< one line for people
	std::string_view tested;      ///< how the provider was tested
	bool usable;		      ///< Device::open() is expected to work now
	std::string_view reason;      ///< if not usable: why, and what to do; else ""
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
		const accel_device_info &d = *accel_device_list_at(list_, index);

		return {d.name,	       d.provider, d.driver,	  d.path,
			d.description, d.tested,   d.usable != 0, d.reason};
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

/// Find the accelerators of this machine. Thread-safe. C: accel_device_list_get().
inline Result<DeviceList> devices()
{
	auto list = detail::get<accel_device_list *>(accel_device_list_get);

	if (!list)
		return std::unexpected(list.error());
	return DeviceList(*list);
}

/// An open device. Several threads may use it at once, but not while it is closed or moved.
class Device : public detail::Owner<accel_device> {
public:
	/// @param name  of the list, ended by a zero byte. C: accel_device_open().
	static Result<Device> open(const char *name)
	{
		auto made = detail::make<accel_device>(
			[=](auto **out, auto *e) { return accel_device_open(name, out, e); });

		if (!made)
			return std::unexpected(made.error());
		return Device(std::move(*made));
	}

	/// End it now, also for what was made from it, which then answers ENODEV.
	/// C: accel_device_close().
	void close() { (void)end_now(); }

	/// "" after close().
	std::string_view name() const { return text(accel_device_name(get())); }
	std::string_view provider() const { return text(accel_device_provider(get())); }

	/// What it is and has. C: accel_device_query().
	Result<accel_device_caps> query() const
	{
		return detail::answer<accel_device_caps>(
			[this](auto *out, auto *e) { return accel_device_query(get(), out, e); });
	}

	/// For the calls of a provider's own header; stays ours. -1: there is none. C: accel_device_fd().
	int fd() const { return accel_device_fd(get()); }

	/// One message of the attribute uABI as it is: 0 or a negative errno.
	/// C: accel_device_call().
	int call(accel_call &message) const { return accel_device_call(get(), &message); }

	/// Have each message reported as text; nullptr ends it. C: accel_device_trace().
	int trace(accel_trace_fn fn, void *context) const
	{
		return accel_device_trace(get(), fn, context);
	}

private:
	explicit Device(detail::Reference made) : Owner(std::move(made)) {}
	static std::string_view text(const char *t) { return t ? t : ""; }
};

/// The widest thing that the commands of a channel may do.
enum class Scope : uint32_t {
	configuration = ACCEL_SCOPE_CONFIGURATION, ///< settings of normal use
	debug_read = ACCEL_SCOPE_DEBUG_READ,	   ///< also read the device's insides
	debug_write = ACCEL_SCOPE_DEBUG_WRITE,	   ///< also change what only debugging needs
	debug_full = ACCEL_SCOPE_DEBUG_FULL,	   ///< also what reaches beyond the device
};

/// Bytes straight to the device's firmware. Several threads may use it at once.
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
	Result<void> destroy() { return end_now(); }

private:
	explicit CommandChannel(detail::Reference made) : Owner(std::move(made)) {}
};

} // namespace accel

#endif
