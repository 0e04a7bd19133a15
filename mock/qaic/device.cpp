// SPDX-License-Identifier: MIT
// The device of the mock qaic driver: its identity, and the controls for tests.
#include "mock/qaic/device.hpp"

#include "mock/qaic/file.hpp"
#include "sys/sys.hpp"

#include <algorithm>
#include <cerrno>

namespace accel::core::mock {

namespace {

NodeInfo node_of(const QaicOptions &options)
{
	const std::string name = "accel" + std::to_string(options.number);

	return {.subsystem = "accel",
		.name = name,
		.node = "/dev/accel/" + name,
		.syspath = "/sys/devices/pci0000:00/" + options.address + "/accel/" + name,
		.driver = "qaic",
		.major = 261,
		.minor = options.number};
}

} // namespace

QaicDevice::QaicDevice(QaicOptions options)
	: MockDevice(node_of(options)),
	  options_(std::move(options)),
	  bridge_(options_.buffer_ns, options_.transform)
{
	add_attributes();
}

void QaicDevice::add_attributes()
{
	add_attribute("dev", "261:" + std::to_string(options_.number) + "\n");
	add_attribute("uevent", "MAJOR=261\nMINOR=" + std::to_string(options_.number) +
					"\nDEVNAME=accel/" + info().name + "\n");
	add_attribute("device/vendor", "0x17cb\n");
	add_attribute("device/device", "0xa100\n");
	add_attribute("device/numa_node", "-1\n");
	add_attribute("device/uevent",
		      "DRIVER=qaic\nPCI_ID=17CB:A100\nPCI_SLOT_NAME=" + options_.address + "\n");
	for (unsigned i = 0; i < ACCEL_QAIC_DBC_COUNT; i++)
		add_attribute("dbc" + std::to_string(i) + "_state", [this, i] {
			std::lock_guard lock(mutex_);
			return std::to_string(bridge_.channels[i].state) + "\n";
		});
}

std::expected<std::unique_ptr<MockFile>, int> QaicDevice::open(int)
{
	Lock lock(mutex_);

	if (removed() || !online_)
		return std::unexpected(-ENODEV);
	return std::make_unique<QaicFile>(std::static_pointer_cast<QaicDevice>(shared_from_this()));
}

void QaicDevice::pause()
{
	Lock lock(mutex_);

	bridge_.pause(sys::now_ns());
	changed();
}

void QaicDevice::resume()
{
	Lock lock(mutex_);

	bridge_.resume(sys::now_ns());
	changed();
}

void QaicDevice::set_online(bool online)
{
	Lock lock(mutex_);

	online_ = online;
	if (!online)
		end_channels();
	changed();
}

void QaicDevice::crash(uint32_t channel)
{
	Lock lock(mutex_);

	crashed_ = channel;
	bridge_.release(bridge_.channels[channel]);
	bridge_.channels[channel].state = ACCEL_QAIC_DBC_STATE_BEFORE_SHUTDOWN;
	changed();
}

void QaicDevice::recover()
{
	Lock lock(mutex_);

	if (crashed_ != UINT32_MAX)
		bridge_.channels[crashed_].state = ACCEL_QAIC_DBC_STATE_IDLE;
	crashed_ = UINT32_MAX;
}

void QaicDevice::silence(bool silent)
{
	Lock lock(mutex_);

	silent_ = silent;
}

void QaicDevice::lie(QaicLie lie)
{
	Lock lock(mutex_);

	lie_ = lie;
}

std::vector<std::byte> QaicDevice::device_bytes(uint64_t address, size_t size) const
{
	std::lock_guard lock(mutex_);
	std::vector<std::byte> bytes(size);

	bridge_.memory.read(address, bytes);
	return bytes;
}

unsigned QaicDevice::channels_in_use() const
{
	std::lock_guard lock(mutex_);

	return static_cast<unsigned>(std::ranges::count_if(
		bridge_.channels, [](const QaicChannel &channel) { return channel.in_use; }));
}

size_t QaicDevice::queued() const
{
	std::lock_guard lock(mutex_);
	size_t sum = 0;

	for (const QaicChannel &channel : bridge_.channels)
		sum += channel.queue.size();
	return sum;
}

std::vector<std::byte> QaicDevice::last_transfer() const
{
	std::lock_guard lock(mutex_);

	return last_transfer_;
}

void QaicDevice::on_remove()
{
	online_ = false;
	end_channels();
}

void QaicDevice::end_channels()
{
	for (QaicChannel &channel : bridge_.channels) {
		bridge_.release(channel);
		channel.state = ACCEL_QAIC_DBC_STATE_IDLE;
	}
}

} // namespace accel::core::mock
