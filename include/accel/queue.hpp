// SPDX-License-Identifier: MIT
// Events and work queues. Include <accel/accel.hpp>.
#ifndef ACCEL_QUEUE_HPP
#define ACCEL_QUEUE_HPP

#include <accel/memory.hpp>
#include <algorithm>
#include <optional>
#include <type_traits>

namespace accel {

/// An eventfd that queues signal. Several threads may use it concurrently.
class Event : public detail::Owner<accel_event> {
public:
	/// C: accel_event_create().
	static Result<Event> create(const Device &device)
	{
		auto made = detail::make<accel_event>(
			[&](auto **out, auto *e) {
				return accel_event_create(device.get(), out, e);
			},
			device.reference());

		if (!made)
			return std::unexpected(made.error());
		return Event(std::move(*made));
	}

	/// The file descriptor for poll(), owned by the library. -1 after destroy().
	int fd() const { return accel_event_fd(get()); }

	/// EBUSY while a Queue uses it. C: accel_event_destroy().
	Result<void> destroy() { return destroy_now(); }

private:
	explicit Event(detail::Reference made) : Owner(std::move(made)) {}
};

/// Options for creating a queue.
struct QueueOptions {
	uint32_t entries = 256;	      ///< power of two, 2 to accel_device_caps.max_entries
	uint64_t flags = 0;	      ///< ACCEL_QUEUE_FLAGS_*
	const Event *event = nullptr; ///< to signal after arm()
	std::span<const std::byte> driver = {}; ///< options of the provider's own header
	accel_fence completion_fence = {};	///< a timeline syncobj that the queue signals
};

/// A work ring. One thread may call submit() (any number with ACCEL_QUEUE_FLAGS_MULTI_PRODUCER), one
/// thread, which may be another one, poll() and the waits. The owner must not have been moved from.
class Queue : public detail::Owner<accel_queue> {
public:
	/// C: accel_queue_create().
	static Result<Queue> create(const AddressSpace &space, const QueueOptions &options)
	{
		accel_queue_options raw{};

		raw.size = sizeof(raw);
		raw.entries = options.entries;
		raw.flags = options.flags;
		raw.event = options.event ? options.event->get() : nullptr;
		raw.driver = options.driver.data();
		raw.driver_size = options.driver.size();
		raw.completion_fence = options.completion_fence;
		auto made = detail::make<accel_queue>(
			[&](auto **out, auto *e) {
				return accel_queue_create(space.get(), &raw, out, e);
			},
			space.reference(),
			options.event ? options.event->reference() : detail::Reference());

		if (!made)
			return std::unexpected(made.error());
		return Queue(std::move(*made));
	}

	/// The ring, for the functions of <accel/ring.h>: to fill entries in place, or publish several at once.
	accel_ring *ring() const { return ring_; }

	/// Copy @descriptor into the ring and publish it. A shorter descriptor is extended with zeros. One
	/// that is longer than an entry is of a newer version; its bytes beyond the entry must be zero.
	/// @return its sequence, or nullopt if the ring is full (poll() frees slots) or if the bytes beyond the entry
	/// are not zero
	template <class Descriptor>
	std::optional<uint64_t> submit(const Descriptor &descriptor) const
	{
		static_assert(std::is_trivially_copyable_v<Descriptor>);
		const size_t room = ring_->entry_bytes;
		uint64_t at;

		if (!fits(descriptor) || !accel_ring_reserve(ring_, 1, &at))
			return std::nullopt;
		auto *entry = static_cast<std::byte *>(accel_ring_entry(ring_, at));
		// The usual entry: a descriptor whose last word belongs to the ring.
		if (sizeof(descriptor) == room + sizeof(uint64_t)) [[likely]] {
			std::memcpy(entry, &descriptor, sizeof(descriptor) - sizeof(uint64_t));
		} else {
			size_t known = std::min(room, sizeof(descriptor));

			std::memcpy(entry, &descriptor, known);
			std::memset(entry + known, 0, room - known);
		}
		accel_ring_publish(ring_, at, 1);
		return at;
	}

	/// Take available completions, in the order of their descriptors.
	/// @return number of elements of @completions that were filled in; 0 if none is available
	uint32_t poll(std::span<accel_completion> completions) const
	{
		auto most = static_cast<uint32_t>(std::min<size_t>(completions.size(), UINT32_MAX));

		return accel_ring_poll(ring_, completions.data(), most);
	}

	/// Wait until poll() would return a completion. C: accel_queue_wait().
	Result<void> wait(Deadline deadline = Deadline::max()) const
	{
		return detail::run([&](accel_error *e) {
			return accel_queue_wait(get(), to_ns(deadline), e);
		});
	}

	/// Wait for the next completion and take it. Errors: those of wait().
	Result<accel_completion> wait_one(Deadline deadline = Deadline::max()) const
	{
		accel_completion completion;

		while (poll({&completion, 1}) == 0)
			if (auto there = wait(deadline); !there)
				return std::unexpected(there.error());
		return completion;
	}

	/// Arm the event for the next completion.
	/// @return true if completions are available already: poll() instead of sleeping.
	/// C: accel_queue_arm().
	Result<bool> arm() const
	{
		accel_error error;
		int r = accel_queue_arm(get(), &error);

		if (r < 0)
			return std::unexpected(Error(error));
		return r == 1;
	}

	/// The handle, for the functions of a provider's own header. C: accel_queue_handle().
	uint64_t handle() const { return accel_queue_handle(get()); }

	/// A file descriptor to poll() for completions, owned by the queue. C: accel_queue_poll_fd().
	Result<int> poll_fd() const
	{
		accel_error error;
		int r = accel_queue_poll_fd(get(), &error);

		if (r < 0)
			return std::unexpected(Error(error));
		return r;
	}

	/// A fence that signals when the entry @sequence has completed. C: accel_queue_fence().
	Result<accel_fence> fence(uint64_t sequence) const
	{
		return detail::get<accel_fence>([&](auto *out, auto *e) {
			return accel_queue_fence(get(), sequence, out, e);
		});
	}

	/// Restart the queue after a fault. C: accel_queue_resume().
	Result<void> resume() const
	{
		return detail::run([this](accel_error *e) { return accel_queue_resume(get(), e); });
	}

	/// C: accel_queue_query().
	Result<accel_queue_info> query() const
	{
		return detail::answer<accel_queue_info>(
			[this](auto *out, auto *e) { return accel_queue_query(get(), out, e); });
	}

	/// Drops entries that were published and not started. C: accel_queue_destroy().
	Result<void> destroy()
	{
		auto ended = destroy_now();

		if (ended)
			ring_ = nullptr;
		return ended;
	}

private:
	explicit Queue(detail::Reference made)
		: Owner(std::move(made)), ring_(accel_queue_ring(get()))
	{}

	/// Returns whether all bytes of @descriptor beyond the size of an entry are zero.
	template <class Descriptor>
	bool fits(const Descriptor &descriptor) const
	{
		const auto *bytes = reinterpret_cast<const std::byte *>(&descriptor);
		const size_t room = ring_->entry_size;

		return sizeof(descriptor) <= room ||
		       std::all_of(bytes + room, bytes + sizeof(descriptor),
				   [](std::byte b) { return b == std::byte{}; });
	}

	accel_ring *ring_;
};

} // namespace accel

#endif
