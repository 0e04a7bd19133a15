// SPDX-License-Identifier: MIT
// An open qaic card: objects by its ioctls, messages to the firmware, and the creation of queues.
#pragma once

#include "core/gem_backend.hpp"
#include "providers/qaic/queue.hpp"

#include <array>
#include <atomic>
#include <mutex>

namespace accel::core::qaic {

class QaicBackend final : public GemBackend {
public:
	/// Takes ownership of @fd. @model: a literal.
	QaicBackend(int fd, const char *model);

	bool is_there() const noexcept override { return qaic::is_there(fd_); }
	Result<accel_device_caps> device_query() override;
	Result<uint64_t> command_create(const CommandCreateIn &in) override;
	Result<void> command_destroy(const CommandDestroyIn &in) override;
	Result<CommandExecuteOut> command_execute(const CommandExecuteIn &in) override;
	Result<std::unique_ptr<QueueBackend>> create_queue(const QueueRequest &request) override;

	/// Releases the channel of a queue that is destroyed.
	void end_queue(uint32_t channel, uint64_t space) noexcept;

protected:
	Result<uint32_t> make_object(uint64_t size, uint64_t flags) override;
	Result<uint64_t> object_offset(uint32_t handle) override;
	bool is_named(uint32_t handle) const noexcept override;

private:
	static Result<accel_qaic_queue_options> options_of(const QueueRequest &request);
	Result<void> take_channel(uint32_t channel);

	const char *model_;
	std::atomic<uint32_t> channels_ = 0; // one bit for each channel that has a queue
	mutable std::mutex names_mutex_;     // guards names_
	std::array<std::shared_ptr<Names>, ACCEL_QAIC_DBC_COUNT> names_;
};

} // namespace accel::core::qaic
