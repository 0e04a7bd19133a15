// SPDX-License-Identifier: MIT
// For tests: a device that counts calls, has a real ring, and fails on demand.
#pragma once

#include "core/device.hpp"
#include "ring/device_ring.hpp"
#include "ring/user_ring.hpp"

#include <atomic>
#include <functional>
#include <map>
#include <sys/mman.h>

namespace accel::core::fake {

/// State of the device and the calls it got. Outlives the device.
struct State {
	std::map<std::string, int> asked; // by operation
	std::string fail;		  // the operation that fails
	int code = EBUSY;		  // with which errno
	uint64_t next = 1;		  // handle
	int objects = 0;		  // live
	int mappings = 0;		  // of memory into the process
	int closed = 0, abandoned = 0;
	void *ring = nullptr;
	accel_ring_layout layout{};
	bool bad_layout = false;
	std::function<void()> creating_queue; // called during create_queue()

	Result<void> ask(const char *operation, int change)
	{
		asked[operation]++;
		if (fail == operation)
			return core::fail(code, ACCEL_REASON_DEVICE, "%s fails in this test",
					  operation);
		objects += change;
		return {};
	}
};

/* A queue with a real ring; the test completes entries as the device. */
class FakeQueue final : public QueueBackend {
public:
	FakeQueue(State &state, uint64_t handle, void *memory)
		: s_(state), handle_(handle), memory_(memory)
	{}
	~FakeQueue() override
	{
		s_.mappings--;
		munmap(memory_, s_.layout.size);
	}

	ring::RingMemory ring() const override
	{
		accel_ring_layout layout = s_.layout;

		if (s_.bad_layout)
			layout.entry_size = 63;
		return {.memory = memory_, .size = s_.layout.size, .layout = layout};
	}
	uint64_t handle() const override { return handle_; }
	void kick() noexcept override { s_.asked["kick"]++; }
	Result<void> resume() override { return s_.ask("resume", 0); }
	Result<accel_queue_info> query() override { return accel_queue_info{}; }
	Result<void> destroy() override { return s_.ask("queue-", -1); }

private:
	State &s_;
	const uint64_t handle_;
	void *const memory_;
};

class FakeBackend final : public Backend {
public:
	explicit FakeBackend(State &state) : Backend("it is a fake"), s_(state) {}

	void close() noexcept override { s_.closed++; }
	void abandon() noexcept override { s_.abandoned++; }

	int map_memory(uint64_t, uint64_t size, void **memory) noexcept override
	{
		*memory = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
			       -1, 0);
		s_.mappings++;
		return 0;
	}
	void unmap_memory(void *address, uint64_t size) noexcept override
	{
		s_.mappings--;
		munmap(address, size);
	}

	Result<AddressSpaceCreateOut> address_space_create(const AddressSpaceCreateIn &) override
	{
		auto handle = made("space+");

		if (!handle)
			return std::unexpected(handle.error());
		return AddressSpaceCreateOut{.handle = *handle, .pasid = {}};
	}
	Result<void> address_space_destroy(const AddressSpaceDestroyIn &) override
	{
		return s_.ask("space-", -1);
	}
	Result<uint64_t> address_space_map(const AddressSpaceMapIn &in) override
	{
		if (auto r = s_.ask("map", 0); !r)
			return std::unexpected(r.error());
		return in.fixed_iova.value_or(0x1000);
	}
	Result<void> address_space_unmap(const AddressSpaceUnmapIn &) override
	{
		return s_.ask("unmap", 0);
	}

	Result<BufferCreateOut> buffer_create(const BufferCreateIn &in) override
	{
		auto handle = made("buffer+");

		if (!handle)
			return std::unexpected(handle.error());
		return BufferCreateOut{.handle = *handle,
				       .map_offset = 0,
				       .actual_size = in.size,
				       .device_address = {}};
	}
	Result<BufferImportOut> buffer_import(const BufferImportIn &) override
	{
		auto handle = made("import+");

		if (!handle)
			return std::unexpected(handle.error());
		return BufferImportOut{.handle = *handle, .map_offset = 0, .size = 4096};
	}
	Result<uint64_t> buffer_register(const BufferRegisterIn &) override
	{
		return made("register+");
	}
	Result<void> buffer_destroy(const BufferDestroyIn &) override
	{
		return s_.ask("buffer-", -1);
	}

	Result<uint64_t> event_create(const EventCreateIn &) override { return made("event+"); }
	Result<void> event_destroy(const EventDestroyIn &) override { return s_.ask("event-", -1); }

	Result<std::unique_ptr<QueueBackend>> create_queue(const QueueRequest &request) override
	{
		s_.layout = ring::make_layout(request.entries, 64, ACCEL_RING_PUBLICATION_INDEX,
					      request.flags, ACCEL_RING_WAKE_ORDER_BOTH);
		auto handle = made("queue+");

		if (!handle)
			return std::unexpected(handle.error());
		(void)map_memory(0, s_.layout.size, &s_.ring);
		if (s_.creating_queue)
			s_.creating_queue();
		return std::make_unique<FakeQueue>(s_, *handle, s_.ring);
	}

	Result<uint64_t> command_create(const CommandCreateIn &) override
	{
		return made("command+");
	}
	Result<void> command_destroy(const CommandDestroyIn &) override
	{
		return s_.ask("command-", -1);
	}

private:
	Result<uint64_t> made(const char *operation)
	{
		if (auto r = s_.ask(operation, 1); !r)
			return std::unexpected(r.error());
		return s_.next++;
	}

	State &s_;
};

/// Options of a plain buffer.
inline accel_buffer_options buffer_options(uint64_t length)
{
	return {.size = sizeof(accel_buffer_options), .length = length};
}

class FakeProvider final : public Provider {
public:
	explicit FakeProvider(State &state) : state_(state) {}

	const char *name() const override { return "fake"; }
	const char *tested() const override { return "mock"; }
	void discover(Discovery &) const override {}
	Result<std::unique_ptr<Backend>> open(const DeviceEntry &) const override
	{
		if (auto r = state_.ask("open", 0); !r)
			return std::unexpected(r.error());
		return std::make_unique<FakeBackend>(state_);
	}

private:
	State &state_;
};

} // namespace accel::core::fake
