// SPDX-License-Identifier: MIT
// The operations of a qaic card.
#include "providers/qaic/backend.hpp"

#include "core/sized.hpp"
#include "providers/qaic/queue.hpp"
#include "sys/sys.hpp"

#include <accel/qaic.h>
#include <algorithm>
#include <bit>
#include <cstring>

namespace accel::core::qaic {

constexpr uint32_t kMostEntries = 32768;

QaicBackend::QaicBackend(int fd, const char *model)
	: GemBackend(fd, 0,
		     "the driver qaic has none; its channels, slices and messages are in "
		     "accel/qaic.h"),
	  model_(model)
{}

Result<accel_device_caps> QaicBackend::device_query()
{
	accel_device_caps caps{.size = sizeof(caps)};

	if (!is_there())
		return failed("querying the device", -ENODEV);
	strcpy(caps.driver, "qaic");
	strcpy(caps.model, model_);
	caps.features = ACCEL_FEATURE_HANDLE_ADDRESS_SPACE | ACCEL_FEATURE_REFUSALS |
			ACCEL_FEATURE_MULTI_PRODUCER | ACCEL_FEATURE_COMMANDS;
	caps.max_queues = ACCEL_QAIC_DBC_COUNT;
	caps.max_entries = kMostEntries;
	caps.poll_ns = kShortestWaitNs;
	caps.queues = static_cast<uint32_t>(std::popcount(channels_.load()));
	caps.given = ACCEL_DEVICE_CAPS_GIVEN_DRIVER | ACCEL_DEVICE_CAPS_GIVEN_MODEL |
		     ACCEL_DEVICE_CAPS_GIVEN_FEATURES | ACCEL_DEVICE_CAPS_GIVEN_MAX_QUEUES |
		     ACCEL_DEVICE_CAPS_GIVEN_MAX_ENTRIES | ACCEL_DEVICE_CAPS_GIVEN_QUEUES |
		     ACCEL_DEVICE_CAPS_GIVEN_POLL_NS;
	return caps;
}

Result<uint32_t> QaicBackend::make_object(uint64_t size, uint64_t)
{
	accel_qaic_create_bo argument{size, 0, 0};

	if (int r = sys::ioctl(fd_, ACCEL_QAIC_IOCTL_CREATE_BO, &argument); r < 0)
		return failed("allocating a buffer", r);
	return argument.handle;
}

Result<uint64_t> QaicBackend::object_offset(uint32_t handle)
{
	accel_qaic_mmap_bo argument{handle, 0, 0};

	if (int r = sys::ioctl(fd_, ACCEL_QAIC_IOCTL_MMAP_BO, &argument); r < 0)
		return failed("getting the map offset of the buffer", r);
	return argument.offset;
}

/* ---- messages ----------------------------------------------------------------------------- */

Result<uint64_t> QaicBackend::command_create(const CommandCreateIn &in)
{
	/* The driver has no scopes, so commands that the firmware accepts from every client have the narrowest one. */
	if (in.scope < ACCEL_SCOPE_CONFIGURATION || in.scope > ACCEL_SCOPE_DEBUG_FULL)
		return fail_value({ACCEL_REASON_UNKNOWN_MEMBER, "the scope", in.scope, "1 to 4",
				   ACCEL_COMMAND_CREATE_SCOPE, ACCEL_SCOPE_CONFIGURATION,
				   ACCEL_SCOPE_DEBUG_FULL});
	return 1;
}

Result<void> QaicBackend::command_destroy(const CommandDestroyIn &)
{
	return {};
}

Result<CommandExecuteOut> QaicBackend::command_execute(const CommandExecuteIn &in)
{
	const accel_qaic_passthrough head{};
	accel_qaic_message message;
	uint32_t size = sizeof(head);

	accel_qaic_begin(&message);
	if (accel_qaic_add(&message, ACCEL_QAIC_TRANSACTION_TYPE_PASSTHROUGH_FROM_USER, &head,
			   sizeof(head), in.request.data(), in.request.size()) < 0)
		return fail_value({ACCEL_REASON_WRONG_LENGTH, "the number of bytes of a command",
				   in.request.size(), "a multiple of 8 up to 4088"});
	accel_qaic_manage argument{message.length, message.count,
				   reinterpret_cast<uint64_t>(message.room)};

	if (int r = sys::ioctl(fd_, ACCEL_QAIC_IOCTL_MANAGE, &argument); r < 0)
		return failed("sending a command to the firmware", r);
	message.length = argument.len;
	const auto *answer = static_cast<const std::byte *>(accel_qaic_find(
		&message, ACCEL_QAIC_TRANSACTION_TYPE_PASSTHROUGH_FROM_DEVICE, &size));
	if (!answer)
		return nonsense("a command");
	size -= static_cast<uint32_t>(sizeof(head));
	if (size > in.response.size()) {
		auto failure =
			fail(EMSGSIZE, ACCEL_REASON_NO_ROOM,
			     "the answer has %u bytes, but there is room for %zu; the firmware "
			     "has executed the command",
			     size, in.response.size());

		failure.error().maximum = size;
		return failure;
	}
	if (size)
		memcpy(in.response.data(), answer + sizeof(head), size);
	return CommandExecuteOut{.response = size};
}

/* ---- queues ------------------------------------------------------------------------------- */

/* Reserves a channel for a queue; each channel has at most one. To find out whether the channel belongs to this file,
 * asks the driver to execute no buffers: it checks the channel first, and queues nothing. */
Result<void> QaicBackend::take_channel(uint32_t channel)
{
	const accel_qaic_execute_entry none{};
	accel_qaic_execute argument{{1, channel}, reinterpret_cast<uint64_t>(&none)};
	const int r = sys::ioctl(fd_, ACCEL_QAIC_IOCTL_EXECUTE_BO, &argument);

	if (r == -EPERM && is_there())
		return fail_value({ACCEL_REASON_OUT_OF_RANGE, "dbc_id", channel,
				   "the number of a channel that accel_qaic_activate_channel() "
				   "created on this device"});
	if (r < 0 && r != -ENOENT)
		return failed("using the channel", r);
	const uint32_t before = channels_.fetch_or(1u << channel);

	if (before == (1u << ACCEL_QAIC_DBC_COUNT) - 1)
		return fail(ENOSPC, ACCEL_REASON_LIMIT,
			    "each of the 16 channels of the card has a queue; destroy one of the "
			    "queues");
	if (before & 1u << channel)
		return fail(EBUSY, ACCEL_REASON_IN_USE,
			    "channel %u has a queue; destroy it first, or activate another channel",
			    channel);
	return {};
}

void QaicBackend::end_queue(uint32_t channel, uint64_t space) noexcept
{
	{
		std::lock_guard lock(names_mutex_);
		names_[channel].reset();
	}
	channels_.fetch_and(~(1u << channel));
	forget_queue(space);
}

bool QaicBackend::is_named(uint32_t handle) const noexcept
{
	std::lock_guard lock(names_mutex_);

	return std::ranges::any_of(names_,
				   [=](const auto &queue) { return queue && queue->has(handle); });
}

/* Checks a request before it is sent to the driver. */
Result<accel_qaic_queue_options> QaicBackend::options_of(const QueueRequest &request)
{
	if (request.driver.empty())
		return fail(EINVAL, ACCEL_REASON_MISSING_ATTRIBUTE,
			    "a queue of a qaic card needs struct accel_qaic_queue_options as "
			    "driver options; it names the channel");
	auto options = read_driver_options<accel_qaic_queue_options>(
		request.driver, sizeof(accel_qaic_queue_options), "accel_qaic_queue_options");

	if (!options)
		return options;
	if (options->dbc_id > ACCEL_QAIC_MAX_DBC)
		return fail_value(
			{ACCEL_REASON_OUT_OF_RANGE, "dbc_id", options->dbc_id, "0 to 15"});
	if (options->flags & ~uint32_t{ACCEL_QAIC_QUEUE_FLAGS_PARTIAL})
		return fail_value({ACCEL_REASON_UNKNOWN_FLAG,
				   "the set of flags of accel_qaic_queue_options", options->flags,
				   "1 (partial)"});
	return options;
}

Result<std::unique_ptr<QueueBackend>> QaicBackend::create_queue(const QueueRequest &request)
{
	auto options = options_of(request);

	if (!options)
		return std::unexpected(options.error());
	if (auto right = check_request(request, kMostEntries, ACCEL_QUEUE_FLAGS_MULTI_PRODUCER);
	    !right)
		return std::unexpected(right.error());
	const bool partial = options->flags & ACCEL_QAIC_QUEUE_FLAGS_PARTIAL;
	auto ring = ring::ProcessRing::create(
		{.entries = request.entries,
		 .entry_size = partial ? uint32_t{sizeof(accel_qaic_partial_execute_entry)} :
					 uint32_t{sizeof(accel_qaic_execute_entry)},
		 .multi_producer = (request.flags & ACCEL_QUEUE_FLAGS_MULTI_PRODUCER) != 0});

	if (!ring)
		return std::unexpected(ring.error());
	auto queue = std::make_unique<QaicQueue>(
		std::move(*ring), *this,
		QaicQueue::Place{fd_, options->dbc_id, request.space, partial});

	if (auto taken = take_channel(options->dbc_id); !taken)
		return std::unexpected(taken.error());
	if (auto counted = count_queue(request.space); !counted) {
		channels_.fetch_and(~(1u << options->dbc_id));
		return std::unexpected(counted.error());
	}
	std::lock_guard lock(names_mutex_);

	names_[options->dbc_id] = queue->names();
	return queue;
}

} // namespace accel::core::qaic
