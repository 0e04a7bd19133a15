// SPDX-License-Identifier: MIT
// The workload of qaic cards, from their public header: each entry executes a buffer of its own. It has no commands,
// because those of the firmware are not public.
#include "conform/workload_qaic.hpp"

#include "conform/check.hpp"

#include <accel/qaic.h>
#include <algorithm>
#include <map>
#include <mutex>
#include <vector>

namespace accel::conform {

namespace {

constexpr uint32_t kDirection = ACCEL_QAIC_DATA_DIRECTION_TO_DEVICE;
constexpr uint32_t kPlaces = 1024; // slots of a channel
constexpr uint64_t kBytes = 4096;

/* Returns 0 if a queue can be created on the channel now, or the errno. */
int try_queue(accel_device *device, uint32_t channel)
{
	const accel_qaic_queue_options own{channel, 0};
	accel_queue_options options{.size = sizeof(options), .entries = 2};
	accel_address_space *space = nullptr;
	accel_queue *queue = nullptr;
	int r = accel_address_space_create(device, ACCEL_ADDRESS_MODE_HANDLES, &space, nullptr);

	options.driver = &own;
	options.driver_size = sizeof(own);
	if (r == 0)
		r = accel_queue_create(space, &options, &queue, nullptr);
	accel_queue_destroy(queue, nullptr);
	accel_address_space_destroy(space, nullptr);
	return r;
}

/* The channels of the devices that the obligation has opened. Only the firmware can remove a channel, so channels
 * without a queue are used again, the least recently used first. */
class Channels {
public:
	/* Returns a channel without a queue, or one with a queue if the card has no other. */
	uint32_t get(accel_device *device)
	{
		std::lock_guard lock(mutex_);
		std::vector<uint32_t> &known = known_[device];
		uint32_t made = 0;

		/* A closed device may have had this address. */
		std::erase_if(known, [&](uint32_t channel) {
			const int r = try_queue(device, channel);
			return r != 0 && r != -EBUSY && r != -ENOSPC;
		});
		if (accel_qaic_activate_channel(device, kPlaces, 0, &made) == 0) {
			known.push_back(made);
			return made;
		}
		auto free = std::ranges::find_if(
			known, [&](uint32_t channel) { return try_queue(device, channel) == 0; });
		if (free == known.end())
			return known.empty() ? 0 : known.front();
		made = *free;
		known.erase(free);
		known.push_back(made);
		return made;
	}

private:
	std::mutex mutex_;
	std::map<accel_device *, std::vector<uint32_t>> known_;
};

std::span<const std::byte> queue_options(const Options &, accel_device *device)
{
	static Channels channels;
	thread_local accel_qaic_queue_options own;

	own = {channels.get(device), 0};
	return std::as_bytes(std::span(&own, 1));
}

/* One buffer for each slot, created at its first use, because a long ring is rarely filled. */
class Slots final : public QueueState {
public:
	explicit Slots(const QueuePlace &place)
		: device_(place.device),
		  channel_(static_cast<uint32_t>(accel_queue_handle(place.queue))),
		  buffers_(place.entries)
	{}
	~Slots() override
	{
		for (accel_buffer *buffer : buffers_)
			accel_buffer_destroy(buffer, nullptr);
	}

	accel_buffer *at(uint64_t sequence)
	{
		accel_buffer *&buffer = buffers_[sequence % buffers_.size()];

		if (!buffer)
			buffer = make(sequence % buffers_.size());
		return buffer;
	}

private:
	accel_buffer *make(uint64_t slot)
	{
		const accel_buffer_options options{.size = sizeof(options),
						   .length = kBytes,
						   .flags = ACCEL_BUFFER_FLAGS_NO_MAP};
		accel_buffer *made = nullptr;
		accel_qaic_slice slice{};

		CHECK_OK(accel_buffer_create(device_, &options, &made, err()));
		slice.size = kBytes;
		slice.dev_addr = (uint64_t{channel_} << 32) + slot * kBytes;
		CHECK_EQ(accel_qaic_attach_slices(device_, made, channel_, kDirection, &slice, 1),
			 0);
		return made;
	}

	accel_device *device_;
	uint32_t channel_;
	std::vector<accel_buffer *> buffers_;
};

std::unique_ptr<QueueState> prepare(const QueuePlace &place)
{
	return std::make_unique<Slots>(place);
}

void nop(const Entry &entry, bool)
{
	accel_qaic_entry(static_cast<accel_qaic_execute_entry *>(entry.at),
			 static_cast<Slots *>(entry.state)->at(entry.sequence), kDirection);
}

/* No buffer has this handle. */
void refused(const Entry &entry)
{
	*static_cast<accel_qaic_execute_entry *>(entry.at) = {UINT32_MAX, kDirection};
}

} // namespace

const Workload qaic_workload = {
	.provider = "qaic",
	.queue_options = queue_options,
	.prepare = prepare,
	.nop = nop,
	.refused = refused,
};

} // namespace accel::conform
