// SPDX-License-Identifier: MIT
// Messages of the mock qaic driver to a mock firmware, as in qaic_control.c.
#include "mock/qaic/file.hpp"
#include "sys/sys.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace accel::core::mock {

namespace {

constexpr uint16_t kMajor = 5,
		   kMinor = 0; // version of the firmware's protocol that the driver requires
constexpr uint64_t kMostTransferred = 64u << 20;
constexpr uint64_t kMostQueue =
	4u << 20; // the most bytes of a channel's queues that the kernel allocates
constexpr uint64_t kQueueEntry =
	sizeof(accel_qaic_bridge_request) + sizeof(accel_qaic_bridge_response);
constexpr uint32_t kRefused = 1; // the status of a firmware without a free channel

} // namespace

/* The program's memory is read during the call; the mock keeps a copy for tests. */
int QaicFile::encode(Lock &, const Item<accel_qaic_dma_transfer> &item)
{
	uint64_t end = 0;

	if (__builtin_add_overflow(item.value.addr, item.value.size, &end))
		return -EINVAL;
	if (item.value.size > kMostTransferred)
		return -ENOMEM;
	std::vector<std::byte> bytes(item.value.size);
	if (int r = copy_from_user(bytes.data(), item.value.addr, bytes.size()); r < 0)
		return r;
	device_->last_transfer_ = std::move(bytes);
	return 0;
}

int QaicFile::encode(Lock &lock, const Item<accel_qaic_deactivate> &item, Message &message)
{
	QaicChannel &channel = device_->bridge_.channels[item.value.dbc_id];

	if (channel.owner != this)
		return -EPERM;
	channel.owner = nullptr;
	message.deactivated.push_back(item.value.dbc_id);
	/* The driver waits until no call uses the channel; a signal does not end this wait. */
	int r;
	do
		r = device_->wait(lock, UINT64_MAX, [&] { return channel.waiters == 0; });
	while (r == -EINTR);
	return r;
}

int QaicFile::encode(const accel_qaic_activate &activate, Message &message)
{
	if (activate.queue_size > kMostQueue / kQueueEntry)
		return -ENOMEM;
	message.memory = true;
	return 0;
}

/* Sends the message, and sleeps until the firmware has answered. */
int QaicFile::ask_firmware(Lock &lock)
{
	const QaicOptions &options = device_->options_;
	const uint64_t now = sys::now_ns();
	const uint64_t answered = device_->silent_ ? UINT64_MAX : now + options.control_ns;
	const uint64_t deadline = now + options.control_timeout_ms * 1000000;
	const int removed = options.removal_as_driver ? -EIO : -ENODEV;

	while (sys::now_ns() < answered) {
		const int r = device_->wait_until(lock, deadline, answered,
						  [&] { return !device_->online_; });

		if (r == -ENODEV || !device_->online_)
			return removed;
		if (r < 0)
			return r;
	}
	return device_->online_ ? 0 : removed;
}

int QaicFile::activate(const accel_qaic_activate &activate, Message &message)
{
	auto &channels = device_->bridge_.channels;
	auto free = std::ranges::find_if(
		channels, [](const QaicChannel &channel) { return !channel.in_use; });
	accel_qaic_activate_answer answer = {};

	/* The driver keeps the memory of one activation for each message, and the first answer uses it. */
	if (!message.memory)
		return -EINVAL;
	if (free == channels.end()) {
		answer.status = kRefused;
		if (!message.answer.add_activate_from_device(answer))
			return -ENOSPC;
		message.answer.created_channel.pop_back();
		message.answer.deliver();
		return -ECANCELED;
	}
	answer.dbc_id = static_cast<uint32_t>(free - channels.begin());
	if (!message.answer.add_activate_from_device(answer))
		return -ENOSPC;
	message.memory = false;
	free->owner = this;
	free->in_use = true;
	free->entries = device_->options_.fifo_entries ? device_->options_.fifo_entries :
							 activate.queue_size;
	free->state = ACCEL_QAIC_DBC_STATE_ASSIGNED;
	return 0;
}

