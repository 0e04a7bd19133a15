// SPDX-License-Identifier: MIT
// Obligations: descriptors that fail, and the state of the queue afterwards.
#include "conform/tests.hpp"
#include "conform/work.hpp"

#include <cerrno>
#include <cstring>
#include <deque>

namespace accel::conform::tests {

namespace {

constexpr uint64_t kNowhere = uint64_t{1} << 40, kFixed = uint64_t{1} << 36;

accel_queue_info query(const Runner &runner)
{
	accel_queue_info info{.size = sizeof(info)};

	CHECK_OK(accel_queue_query(runner.queue(), &info, err()));
	return info;
}

/* With several workers a descriptor may start before an earlier one fails, unless it is fenced. */
bool starts_early(const Test &test)
{
	return test.options().parallel > 1;
}

} // namespace

void fault_says_where(Test &test)
{
	Space space = test.space(ACCEL_ADDRESS_MODE_MAPPED);
	Memory memory(space, 4096);
	Runner runner(test, space);

	runner.work().need_faults();
	accel_completion read = runner.run_copy(memory.iova(), kNowhere, 100);
	accel_completion write = runner.run_copy(kNowhere + 8192, memory.iova(), 100);

	CHECK_STATUS(read, ACCEL_RING_STATUS_READ_FAULT);
	CHECK_EQ(read.field, runner.workload().from_field);
	CHECK(read.address >= kNowhere && read.address < kNowhere + 100, "{}",
	      completion_text(read));
	CHECK_STATUS(write, ACCEL_RING_STATUS_WRITE_FAULT);
	CHECK_EQ(write.field, runner.workload().to_field);
	CHECK(write.address >= kNowhere + 8192 && write.address < kNowhere + 8292, "{}",
	      completion_text(write));
}

void bad_descriptors(Test &test)
{
	Space space = test.any_space();
	Runner runner(test, space);

	CHECK_STATUS(runner.run_unknown(), ACCEL_RING_STATUS_BAD_OPCODE);
	accel_completion c = runner.run_malformed();

	CHECK_STATUS(c, ACCEL_RING_STATUS_BAD_FIELD);
	CHECK_EQ(c.field, runner.workload().malformed_field);
	/* All ones is not a valid descriptor of any device. */
	c = runner.run([&](uint64_t at) {
		std::memset(accel_ring_entry(runner.ring(), at), 0xff, runner.ring()->entry_bytes);
	});
	CHECK(c.status == ACCEL_RING_STATUS_BAD_OPCODE || c.status == ACCEL_RING_STATUS_BAD_FIELD,
	      "{}", completion_text(c));
	CHECK_STATUS(runner.run_nop(), ACCEL_RING_STATUS_SUCCESS);
}

void success_has_no_fault(Test &test)
{
	Space space = test.any_space();
	Memory memory(space, 4096);
	Runner runner(test, space, 4);

	/* Reuse slots that contained a fault record. */
	for (int i = 0; i < 50; i++) {
		accel_completion bad = runner.run_malformed();

		CHECK_STATUS(bad, ACCEL_RING_STATUS_BAD_FIELD);
		for (int k = 0; k < 6; k++) {
			accel_completion c = runner.run_copy(memory.iova(64), memory.iova(), 8);

			CHECK_STATUS(c, ACCEL_RING_STATUS_SUCCESS);
			CHECK_EQ(c.field, 0);
			CHECK_EQ(c.address, 0u);
		}
	}
}

void queue_goes_on(Test &test)
{
	Space space = test.any_space();
	Memory memory(space, 8192);
	Runner runner(test, space, 32);

	memory.randomize(test);
	for (int i = 0; i < 100; i++) {
		runner.post_unknown();
		runner.post_copy(memory.iova(4096), memory.iova(test.pick(0, 255) * 16), 16);
		CHECK_STATUS(runner.take(), ACCEL_RING_STATUS_BAD_OPCODE);
		CHECK_STATUS(runner.take(), ACCEL_RING_STATUS_SUCCESS);
	}
	CHECK_EQ(query(runner).state, ACCEL_QUEUE_STATE_RUNNING);
	CHECK_EQ(query(runner).faults, 100u);
}

void stop_cancels(Test &test)
{
	Space space = test.any_space();
	Memory memory(space, 8192);
	Runner runner(test, space, 32, ACCEL_QUEUE_FLAGS_STOP_ON_FAULT);

	memory.clear(1);
	memory.at(4096)[0] = 2;
	bool fence = starts_early(test);
	runner.post_nop();
	runner.post_unknown();
	for (int i = 0; i < 10; i++)
		runner.post_copy(memory.iova(4096), memory.iova(), 1, fence);
	CHECK_STATUS(runner.take(), ACCEL_RING_STATUS_SUCCESS);
	CHECK_STATUS(runner.take(), ACCEL_RING_STATUS_BAD_OPCODE);
	for (int i = 0; i < 10; i++)
		CHECK_STATUS(runner.take(), ACCEL_RING_STATUS_CANCELED);
	/* A canceled entry was not started. */
	CHECK_EQ(memory.at(4096)[0], 2);
	CHECK_EQ(query(runner).state, ACCEL_QUEUE_STATE_STOPPED);
	/* The queue remains stopped, also over laps. */
	for (int i = 0; i < 100; i++)
		CHECK_STATUS(runner.run_nop(), ACCEL_RING_STATUS_CANCELED);
}

void resume_starts_again(Test &test)
{
	Space space = test.any_space();
	Runner runner(test, space, 8, ACCEL_QUEUE_FLAGS_STOP_ON_FAULT);

	CHECK_ERRNO(accel_queue_resume(runner.queue(), err()), EALREADY, ACCEL_REASON_STATE);
	for (int i = 0; i < 100; i++) {
		CHECK_STATUS(runner.run_unknown(), ACCEL_RING_STATUS_BAD_OPCODE);
		CHECK_STATUS(runner.run_nop(), ACCEL_RING_STATUS_CANCELED);
		CHECK_OK(accel_queue_resume(runner.queue(), err()));
		CHECK_EQ(query(runner).state, ACCEL_QUEUE_STATE_RUNNING);
		CHECK_STATUS(runner.run_nop(), ACCEL_RING_STATUS_SUCCESS);
		CHECK_ERRNO(accel_queue_resume(runner.queue(), err()), EALREADY,
			    ACCEL_REASON_STATE);
	}
	Runner never_stops(test, space, 8);

	CHECK_STATUS(never_stops.run_unknown(), ACCEL_RING_STATUS_BAD_OPCODE);
	CHECK_ERRNO(accel_queue_resume(never_stops.queue(), err()), EALREADY, ACCEL_REASON_STATE);
}

void published_before_resume_is_canceled(Test &test)
{
	Space space = test.any_space();
	Runner runner(test, space, 64, ACCEL_QUEUE_FLAGS_STOP_ON_FAULT);

	for (int round = 0; round < 50; round++) {
		runner.post_unknown();
		for (int i = 0; i < 20; i++)
			runner.post_nop(starts_early(test));
		CHECK_STATUS(runner.take(), ACCEL_RING_STATUS_BAD_OPCODE);
		/* The queue has stopped, but may still be canceling. */
		CHECK_OK(accel_queue_resume(runner.queue(), err()));
		uint64_t first = runner.post_nop();

		for (int i = 0; i < 20; i++)
			CHECK_STATUS(runner.take(), ACCEL_RING_STATUS_CANCELED);
		accel_completion c = runner.take();

		CHECK_EQ(c.sequence, first);
		CHECK_STATUS(c, ACCEL_RING_STATUS_SUCCESS);
	}
}

void flood_of_faults(Test &test)
{
	Space space = test.any_space();
	Runner runner(test, space, 64), other(test, space, 8);

	for (int i = 0; i < 10000; i++) {
		if (i % 2)
			runner.post_unknown();
		else
			runner.post_malformed();
		if (i % 1000 == 0)
			CHECK_STATUS(other.run_nop(), ACCEL_RING_STATUS_SUCCESS);
	}
	for (int i = 0; runner.outstanding(); i++)
		CHECK_STATUS(runner.take(),
			     i % 2 ? ACCEL_RING_STATUS_BAD_OPCODE : ACCEL_RING_STATUS_BAD_FIELD);
	CHECK_EQ(query(runner).faults, 10000u);
}

void random_descriptors(Test &test)
{
	Space space = test.space(ACCEL_ADDRESS_MODE_MAPPED);
	constexpr uint32_t kEntries = 32;
	std::deque<Memory> memories;

	/* Each slot names separate memory, because the device may execute all entries at once. */
	for (uint32_t i = 0; i < kEntries; i++)
		memories.emplace_back(space, 1 << 16, Memory::kReadWrite,
				      kFixed + (uint64_t{i} << 20));
	Runner runner(test, space, kEntries);

	/* Only mapped memory can be reached, so no descriptor can damage the process. */
	for (unsigned i = 0; i < 20000; i++) {
		runner.post([&](uint64_t at) {
			const Memory &memory = memories[at % kEntries];
			auto *bytes =
				static_cast<unsigned char *>(accel_ring_entry(runner.ring(), at));
			uint64_t word;

			/* The ring owns the rest of the entry. */
			for (uint32_t k = 0; k + 8 <= runner.ring()->entry_bytes; k += 8) {
				word = test.pick(0, 2) ? 0 : test.random()() >> test.pick(0, 63);
				if (test.pick(0, 5) == 0)
					word = memory.iova(test.pick(0, 65535));
				std::memcpy(bytes + k, &word, sizeof(word));
			}
			if (test.pick(0, 3))
				std::memset(bytes + 1, 0, 7);
			bytes[0] = static_cast<unsigned char>(test.pick(0, 15));
		});
		if (i % 500 == 0)
			runner.run_nop();
	}
	while (runner.outstanding()) {
		accel_completion c = runner.take();

		CHECK(c.status != ACCEL_RING_STATUS_NONE && c.status != ACCEL_RING_STATUS_CANCELED,
		      "{}", completion_text(c));
	}
	CHECK_STATUS(runner.run_nop(), ACCEL_RING_STATUS_SUCCESS);
}

} // namespace accel::conform::tests
