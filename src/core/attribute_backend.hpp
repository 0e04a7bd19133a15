// SPDX-License-Identifier: MIT
// Every operation of a device that speaks the attribute uABI, whatever carries the messages. A
// provider derives from it, delivers messages, maps memory, and adds only what its device alone
// has.
#pragma once

#include "core/backend.hpp"
#include "uabi/policy.hpp"

#include <accel/uabi/accel_client.hpp>

namespace accel::core {

/// Messages are made by the generated encoders and delivered by deliver(): an ioctl of an
/// accelerator node, or a call into the soft accelerator. The device checks every value, and its
/// error record is the failure.
class AttributeBackend : public Backend {
public:
	int call(accel_call &message) noexcept final;
	Result<void> trace(accel_trace_fn fn, void *context) override;
	Result<accel_device_caps> query() override;

	Result<uint64_t> create_address_space(uint32_t mode) override;
	Result<void> destroy_address_space(uint64_t space) override;
	Result<uint64_t> map(const MapRequest &request) override;
	Result<void> unmap(uint64_t space, uint64_t iova, uint64_t length) override;
	Result<accel_address_space_info> query_address_space(uint64_t space) override;

	Result<BufferMemory> create_buffer(uint64_t size) override;
	Result<BufferMemory> register_buffer(void *address, uint64_t length,
					     uint64_t access) override;
	Result<BufferMemory> import_buffer(int fd) override;
	Result<File> export_buffer(uint64_t buffer) override;
	Result<void> destroy_buffer(uint64_t buffer) override;

	Result<uint64_t> create_event(int fd) override;
	Result<void> destroy_event(uint64_t event) override;

	/// A driver with attributes of its own overrides it: fills its own message, then
	/// make_queue().
	Result<QueueMemory> create_queue(const QueueRequest &request) override;
	Result<void> destroy_queue(uint64_t queue) override;
	void kick(uint64_t queue) noexcept override;
	Result<void> resume_queue(uint64_t queue) override;
	Result<accel_queue_info> query_queue(uint64_t queue) override;

	Result<uint64_t> create_command(uint32_t scope) override;
	Result<void> destroy_command(uint64_t command) override;
	Result<uint64_t> execute(uint64_t command, std::span<const std::byte> request,
				 std::span<std::byte> response) override;

protected:
	/// @policy  of the uABI that the driver speaks, as this library knows it: for trace()
	/// @lacks   see Backend
	AttributeBackend(const uabi::Policy &policy, const char *lacks)
		: Backend(lacks), policy_(policy)
	{}

	/// Bring @message to the device and wait for its answer: 0 or a negative errno.
	virtual int deliver(accel_call &message) noexcept = 0;
	/// Map @size bytes of the device's file from @offset on; unmap_memory() gives them back. 0
	/// or -errno.
	virtual int map_memory(uint64_t offset, uint64_t size, void **memory) noexcept = 0;

	/// Fill in the common part of a queue.create message, deliver it and map the ring.
	template <class QueueCreate>
	Result<QueueMemory> make_queue(QueueCreate &message, const QueueRequest &request)
	{
		message.address_space(request.space).entries(request.entries);
		if (request.flags)
			message.flags(request.flags);
		if (request.has_event)
			message.event(request.event);
		if (auto sent = send(message); !sent)
			return std::unexpected(sent.error());
		return map_ring(message.handle(), message.map_offset(), message.layout());
	}

	/// Deliver @message, one of the generated ones.
	template <class Message>
	Result<void> send(Message &message)
	{
		int r = message.deliver({carry, this});

		return r < 0 ? Result<void>(failed(r, message.error())) : Result<void>();
	}

private:
	static int carry(void *self, accel_call *message);
	static std::unexpected<Failure> failed(int code, Failure record);

	Result<QueueMemory> map_ring(uint64_t queue, uint64_t offset,
				     const accel_ring_layout &layout);
	Result<BufferMemory> map_buffer(uint64_t buffer, uint64_t offset, uint64_t size);

	const uabi::Policy &policy_;
	accel_trace_fn trace_ = nullptr;
	void *trace_context_ = nullptr;
};

} // namespace accel::core
