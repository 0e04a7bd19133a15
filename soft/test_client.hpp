// SPDX-License-Identifier: MIT
// What the tests of soft/ share: a client of the served uABI, as libaccel is one.
#pragma once

#include "ring/user_ring.hpp"
#include "soft/entry.h"
#include "soft/test_process.hpp"
#include "sys/sys.hpp"

#include <accel/ring.h>
#include <accel/uabi/soft_client.hpp>
#include <cstdint>
#include <cstring>
#include <gtest/gtest.h>
#include <memory>
#include <optional>
#include <random>
#include <span>
#include <utility>
#include <vector>

namespace accel::core::softdev::test {

using namespace uabi::soft;
using accel::core::test::open_files, accel::core::test::threads, accel::core::test::threads_at_rest;
using uabi::AnyMessage;
using uabi::Need;
using uabi::Transport;
using Descriptor = accel_soft_descriptor;

inline constexpr uint64_t kRead = ACCEL_ACCESS_READ, kWrite = ACCEL_ACCESS_WRITE,
			  kReadWrite = kRead | kWrite;
inline constexpr uint64_t kPageBytes = 4096;

inline uint64_t address_of(const void *p)
{
	return reinterpret_cast<uintptr_t>(p);
}

/// The seed of everything random in the tests, printed; the environment's ACCEL_SEED repeats a run.
uint64_t seed();
/// Now and so many milliseconds.
uint64_t soon(uint64_t ms = 60000);

/// One open file. A call that fails where success is asked for fails the test, with the error's text.
class Client {
public:
	explicit Client(unsigned index = 0);
	~Client() { close(); }
	Client(const Client &) = delete;
	Client &operator=(const Client &) = delete;
	void close() { entry().close(std::exchange(file_, nullptr)); }

	static const accel_soft_functions &entry() { return *accel_soft_entry(); }
	accel_soft_file *file() const { return file_; }
	Transport transport() { return {deliver, this}; }

	template <class Message>
	int send(Message &message)
	{
		return message.deliver(transport());
	}
	/// send(), and success is expected.
	template <class Message>
	void good(Message &&message)
	{
		EXPECT_EQ(message.deliver(transport()), 0) << message.error().text;
	}

	uint64_t space(uint32_t mode);
	uint64_t shared() { return space(ACCEL_ADDRESS_MODE_SHARED); }
	uint64_t mapped() { return space(ACCEL_ADDRESS_MODE_MAPPED); }
	uint64_t map(uint64_t space, const void *address, uint64_t length,
		     uint64_t access = kReadWrite);
	uint64_t map_at(uint64_t space, uint64_t iova, const void *address, uint64_t length,
			uint64_t access = kReadWrite);
	int unmap(uint64_t space, uint64_t iova, uint64_t length);
	uint64_t stream();
	uint64_t event(int fd);
	int destroy_space(uint64_t space);
	int destroy_queue(uint64_t queue);
	int destroy_buffer(uint64_t buffer);
	int destroy_stream(uint64_t stream);
	accel_soft_health health();

	/// One command in a channel of its own. The answer's payload; its status into @status.
	std::vector<std::byte> command(uint32_t opcode, uint32_t argument = 0, uint64_t value = 0,
				       uint32_t *status = nullptr);
	void set_workers(uint32_t workers);
	void set_spin_ns(uint64_t ns);
	void inject(unsigned op, uint64_t count);

private:
	static int deliver(void *client, accel_call *message)
	{
		return entry().call(static_cast<Client *>(client)->file_, message);
	}

	accel_soft_file *file_ = nullptr;
};

struct QueueOptions {
	uint32_t entries = 64;
	uint64_t flags = 0;
	uint64_t event = 0;
	uint32_t parallel = 0;
	std::optional<uint32_t> inline_limit =
		{}; // measured without one; 0: every descriptor is the worker's
};

/// A queue with its ring mapped. Posting is for one thread unless it was made for several.
class TestQueue {
public:
	TestQueue(Client &client, uint64_t space, const QueueOptions &options = {});
	~TestQueue();
	TestQueue(const TestQueue &) = delete;
	TestQueue &operator=(const TestQueue &) = delete;

	uint64_t handle() const { return handle_; }
	accel_ring *ring() { return ring_->get(); }
	void *memory() const { return memory_; }
	uint64_t bytes() const { return bytes_; }
	/// The client's destructor ends the queue, or the test has.
	void forget() { handle_ = 0; }

	/// Post one; the ring must have room. Returns its sequence.
	uint64_t post(const Descriptor &descriptor);
	/// Post all at once.
	void post_all(std::span<const Descriptor> descriptors);
	/// Wait for one completion.
	accel_completion take();
	std::vector<accel_completion> take(size_t count);
	/// post() and take().
	accel_completion run(const Descriptor &descriptor)
	{
		post(descriptor);
		return take();
	}
	uint32_t state();
	accel_soft_health counters(); // submitted, completed, faults of the queue; kicks in queues

private:
	static void doorbell(void *queue);

	Client &client_;
	uint64_t handle_ = 0;
	void *memory_ = nullptr;
	uint64_t bytes_ = 0;
	std::optional<ring::UserRing> ring_;
};

Descriptor nop(uint8_t flags = 0);
Descriptor copy(uint64_t dst, uint64_t src, uint64_t length, uint8_t flags = 0);
Descriptor fill(uint64_t dst, uint64_t length, uint64_t pattern);
Descriptor compare(uint64_t a, uint64_t b, uint64_t length);
Descriptor crc32c(uint64_t src, uint64_t length, uint32_t crc = 0);
Descriptor copy_crc32c(uint64_t dst, uint64_t src, uint64_t length, uint32_t crc = 0);
Descriptor deflate(uint64_t dst, uint64_t room, uint64_t src, uint64_t length, uint16_t level = 1);
Descriptor inflate(uint64_t dst, uint64_t room, uint64_t src, uint64_t length, uint64_t stream = 0,
		   uint8_t flags = 0);
Descriptor batch(const Descriptor *first, uint32_t count, accel_ring_record *records = nullptr,
		 uint8_t flags = 0);

/// Bytes that look random and are the same every time.
std::vector<uint8_t> noise(size_t bytes, uint32_t from = 1);

/// Work for some ten milliseconds whatever the build, in pieces of some ten microseconds: a batch. Stays where it
/// is until the test has its completion, or has ended the queue.
class LongWork {
public:
	LongWork();
	const Descriptor &descriptor() const { return batch_; }
	/// The memory it reads, for spaces in which it must be mapped (at @iova) first.
	std::span<const uint8_t> memory() const { return zeros_; }
	std::span<const Descriptor> elements() const { return elements_; }
	/// Read through other addresses.
	void move_to(uint64_t zeros_iova, uint64_t elements_iova);

private:
	static constexpr unsigned kElements = 1024;

	std::vector<uint8_t> zeros_;
	std::vector<Descriptor> room_;
	std::span<Descriptor> elements_;
	Descriptor batch_{};
};

/// Whoever touches the memory (its whole pages) while this lives ends the process by a signal.
class Forbidden {
public:
	explicit Forbidden(std::span<const uint8_t> memory);
	~Forbidden();
	Forbidden(const Forbidden &) = delete;
	Forbidden &operator=(const Forbidden &) = delete;

private:
	void *begin_;
	size_t bytes_;
};

} // namespace accel::core::softdev::test
