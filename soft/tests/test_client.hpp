// SPDX-License-Identifier: MIT
// Common code of the tests of soft/: a client of the served uABI, like libaccel.
#pragma once

#include "ring/user_ring.hpp"
#include "soft/entry.h"
#include "soft/tests/test_process.hpp"
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

/// The time so many milliseconds from now.
uint64_t soon(uint64_t ms = 60000);

/// One open file. If a call that must succeed fails, the test fails with the text of the error.
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
	/// As send(), and expects success.
	template <class Message>
	void good(Message &&message)
	{
		EXPECT_EQ(message.deliver(transport()), 0) << message.error().text;
	}

	/// As send(), and expects the errno with its reason and a text.
	template <class Message>
	void refused(Message &&message, int code, unsigned reason)
	{
		EXPECT_EQ(send(message), -code) << message.error().text;
		EXPECT_EQ(message.error().reason, reason) << message.error().text;
		EXPECT_EQ(message.error().code, -code);
		EXPECT_NE(message.error().text[0], 0);
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

	/// Executes one command in a new channel. Returns the payload of the answer; stores its status in @status.
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
	std::optional<uint32_t> inline_limit = {}; // empty: measured; 0: no inline execution
};

/// A queue with its ring mapped. One thread may publish, unless it was created for several producers.
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
	/// Does not destroy the queue: the test or the client's destructor does.
	void forget() { handle_ = 0; }

	/// Publish one entry; the ring must have a free slot. Returns its sequence.
	uint64_t post(const Descriptor &descriptor);
	/// Publish all entries at once.
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

/// Pseudo-random bytes, the same at every call.
std::vector<uint8_t> noise(size_t bytes, uint32_t from = 1);

/// A batch that takes about ten milliseconds in any build, with elements of about ten microseconds. It must exist until
/// its completion or the destruction of the queue.
class LongWork {
public:
	LongWork();
	const Descriptor &descriptor() const { return batch_; }
	/// The memory that it reads, to be mapped (at @iova) in a mapped space.
	std::span<const uint8_t> memory() const { return zeros_; }
	std::span<const Descriptor> elements() const { return elements_; }
	/// Use other addresses for its input.
	void move_to(uint64_t zeros_iova, uint64_t elements_iova);

private:
	static constexpr unsigned kElements = 1024;

	std::vector<uint8_t> zeros_;
	std::vector<Descriptor> room_;
	std::span<Descriptor> elements_;
	Descriptor batch_{};
};

/// Any access to the memory (its whole pages) during the lifetime of this object ends the process by a signal.
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
