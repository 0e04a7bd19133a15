// SPDX-License-Identifier: MIT
// One descriptor of soft0, executed inline by the caller, compared with the bare library call that a program would
// make instead. One thread.
#include "gbench.hpp"
#include "soft_client.hpp"

#include <cstring>
#include <isa-l.h>
#include <vector>

namespace {

using namespace bench;

constexpr uint32_t kLargest = 65536;
constexpr size_t kBuffers =
	16; // used in turn; with their copies they fit into the second-level cache

struct Memory {
	std::vector<unsigned char> from = std::vector<unsigned char>(kBuffers * kLargest + 64);
	std::vector<unsigned char> to = std::vector<unsigned char>(kBuffers * kLargest + 64);

	unsigned char *source(size_t i, size_t bytes) { return from.data() + i % kBuffers * bytes; }
	unsigned char *target(size_t i, size_t bytes) { return to.data() + i % kBuffers * bytes; }
};

struct Case {
	accel_ring *ring;
	Memory *memory;
	size_t bytes;
};

/// The buffers and the expected result of an operation.
struct Proof {
	bool copies = false;
	bool sums = false;
};

/// @done: the completion of an additional descriptor that used the first buffers.
void verify(const Case &c, const accel_completion &done, Proof proof)
{
	if (done.status != ACCEL_RING_STATUS_SUCCESS)
		die("a descriptor failed: %s", accel_status_name(done.status));
	if (proof.copies &&
	    std::memcmp(c.memory->to.data(), c.memory->from.data(), kBuffers * c.bytes) != 0)
		die("a copy of %zu bytes differs from its source", c.bytes);
	// ISA-L does not invert the register; the descriptor's value is inverted before and after.
	if (proof.sums && done.result != uint32_t(~crc32_iscsi(c.memory->source(0, c.bytes),
							       static_cast<int>(c.bytes), ~0U)))
		die("a checksum of %zu bytes is wrong", c.bytes);
}

template <class Fill>
void descriptor(benchmark::State &state, const Case &c, Proof proof, Fill fill)
{
	size_t i = 0;
	auto put = [&](accel_soft_descriptor *d, uint64_t) {
		fill(d, c.memory->target(i, c.bytes), c.memory->source(i, c.bytes));
	};

	// Clears the results of earlier copies.
	std::memset(c.memory->to.data(), 0, c.memory->to.size());
	for (auto _ : state) {
		post(c.ring, 1, put);
		while (!poll_some(c.ring))
			;
		i++;
	}
	accel_completion done;

	i = 0;
	post(c.ring, 1, put);
	while (!accel_ring_poll(c.ring, &done, 1))
		;
	verify(c, done, proof);
}

template <class Work>
void bare(benchmark::State &state, const Case &c, Work work)
{
	size_t i = 0;

	for (auto _ : state) {
		work(c.memory->target(i, c.bytes), c.memory->source(i, c.bytes));
		i++;
	}
}

void add(const std::string &name, size_t bytes, auto function)
{
	benchmark::RegisterBenchmark((name + "/" + std::to_string(bytes)).c_str(), function)
		->Iterations(bytes <= 4096 ? 20000 : 2000);
}

void add_bare(Case c)
{
	add("bare/memcpy", c.bytes, [c](benchmark::State &state) {
		bare(state, c, [&](unsigned char *to, unsigned char *from) {
			std::memcpy(to, from, c.bytes);
			keep(to);
		});
	});
	add("bare/crc32c", c.bytes, [c](benchmark::State &state) {
		bare(state, c, [&](unsigned char *, unsigned char *from) {
			keep(crc32_iscsi(from, static_cast<int>(c.bytes), 0));
		});
	});
	add("bare/memcpy+crc32c", c.bytes, [c](benchmark::State &state) {
		bare(state, c, [&](unsigned char *to, unsigned char *from) {
			std::memcpy(to, from, c.bytes);
			keep(crc32_iscsi(to, static_cast<int>(c.bytes), 0));
		});
	});
}

void add_ours(Case c)
{
	add("inline/copy", c.bytes, [c](benchmark::State &state) {
		descriptor(state, c, {.copies = true},
			   [&](accel_soft_descriptor *d, unsigned char *to, unsigned char *from) {
				   accel_soft_copy(d, to, from, c.bytes, 0);
			   });
	});
	add("inline/crc32c", c.bytes, [c](benchmark::State &state) {
		descriptor(state, c, {.sums = true},
			   [&](accel_soft_descriptor *d, unsigned char *, unsigned char *from) {
				   accel_soft_crc32c(d, from, c.bytes, 0, 0);
			   });
	});
	add("inline/copy-crc32c", c.bytes, [c](benchmark::State &state) {
		descriptor(state, c, {.copies = true, .sums = true},
			   [&](accel_soft_descriptor *d, unsigned char *to, unsigned char *from) {
				   accel_soft_copy_crc32c(d, to, from, c.bytes, 0, 0);
			   });
	});
}

} // namespace

int main()
{
	raise_priority();

	Soft soft;
	Memory memory;
	accel_queue *queue = soft.make_queue(64, 0, kLargest);

	for (size_t i = 0; i < memory.from.size(); i++)
		memory.from[i] = static_cast<unsigned char>(i * 7 + i / 4096);
	for (size_t bytes : {size_t{64}, size_t{512}, size_t{4096}, size_t{kLargest}}) {
		Case c{accel_queue_ring(queue), &memory, bytes};

		add_bare(c);
		add_ours(c);
	}
	int status = serve_benchmarks();
	accel_queue_destroy(queue, nullptr);
	return status;
}
