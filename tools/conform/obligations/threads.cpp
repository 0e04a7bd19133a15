// SPDX-License-Identifier: MIT
// Obligations: many threads, many clients, many processes.
#include "conform/apart.hpp"
#include "conform/tests.hpp"
#include "conform/work.hpp"

#include <cerrno>
#include <cstring>
#include <memory>
#include <vector>

namespace accel::conform::tests {

namespace {

constexpr unsigned kThreads = 6;

/* Each thread needs its own, because Test and its random numbers are not thread-safe. */
struct Own {
	Own(const Test &of, unsigned index) : test(of.options(), of.seed() + index) {}

	Test test;
};

} // namespace

void threads_with_queues(Test &test)
{
	Space space = test.any_space();

	test.caps();
	in_threads(kThreads, [&](unsigned index) {
		Memory memory(space, 16384);
		Runner runner(test, space, 16);

		for (unsigned i = 0; i < 500; i++) {
			std::memset(memory.at(), static_cast<int>(i * kThreads + index), 8192);
			runner.post_copy(memory.iova(8192), memory.iova(), 8192);
			runner.finish();
			CHECK_SAME(memory.at(8192), memory.at(), 8192);
		}
	});
}

void threads_churn(Test &test)
{
	const accel_device_caps before = test.caps();

	in_threads(kThreads, [&](unsigned index) {
		Own own(test, index);

		for (int i = 0; i < 40; i++) {
			Space space = test.any_space();
			Event event = test.event();
			Buffer buffer = test.buffer(own.test.pick(1, 1 << 18));
			Runner runner(test, space, 1u << own.test.pick(1, 6), 0, &event);

			for (uint64_t k = own.test.pick(0, 20); k; k--)
				runner.post_nop();
			if (i % 2)
				runner.finish();
		}
	});
	CHECK_QUEUES(test.device(), before.queues);
	CHECK_CLIENTS(test.device(), before.clients);
}

void threads_map_one_space(Test &test)
{
	Space space = test.space(ACCEL_ADDRESS_MODE_MAPPED);
	accel_address_space_info info{.size = sizeof(info)};

	test.device();
	in_threads(kThreads, [&](unsigned) {
		Runner runner(test, space, 8);

		for (int i = 0; i < 100; i++) {
			Memory from(space, 4096), to(space, 4096);

			std::memset(from.at(), i, 4096);
			CHECK_STATUS(runner.run_copy(to.iova(), from.iova(), 4096),
				     ACCEL_RING_STATUS_SUCCESS);
			CHECK_SAME(to.at(), from.at(), 4096);
		}
	});
	CHECK_OK(accel_address_space_query(space.get(), &info, err()));
	CHECK_EQ(info.mappings, 0u);
	CHECK_EQ(info.mapped_bytes, 0u);
}

void threads_open_and_close(Test &test)
{
	const accel_device_caps before = test.caps();

	in_threads(kThreads, [&](unsigned index) {
		Own own(test, index);

		for (int i = 0; i < 20; i++) {
			Device device = own.test.open();
			Space space = own.test.any_space(&device);
			Runner runner(own.test, space, 8);

			runner.run_nop();
			if (i % 2)
				device.close();
		}
	});
	CHECK_QUEUES(test.device(), before.queues);
	CHECK_CLIENTS(test.device(), before.clients);
}

void threads_read_and_fail(Test &test)
{
	Space space = test.any_space();

	test.caps();
	/* An error record belongs to the call that failed, also if other calls fail at the same time. */
	in_threads(kThreads, [&](unsigned index) {
		accel_queue *queue = nullptr;
		accel_queue_options o = test.queue_options(3 + 2 * index);

		for (int i = 0; i < 500; i++) {
			CHECK_ERRNO(accel_queue_create(space.get(), &o, &queue, err()), EINVAL, 0);
			CHECK_EQ(last_error().value, 3 + 2 * index);
			CHECK_EQ(test.caps_of(test.device()).max_queues, test.caps().max_queues);
		}
	});
}

void many_clients(Test &test)
{
	constexpr uint32_t kClients = 12;
	const accel_device_caps before = test.caps();
	std::vector<Device> devices;
	std::vector<Space> spaces;
	std::vector<std::unique_ptr<Memory>> memories;
	std::vector<std::unique_ptr<Runner>> runners;

	for (uint32_t i = 0; i < kClients; i++) {
		devices.push_back(test.open());
		spaces.push_back(test.any_space(&devices.back()));
		memories.push_back(std::make_unique<Memory>(spaces.back(), 8192));
		runners.push_back(std::make_unique<Runner>(test, spaces.back(), 8));
		memories.back()->clear(static_cast<unsigned char>(i + 1));
	}
	CHECK_CLIENTS(test.device(), before.clients + kClients);
	for (int round = 0; round < 50; round++) {
		for (uint32_t i = 0; i < kClients; i++)
			runners[i]->post_copy(memories[i]->iova(4096), memories[i]->iova(), 4096);
		for (uint32_t i = 0; i < kClients; i++) {
			runners[i]->finish();
			CHECK_EQ(memories[i]->at(4096)[4095], i + 1);
		}
	}
	runners.clear();
	memories.clear();
	spaces.clear();
	devices.clear();
	CHECK_CLIENTS(test.device(), before.clients);
}

void clients_do_not_disturb(Test &test)
{
	Device evil = test.open();
	Space space = test.any_space(), evil_space = test.any_space(&evil);
	Runner good(test, space, 8), bad(test, evil_space, 8, ACCEL_QUEUE_FLAGS_STOP_ON_FAULT);
	accel_queue_info info{.size = sizeof(info)};

	for (int i = 0; i < 200; i++) {
		bad.post_unknown();
		good.post_nop();
		CHECK_STATUS(good.take(), ACCEL_RING_STATUS_SUCCESS);
	}
	CHECK_OK(accel_queue_query(good.queue(), &info, err()));
	CHECK_EQ(info.faults, 0u);
	bad.destroy();
	evil.close();
	CHECK_STATUS(good.run_nop(), ACCEL_RING_STATUS_SUCCESS);
}

void many_processes(Test &test)
{
	constexpr unsigned kProcesses = 4;

	need_threads_in_child();
	/* No device is open here: each child process opens its own. */
	in_threads(kProcesses, [&](unsigned index) {
		in_child([&] {
			Own own(test, index);
			Space space = own.test.any_space();
			Memory memory(space, 8192);
			Runner runner(own.test, space, 8);

			for (unsigned i = 0; i < 300; i++) {
				std::memset(memory.at(), static_cast<int>(index + i), 4096);
				CHECK_STATUS(
					runner.run_copy(memory.iova(4096), memory.iova(), 4096),
					ACCEL_RING_STATUS_SUCCESS);
				CHECK_SAME(memory.at(4096), memory.at(), 4096);
			}
		});
	});
}

} // namespace accel::conform::tests
