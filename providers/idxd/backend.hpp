// SPDX-License-Identifier: MIT
// An open work queue: its address space is that of the process, its buffers are ordinary memory.
#pragma once

#include "core/driver_backend.hpp"
#include "providers/idxd/queue.hpp"

namespace accel::core::idxd {

class IdxdBackend final : public DriverBackend {
public:
	/// Takes ownership of the descriptor.
	IdxdBackend(Limits limits, std::string name, int fd);
	~IdxdBackend() override;

	void close() noexcept override;
	/* The kernel does not copy the portal's mapping to a child, so another mapping may be at its address. */
	void abandon() noexcept override;
	int map_memory(uint64_t offset, uint64_t size, void **memory) noexcept override;

	Result<accel_device_caps> device_query() override;
	Result<AddressSpaceCreateOut> address_space_create(const AddressSpaceCreateIn &in) override;
	Result<BufferCreateOut> buffer_create(const BufferCreateIn &in) override;
	Result<uint64_t> buffer_register(const BufferRegisterIn &in) override;
	Result<void> buffer_destroy(const BufferDestroyIn &in) override;
	Result<accel_buffer_info> buffer_query(const BufferQueryIn &in) override;
	Result<void> buffer_sync(const BufferSyncIn &in) override;
	Result<std::unique_ptr<QueueBackend>> create_queue(const QueueRequest &request) override;

private:
	struct Buffer {
		uint32_t kind;
		uint64_t size, address; // of memory of the process; else 0
	};

	Result<void> check_enabled();
	/* The caller holds mutex_. */
	Result<bool> choose_path(uint32_t path);
	Result<void> map_portal();
	Result<void> check_write() const;

	WorkQueue work_queue_;
	const std::string name_;
	std::mutex mutex_; // guards the members below, and the portal
	std::map<uint64_t, Buffer> buffers_;
	uint64_t next_ = 1; // next handle of a buffer or a queue
};

} // namespace accel::core::idxd
