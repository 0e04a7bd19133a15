// SPDX-License-Identifier: MIT
// Stress test: many threads, clients, spaces and queues with every operation; every result is checked. The seed is
// printed; ACCEL_SEED repeats a run except for the scheduling of threads.
#include "soft/engine/engine.hpp"
#include "soft/tests/test_client.hpp"
#include "support/seed.hpp"

#include <thread>

namespace accel::core::softdev::test {
namespace {

/// One thread: a client, several queues, rounds of work, and a close during work.
class Actor {
public:
	explicit Actor(uint64_t seed) : random_(static_cast<unsigned>(seed)) {}

	void live(unsigned lives)
	{
		for (unsigned i = 0; i < lives && !testing::Test::HasFailure(); i++)
			one_life();
	}

private:
	static constexpr uint64_t kBytes = 20000;

	uint64_t any(uint64_t below) { return random_() % below; }

	void one_life()
	{
		Client client(static_cast<unsigned>(any(2)));
		std::vector<uint8_t> memory = noise(4 * kBytes, random_());
		const bool mapped = any(2);
		const uint64_t space = mapped ? client.mapped() : client.shared();
		const uint64_t base =
			mapped ? map(client, space, memory) : address_of(memory.data());
		std::vector<std::unique_ptr<TestQueue>> queues;

		for (uint64_t n = any(3) + 1; n; n--)
			queues.push_back(std::make_unique<TestQueue>(client, space, options()));
		for (uint64_t n = any(30); n; n--)
			round(*queues[any(queues.size())], memory.data(), base);
		if (any(2)) {
			/* Leave entries unfinished; they only read, since the test does not wait for them. */
			for (auto &queue : queues) {
				for (uint64_t n = any(8); n; n--)
					queue->post(crc32c(base, kBytes));
				queue->forget();
			}
			client.close();
		}
	}

	QueueOptions options()
	{
		constexpr uint64_t kFlags[] = {0, ACCEL_QUEUE_FLAGS_STATUS_PHASE,
					       ACCEL_QUEUE_FLAGS_MULTI_PRODUCER,
					       ACCEL_QUEUE_FLAGS_STOP_ON_FAULT};

		return {.entries = 8u << any(3),
			.flags = kFlags[any(4)],
			.parallel = static_cast<uint32_t>(any(4))};
	}

	/* Adjacent mappings of random sizes, so that ranges span their borders. */
	uint64_t map(Client &client, uint64_t space, std::vector<uint8_t> &memory)
	{
		constexpr uint64_t kBase = uint64_t{1} << 30;

		for (uint64_t at = 0; at < memory.size();) {
			uint64_t n = std::min<uint64_t>(any(kBytes) + 1, memory.size() - at);
			client.map_at(space, kBase + at, memory.data() + at, n);
			at += n;
		}
		return kBase;
	}

	/* Four areas of kBytes: input, output, packed (two). */
	void round(TestQueue &queue, uint8_t *memory, uint64_t base)
	{
		const uint64_t n = any(kBytes) + 1, offset = any(kBytes - n + 1);
		const uint64_t in = base + offset, out = base + kBytes + offset,
			       packed = base + 2 * kBytes;
		const uint8_t *in_memory = memory + offset, *out_memory = memory + kBytes + offset;

		switch (any(5)) {
		case 0:
			EXPECT_EQ(queue.run(copy(out, in, n)).status, ACCEL_RING_STATUS_SUCCESS);
			EXPECT_EQ(memcmp(in_memory, out_memory, n), 0);
			break;
		case 1: {
			accel_completion done = queue.run(copy_crc32c(out, in, n, 3));
			EXPECT_EQ(done.result, engine::crc32c(3, in_memory, n));
			EXPECT_EQ(queue.run(compare(in, out, n)).result, n);
			break;
		}
		case 2: {
			accel_completion done = queue.run(deflate(packed, 2 * kBytes, in, n));
			ASSERT_EQ(done.status, ACCEL_RING_STATUS_SUCCESS);
			done = queue.run(inflate(out, n, packed, done.result));
			EXPECT_EQ(done.result, n);
			EXPECT_EQ(memcmp(in_memory, out_memory, n), 0);
			break;
		}
		case 3: many(queue, in, n); break;
		case 4: {
			accel_completion done = queue.run(fill(out, n, 0x5555555555555555));
			EXPECT_EQ(done.status, ACCEL_RING_STATUS_SUCCESS);
			EXPECT_EQ(std::count(out_memory, out_memory + n, 0x55),
				  static_cast<ptrdiff_t>(n));
			break;
		}
		}
	}

	/* As many as fit the ring, without waiting. */
	void many(TestQueue &queue, uint64_t in, uint64_t n)
	{
		const uint32_t entries = queue.ring()->mask + 1;
		const uint64_t first = queue.post(crc32c(in, n));

		for (uint32_t i = 1; i < entries; i++)
			queue.post(any(4) ? nop() : crc32c(in, n));
		auto done = queue.take(entries);
		for (uint32_t i = 0; i < entries; i++) {
			EXPECT_EQ(done[i].sequence, first + i);
			EXPECT_EQ(done[i].status, ACCEL_RING_STATUS_SUCCESS);
			if (done[i].result) {
				EXPECT_EQ(done[i].result, done[0].result);
			}
		}
	}

	std::minstd_rand random_;
};

TEST(Stress, ManyClientsAndQueues)
{
	constexpr unsigned kThreads = 4, kLives = 25;
	const uint64_t start = support::seed();
	const size_t files = open_files(), before = threads_at_rest();
	std::vector<std::thread> actors;

	for (unsigned t = 0; t < kThreads; t++)
		actors.emplace_back([start, t] { Actor(start + t).live(kLives); });
	for (auto &actor : actors)
		actor.join();
	EXPECT_EQ(open_files(), files);
	EXPECT_EQ(threads(), before);
}

TEST(Stress, OneClientManyThreads)
{
	constexpr unsigned kThreads = 4, kRounds = 60;
	const uint64_t start = support::seed();
	Client client;
	const uint64_t space = client.mapped();
	std::vector<std::thread> all;

	for (unsigned t = 0; t < kThreads; t++)
		all.emplace_back([&, t] {
			std::minstd_rand random(static_cast<unsigned>(start + t));
			for (unsigned i = 0; i < kRounds; i++) {
				std::vector<uint8_t> memory =
					noise(random() % 9000 + 1000, random());
				const uint64_t bytes = memory.size() / 2;
				const uint64_t iova =
					client.map(space, memory.data(), memory.size());
				TestQueue queue(client, space,
						{.entries = 8,
						 .parallel = static_cast<uint32_t>(random() % 3)});
				EXPECT_EQ(queue.run(copy(iova + bytes, iova, bytes)).status,
					  ACCEL_RING_STATUS_SUCCESS);
				EXPECT_EQ(queue.run(compare(iova + bytes, iova, bytes)).result,
					  bytes);
				EXPECT_EQ(client.unmap(space, iova, memory.size()), 0);
			}
		});
	for (auto &thread : all)
		thread.join();
	AddressSpaceQuery query;
	client.good(query.handle(space).want_mappings());
	EXPECT_EQ(query.mappings(), 0u);
}

} // namespace
} // namespace accel::core::softdev::test
