// SPDX-License-Identifier: MIT
// For tests: a device without insides that counts what it is asked, has a real ring, and fails on
// demand.
#pragma once

#include "core/device.hpp"
#include "ring/device_ring.hpp"
#include "ring/user_ring.hpp"

#include <atomic>
#include <map>
#include <sys/mman.h>

namespace accel::core::fake {

/// What the device has and was asked, for the test to look at. Outlives the device.
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

	Result<void> ask(const char *operation, int change)
	{
		asked[operation]++;
		if (fail == operation)
			return accel::core::fail(code, ACCEL_REASON_DEVICE, "%s was made to fail",
						 operation);
		objects += change;
		return {};
	}
};

class FakeBackend final : public Backend {
public:
	explicit FakeBackend(State &state) : Backend("it is a fake"), s_(state) {}

	void close() noexcept override { s_.closed++; }
	void abandon() noexcept override { s_.abandoned++; }
	void unmap_memory(void *address, uint64_t size) noexcept override
	{
		s_.mappings--;
		munmap(address, size);
	}

	Result<uint64_t> create_address_space(uint32_t) override { return made("space+"); }
	Result<void> destroy_address_space(uint64_t) override { return s_.ask("space-", -1); }
	Result<uint64_t> map(const MapRequest &request) override
	{
		if (auto r = s_.ask("map", 0); !r)
			return std::unexpected(r.error());
		return request.fixed_iova ? request.fixed_iova : 0x1000;
	}
	Result<void> unmap(uint64_t, uint64_t, uint64_t) override { return s_.ask("unmap", 0); }

	Result<BufferMemory> create_buffer(uint64_t size) override
	{
		return memory("buffer+", size);
	}
	Result<BufferMemory> import_buffer(int) override { return memory("import+", 4096); }
	Result<BufferMemory> register_buffer(void *, uint64_t length, uint64_t) override
	{
		auto handle = made("register+");

		if (!handle)
			return std::unexpected(handle.error());
		return BufferMemory{*handle, nullptr, length};
	}
	Result<void> destroy_buffer(uint64_t) override { return s_.ask("buffer-", -1); }

	Result<uint64_t> create_event(int) override { return made("event+"); }
	Result<void> destroy_event(uint64_t) override { return s_.ask("event-", -1); }

	Result<QueueMemory> create_queue(const QueueRequest &request) override
	{
		s_.layout = ring::make_layout(request.entries, 64, ACCEL_RING_PUBLICATION_INDEX,
					      request.flags, ACCEL_RING_WAKE_ORDER_BOTH);
		auto ring = memory("queue+", s_.layout.size);

		if (!ring)
			return std::unexpected(ring.error());
		s_.ring = ring->address;
		accel_ring_layout layout = s_.layout;
		if (s_.bad_layout)
			layout.entry_size = 63;
		return QueueMemory{ring->handle, ring->address, s_.layout.size, layout};
	}
	Result<void> destroy_queue(uint64_t) override { return s_.ask("queue-", -1); }
	void kick(uint64_t) noexcept override { s_.asked["kick"]++; }
	Result<void> resume_queue(uint64_t) override { return s_.ask("resume", 0); }

	Result<uint64_t> create_command(uint32_t) override { return made("command+"); }
	Result<void> destroy_command(uint64_t) override { return s_.ask("command-", -1); }

private:
	Result<uint64_t> made(const char *operation)
	{
		if (auto r = s_.ask(operation, 1); !r)
			return std::unexpected(r.error());
		return s_.next++;
	}

	Result<BufferMemory> memory(const char *operation, uint64_t size)
	{
		auto handle = made(operation);

		if (!handle)
			return std::unexpected(handle.error());
		void *p = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
			       -1, 0);
		s_.mappings++;
		return BufferMemory{*handle, p, size};
	}

	State &s_;
};

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
