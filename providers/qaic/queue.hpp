// SPDX-License-Identifier: MIT
// A queue that feeds one channel of the DMA bridge.
#pragma once

#include "core/process_queue.hpp"

#include <accel/qaic.h>
#include <span>

namespace accel::core::qaic {

class QaicBackend;

/// Whether the device is there and ready; asks for a buffer that cannot be.
bool is_there(int fd) noexcept;

/// The longest tick of the clock that kernels are built with, which is what the shortest wait for a buffer may take.
inline constexpr uint64_t kLongestTickNs = 10'000'000;

class QaicQueue final : public ProcessQueue {
public:
	struct Place {
		int fd;
		uint32_t channel;
		uint64_t space;
		bool partial;
	};

	QaicQueue(ring::ProcessRing ring, QaicBackend &backend, const Place &place)
		: ProcessQueue(std::move(ring)), backend_(backend), place_(place)
	{}

	uint64_t handle() const override { return place_.channel; }
	Result<void> destroy() override;

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
	/* Of the thread that polls: the entry that it asks for again at the time. */
	uint64_t doubtful_ = UINT64_MAX;
	uint64_t ask_again_ns_ = 0;
};

} // namespace accel::core::qaic
