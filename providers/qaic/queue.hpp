// SPDX-License-Identifier: MIT
// A queue that feeds one channel of the DMA bridge.
#pragma once

#include "core/process_queue.hpp"

#include <accel/qaic.h>
#include <atomic>
#include <memory>
#include <span>
#include <vector>

namespace accel::core::qaic {

class QaicBackend;

/// Whether the device is present and ready; uses an ioctl with a handle that cannot exist.
bool is_there(int fd) noexcept;

/// The longest duration of the shortest wait for a buffer: the kernel's timers end one to two ticks later, and the
/// longest configurable tick is 10 ms.
inline constexpr uint64_t kShortestWaitNs = 20'000'000;

/// The handles in the published entries of a queue that have not completed. The thread that submits an entry stores its
/// handle before the ioctl; the thread that completes it clears the handle before the completion is visible. A thread
/// that frees destroyed buffers reads all handles, and keeps those that it finds. The queue and the backend share
/// ownership, because either may be destroyed first.
class Names {
public:
	explicit Names(uint32_t slots) : handles_(slots) {}

	void set(uint64_t sequence, uint32_t handle) noexcept
	{
		at(sequence).store(handle, std::memory_order_release);
	}
	void clear(uint64_t sequence) noexcept { set(sequence, 0); }
	bool has(uint32_t handle) const noexcept;

private:
	std::atomic<uint32_t> &at(uint64_t sequence) noexcept
	{
		return handles_[sequence & (handles_.size() - 1)];
	}

	std::vector<std::atomic<uint32_t>> handles_; // 0: none; the size is a power of two
};

class QaicQueue final : public ProcessQueue {
public:
	struct Place {
		int fd;
		uint32_t channel;
		uint64_t space;
		bool partial;
	};

	QaicQueue(ring::ProcessRing ring, QaicBackend &backend, const Place &place)
		: ProcessQueue(std::move(ring)),
		  backend_(backend),
		  place_(place),
		  names_(std::make_shared<Names>(ring_.slots()))
	{}

	uint64_t handle() const override { return place_.channel; }
	Result<void> destroy() override;
	const std::shared_ptr<Names> &names() const { return names_; }

protected:
	int submit(const Run &run) noexcept override;
	int reap(uint64_t deadline_ns) noexcept override;
	bool is_there() noexcept override { return qaic::is_there(place_.fd); }

private:
	/* An entry that the kernel has taken. */
	struct Queued {
		uint64_t sequence;
		uint32_t handle;
	};

	uint32_t handle_at(uint64_t sequence) const noexcept;
	void name(const Run &run) noexcept;
	bool end(uint64_t sequence, uint8_t status, const accel_ring_record *record) noexcept;
	uint32_t queued(std::span<Queued> entries) const noexcept;
	/* The functions below return how many entries ended, or a negative errno if this cannot be determined. */
	int poll_all() noexcept;
	int poll_each(std::span<const Queued> entries) noexcept;
	int poll_oldest(const Queued &oldest) noexcept;
	int wait_for(const Queued &entry, uint32_t ms) noexcept;
	int times_of(std::span<const Queued> entries,
		     accel_qaic_perf_stats_entry *times) const noexcept;

	QaicBackend &backend_; // must outlive the queue
	const Place place_;
	const std::shared_ptr<Names> names_;
	/* For the polling thread: the entry to check again, and when. */
	uint64_t untimed_ = UINT64_MAX;
	uint64_t check_again_ns_ = 0;
};

} // namespace accel::core::qaic
