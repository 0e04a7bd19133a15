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

/// Whether the device is there and ready; asks for a buffer that cannot be.
bool is_there(int fd) noexcept;

/// What the shortest wait for a buffer may take: the kernel's timers end one to two ticks of its clock later, and the
/// longest tick that kernels are built with has 10 ms.
inline constexpr uint64_t kShortestWaitNs = 20'000'000;

/// The handles in the entries of a queue that have been published and have not completed. Thread-safe; the queue and the
/// backend share it, because either may end first.
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

	std::vector<std::atomic<uint32_t>> handles_; // 0: none; a power of two of them
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
	/* An entry that the kernel has. */
	struct Queued {
		uint64_t sequence;
		uint32_t handle;
	};

	uint32_t handle_at(uint64_t sequence) const noexcept;
	void name(const Run &run) noexcept;
	bool end(uint64_t sequence, uint8_t status, const accel_ring_record *record) noexcept;
	uint32_t queued(std::span<Queued> entries) const noexcept;
	/* What follows returns how many entries ended, or a negative errno if nothing can be told. */
	int look() noexcept;
	int look_at_each(std::span<const Queued> entries) noexcept;
	int look_again(const Queued &oldest) noexcept;
	int wait_for(const Queued &entry, uint32_t ms) noexcept;
	int times_of(std::span<const Queued> entries,
		     accel_qaic_perf_stats_entry *times) const noexcept;

	QaicBackend &backend_; // outlives the queue
	const Place place_;
	const std::shared_ptr<Names> names_;
	/* Of the thread that polls: the entry that it asks for again at the time. */
	uint64_t doubtful_ = UINT64_MAX;
	uint64_t ask_again_ns_ = 0;
};

} // namespace accel::core::qaic
