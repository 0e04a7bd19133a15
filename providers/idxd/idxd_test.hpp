// SPDX-License-Identifier: MIT
// Shared by the tests of the idxd provider: a machine with work queues, and a queue of the library on one.
#pragma once

#include "mock/idxd/device.hpp"
#include "mock/kernel.hpp"
#include "mock/machine.hpp"
#include "sys/sys.hpp"

#include <accel/idxd.h>
#include <cstring>
#include <gtest/gtest.h>
#include <string>
#include <sys/mman.h>
#include <vector>

namespace accel::core::idxd {

using mock::IdxdDevice;
using mock::IdxdLie;
using mock::IdxdMachine;
using mock::IdxdOptions;

constexpr uint64_t kPage = 4096;
constexpr uint64_t kForever = UINT64_MAX;

inline uint64_t after_ms(uint64_t ms)
{
	return sys::now_ns() + ms * 1'000'000;
}

/* A device of the library with a space and a queue. A member whose creation failed is null, and error has the cause. */
struct Client {
	explicit Client(const std::string &name, uint32_t path = ACCEL_IDXD_PATH_WRITE,
			uint32_t entries = 64, uint64_t flags = 0)
	{
		if (accel_device_open(name.c_str(), &device, &error) == 0 &&
		    accel_address_space_create(device, ACCEL_ADDRESS_MODE_SHARED, &space, &error) ==
			    0)
			queue = make_queue(path, entries, flags);
		ring = accel_queue_ring(queue);
	}
	~Client() { end(); }
	Client(const Client &) = delete;
	Client &operator=(const Client &) = delete;

	accel_queue *make_queue(uint32_t path, uint32_t entries = 64, uint64_t flags = 0)
	{
		accel_idxd_queue_options own{.path = path, .reserved = 0};
		accel_queue_options options{};
		accel_queue *made = nullptr;

		options.size = sizeof(options);
		options.entries = entries;
		options.flags = flags;
		options.driver = &own;
		options.driver_size = sizeof(own);
		result = accel_queue_create(space, &options, &made, &error);
		return made;
	}
	void end()
	{
		EXPECT_EQ(accel_queue_destroy(std::exchange(queue, nullptr), &error), 0) << text();
		EXPECT_EQ(accel_address_space_destroy(std::exchange(space, nullptr), &error), 0)
			<< text();
		accel_device_close(std::exchange(device, nullptr));
	}
	const char *text() const { return error.record.text; }

	/* Returns the next entry to fill in. */
	accel_idxd_dsa_descriptor *next(uint64_t *at)
	{
		EXPECT_TRUE(accel_ring_reserve(ring, 1, at));
		return static_cast<accel_idxd_dsa_descriptor *>(accel_ring_entry(ring, *at));
	}
	template <class Fill>
	uint64_t post(Fill fill)
	{
		uint64_t at = 0;

		fill(next(&at));
		accel_ring_publish(ring, at, 1);
		return at;
	}
	/* Publishes @count entries of the operation nop at once. */
	void post_nops(uint32_t count)
	{
		uint64_t at = 0;

		EXPECT_TRUE(accel_ring_reserve(ring, count, &at));
		for (uint32_t i = 0; i < count; i++)
			accel_idxd_nop(static_cast<accel_idxd_dsa_descriptor *>(
					       accel_ring_entry(ring, at + i)),
				       0);
		accel_ring_publish(ring, at, count);
	}
	int wait(uint64_t deadline_ns) { return accel_queue_wait(queue, deadline_ns, &error); }
	/* Returns the next completion; status none after a timeout. */
	accel_completion take(uint64_t ms = 20'000)
	{
		accel_completion done{};

		if (!accel_ring_poll(ring, &done, 1)) {
			EXPECT_EQ(wait(after_ms(ms)), 0) << text();
			EXPECT_EQ(accel_ring_poll(ring, &done, 1), 1u);
		}
		return done;
	}
	template <class Fill>
	accel_completion run(Fill fill)
	{
		const uint64_t at = post(fill);
		const accel_completion done = take();

		EXPECT_EQ(done.sequence, at);
		return done;
	}

	accel_error error{};
	int result = 0;
	accel_device *device = nullptr;
	accel_address_space *space = nullptr;
	accel_queue *queue = nullptr;
	accel_ring *ring = nullptr;
};

/* Pages that the process has not accessed, between two inaccessible ones. */
class Pages {
public:
	explicit Pages(uint64_t bytes, int protection = PROT_READ | PROT_WRITE) : bytes_(bytes)
	{
		whole_ = static_cast<unsigned char *>(mmap(nullptr, bytes + 2 * kPage, PROT_NONE,
							   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
		EXPECT_EQ(mprotect(whole_ + kPage, bytes, protection), 0);
	}
	~Pages() { munmap(whole_, bytes_ + 2 * kPage); }
	Pages(const Pages &) = delete;
	Pages &operator=(const Pages &) = delete;

	unsigned char *at(uint64_t offset = 0) { return whole_ + kPage + offset; }

private:
	uint64_t bytes_;
	unsigned char *whole_;
};

class Idxd : public testing::Test {
protected:
	void start(const IdxdOptions &options = {}) { machine = mock::add_idxd(kernel, options); }
	~Idxd() override { EXPECT_TRUE(kernel.leaks().none()) << kernel.leaks().text; }

	mock::MockKernel kernel;
	mock::Machine presented{kernel};
	IdxdMachine machine;
};

struct Way {
	const char *name;
	const char *device;
	uint32_t path;
};

/* Both kinds of queue, both paths. */
class IdxdWays : public Idxd, public testing::WithParamInterface<Way> {
protected:
	void SetUp() override { start({.version = 2, .privileged = true}); }
	const std::shared_ptr<IdxdDevice> &device() const
	{
		return std::string(GetParam().device).ends_with(".0") ? machine.shared :
									machine.dedicated;
	}
};

/* For INSTANTIATE_TEST_SUITE_P in each file that has such tests. */
inline auto all_ways()
{
	return testing::Values(Way{"shared_write", "dsa/wq0.0", ACCEL_IDXD_PATH_WRITE},
			       Way{"shared_portal", "dsa/wq0.0", ACCEL_IDXD_PATH_PORTAL},
			       Way{"dedicated_write", "dsa/wq0.1", ACCEL_IDXD_PATH_WRITE},
			       Way{"dedicated_portal", "dsa/wq0.1", ACCEL_IDXD_PATH_PORTAL});
}
inline std::string way_name(const testing::TestParamInfo<Way> &way)
{
	return way.param.name;
}

inline std::vector<unsigned char> some_bytes(size_t size, unsigned seed = 1)
{
	std::vector<unsigned char> bytes(size);

	for (unsigned char &byte : bytes)
		byte = static_cast<unsigned char>((seed = seed * 1664525 + 1013904223) >> 24);
	return bytes;
}

} // namespace accel::core::idxd