/* The firmware's answer, and the driver's handling of it, in the order of the transactions. */
int QaicFile::answer_all(std::span<const QaicManageItem> data, Message &message)
{
	for (const QaicManageItem &item : data) {
		if (auto *bytes = std::get_if<Item<accel_qaic_passthrough>>(&item)) {
			/* A stand-in: the real firmware has commands, which the mock does not know. */
			if (!message.answer.add_passthrough_from_device({}, bytes->tail))
				return -ENOSPC;
		} else if (auto *made = std::get_if<Item<accel_qaic_activate>>(&item)) {
			if (int r = activate(made->value, message); r < 0)
				return r;
		} else if (std::holds_alternative<Item<accel_qaic_status>>(item)) {
			accel_qaic_status_answer answer = {};

			answer.major = kMajor;
			answer.minor = kMinor;
			if (!message.answer.add_status_from_device(answer))
				return -ENOSPC;
		}
	}
	/* Only a passthrough requests that the firmware ends channels. Its answer stays in the driver, but is counted.
	 * */
	for (uint32_t channel : message.asked ? message.deactivated : std::vector<uint32_t>()) {
		device_->bridge_.release(device_->bridge_.channels[channel]);
		device_->bridge_.channels[channel].state = ACCEL_QAIC_DBC_STATE_IDLE;
		message.answer.count++;
	}
	return 0;
}

int QaicFile::manage(accel_qaic_manage &, std::span<const QaicManageItem> data,
		     QaicManageAnswer &answer)
{
	Lock lock(device_->mutex_);
	Message message{answer, false, false, {}};

	if (!device_->online_)
		return -ENODEV;
	for (const QaicManageItem &item : data) {
		int r = 0;

		if (auto *memory = std::get_if<Item<accel_qaic_dma_transfer>>(&item))
			r = encode(lock, *memory);
		else if (auto *ended = std::get_if<Item<accel_qaic_deactivate>>(&item))
			r = encode(lock, *ended, message);
		else if (auto *made = std::get_if<Item<accel_qaic_activate>>(&item))
			r = encode(made->value, message);
		else if (std::holds_alternative<Item<accel_qaic_passthrough>>(item))
			message.asked = true;
		if (r < 0)
			return r;
	}
	if (int r = ask_firmware(lock); r < 0)
		return r;
	const int r = answer_all(data, message);
	/* A channel that was activated before the failure stays active, but its number was not returned to the program.
	 * */
	if (r < 0)
		for (uint64_t made : answer.created_channel)
			channel_handles_.add(made);
	device_->changed();
	lie_about(answer);
	return r;
}

void QaicFile::lie_about(QaicManageAnswer &answer)
{
	std::span<std::byte> bytes = answer.bytes();
	accel_qaic_transaction_header header = {};
	auto put = [&](size_t offset, uint32_t value) {
		if (bytes.size() >= offset + sizeof(value))
			memcpy(&bytes[offset], &value, sizeof(value));
	};

	if (bytes.size() >= sizeof(header))
		memcpy(&header, bytes.data(), sizeof(header));
	const bool activated = header.type == ACCEL_QAIC_TRANSACTION_TYPE_ACTIVATE_FROM_DEVICE;
	switch (device_->lie_) {
	case QaicLie::answer_count: answer.count = UINT32_MAX; break;
	case QaicLie::answer_length: answer.claim(UINT32_MAX); break;
	case QaicLie::item_length: put(4, 0); break;
	case QaicLie::item_type: put(0, 0x7777); break;
	case QaicLie::channel:
		if (activated)
			put(offsetof(accel_qaic_activate_answer, dbc_id), 0xfffffff0);
		break;
	case QaicLie::status:
		put(activated ? offsetof(accel_qaic_activate_answer, status) :
				offsetof(accel_qaic_status_answer, status),
		    0xbad);
		break;
	default: break;
	}
}

} // namespace accel::core::mock
