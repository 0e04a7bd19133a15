// SPDX-License-Identifier: MIT
// Tests of the published counters, which are found and read like by another process.
#include "soft/tests/test_client.hpp"

#include <fcntl.h>
#include <filesystem>
#include <string>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>
#include <uapi/accel/counters.h>
#include <unistd.h>

namespace accel::core::softdev::test {
namespace {

namespace fs = std::filesystem;

/// The published files of a process, as paths that can be opened.
std::vector<std::string> published(const std::string &process = "self")
{
	std::vector<std::string> found;

	for (const auto &entry : fs::directory_iterator("/proc/" + process + "/fd")) {
		std::error_code ignored;

		if (fs::read_symlink(entry, ignored).string().starts_with("/memfd:accel-counters"))
			found.push_back(entry.path());
	}
	return found;
}

struct Table {
	accel_counters_head head{};
	std::vector<accel_counters_slot> slots;
};

/// Reads one consistent table by the rule of spec/counters.yaml.
Table read_table(const std::string &path)
{
	const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
	Table table;
	accel_counters_head after{};

	EXPECT_GE(fd, 0) << path;
	do {
		EXPECT_EQ(pread(fd, &table.head, sizeof(table.head), 0),
			  static_cast<ssize_t>(sizeof(table.head)));
		table.slots.resize(table.head.slot_count);
		ssize_t bytes =
			static_cast<ssize_t>(table.slots.size() * sizeof(accel_counters_slot));
		EXPECT_EQ(pread(fd, table.slots.data(), static_cast<size_t>(bytes),
				sizeof(table.head)),
			  bytes);
		EXPECT_EQ(pread(fd, &after, sizeof(after), 0), static_cast<ssize_t>(sizeof(after)));
	} while (after.sequence != table.head.sequence || after.sequence % 2);
	close(fd);
	return table;
}

/// Returns the first table that satisfies @wanted. If none does in time, fails the test and returns the last one.
template <class Wanted>
Table wait_for(const std::string &path, Wanted wanted)
{
	const uint64_t deadline = soon();
	Table table;

	do {
		table = read_table(path);
		if (wanted(table))
			return table;
		std::this_thread::sleep_for(std::chrono::milliseconds(10));
	} while (sys::now_ns() < deadline);
	ADD_FAILURE() << "no table had the expected values";
	return table;
}

class Counters : public testing::Test {
protected:
	~Counters() override { set(0); }

	uint64_t set(uint64_t value)
	{
		accel_soft_feature_value answer{};
		auto bytes = client_.command(ACCEL_SOFT_OPCODE_SET_FEATURE,
					     ACCEL_SOFT_FEATURE_COUNTERS, value);

		memcpy(&answer, bytes.data(), std::min(bytes.size(), sizeof(answer)));
		return answer.value;
	}
	uint64_t get()
	{
		accel_soft_feature_value answer{};
		auto bytes =
			client_.command(ACCEL_SOFT_OPCODE_GET_FEATURE, ACCEL_SOFT_FEATURE_COUNTERS);

		memcpy(&answer, bytes.data(), std::min(bytes.size(), sizeof(answer)));
		return answer.value;
	}

	Client client_;
};

TEST_F(Counters, AreOffAtTheStartAndLeaveNothingWhenTheyAreOffAgain)
{
	const size_t files = open_files(), running = threads_at_rest();
	uint32_t status = 0;

	EXPECT_EQ(get(), 0u);
	EXPECT_TRUE(published().empty());
	for (int i = 0; i < 3; i++) {
		EXPECT_EQ(set(1), 1u);
		EXPECT_EQ(set(1), 1u) << "again";
		EXPECT_EQ(get(), 1u);
		EXPECT_EQ(open_files(), files + 1);
		EXPECT_EQ(published().size(), 1u);
		EXPECT_EQ(set(0), 0u);
		EXPECT_TRUE(published().empty());
		EXPECT_EQ(open_files(), files);
	}
	EXPECT_EQ(threads(), running);
	client_.command(ACCEL_SOFT_OPCODE_SET_FEATURE, ACCEL_SOFT_FEATURE_COUNTERS, 2, &status);
	EXPECT_EQ(status, static_cast<uint32_t>(ACCEL_SOFT_COMMAND_STATUS_BAD_ARGUMENT));
}

TEST_F(Counters, TheFirstTableIsThereAtOnce)
{
	set(1);
	const auto files = published();
	ASSERT_EQ(files.size(), 1u);
	const Table table = read_table(files[0]);

	EXPECT_EQ(table.head.magic, ACCEL_COUNTERS_MAGIC);
	EXPECT_EQ(table.head.pid, static_cast<uint32_t>(getpid()));
	EXPECT_EQ(table.head.slot_size, sizeof(accel_counters_slot));
	EXPECT_STREQ(table.head.device, "soft0");
	EXPECT_GE(table.head.workers, 1u);
	EXPECT_LE(table.head.time_ns, sys::now_ns());
	ASSERT_EQ(table.slots.size(), 1u) << "no queue yet";
	EXPECT_EQ(table.slots[0].queue, 0u);
}

TEST_F(Counters, SayWhatEachQueueDid)
{
	uint8_t memory[128] = {};

	set(1);
	const std::string file = published().at(0);
	const accel_counters_slot gone = read_table(file).slots[0];
	uint64_t number;
	{
		TestQueue queue(client_, client_.shared(),
				{.entries = 32, .parallel = 2, .inline_limit = 0});
		TestQueue other(client_, client_.shared());

		for (int i = 0; i < 5; i++)
			queue.run(copy(address_of(memory), address_of(memory + 64), 64));
		queue.run(copy(0, address_of(memory), 1));
		other.run(nop());
		const Table table = wait_for(file, [](const Table &now) {
			return now.slots.size() == 3 && now.slots[1].completed == 6 &&
			       now.slots[2].completed == 1;
		});
		const accel_counters_slot &slot = table.slots.at(1);

		number = slot.queue;
		EXPECT_EQ(table.slots.at(2).queue, number + 1);
		EXPECT_EQ(slot.entries, 32u);
		EXPECT_EQ(slot.parallel, 2u);
		EXPECT_EQ(slot.submitted, 6u);
		EXPECT_EQ(slot.faults, 1u);
		EXPECT_EQ(slot.bytes, 5 * 64u);
		EXPECT_GE(slot.kicks, 1u);
		EXPECT_EQ(slot.depth, 0u);
		EXPECT_EQ(slot.state, static_cast<uint32_t>(ACCEL_QUEUE_STATE_RUNNING));
	}
	const Table after = wait_for(file, [](const Table &now) { return now.slots.size() == 1; });

	EXPECT_EQ(after.slots[0].completed, gone.completed + 7)
		<< "counters of destroyed queues are kept";
	EXPECT_EQ(after.slots[0].bytes, gone.bytes + 5 * 64);
	TestQueue fresh(client_, client_.shared());
	EXPECT_EQ(wait_for(file, [](const Table &now) { return now.slots.size() == 2; })
			  .slots.at(1)
			  .queue,
		  number + 2)
		<< "queue numbers are not reused";
}

TEST_F(Counters, WaitingWorkIsDepthAndLooksInVainAreSpins)
{
	LongWork work;

	set(1);
	const std::string file = published().at(0);
	TestQueue queue(client_, client_.shared(), {.inline_limit = 0});

	client_.set_spin_ns(1000000);
	queue.run(nop());
	EXPECT_GT(wait_for(file,
			   [](const Table &now) {
				   return now.slots.size() == 2 && now.slots[1].spins > 0;
			   })
			  .slots[1]
			  .spins,
		  0u);
	uint64_t posted = 0;

	/* Long enough for the thread of the counters to write meanwhile. */
	wait_for(file, [&](const Table &now) {
		while (posted < 60) {
			queue.post(work.descriptor());
			posted++;
		}
		return now.slots[1].depth > 0;
	});
	queue.take(posted);
	EXPECT_EQ(wait_for(file, [](const Table &now) { return now.slots[1].completed == 61; })
			  .slots[1]
			  .depth,
		  0u);
}

TEST_F(Counters, EndWithTheLastClientOfTheDevice)
{
	auto other = std::make_unique<Client>(1);
	auto last = std::make_unique<Client>(1);
	uint32_t status;

	other->command(ACCEL_SOFT_OPCODE_SET_FEATURE, ACCEL_SOFT_FEATURE_COUNTERS, 1, &status);
	other.reset();
	EXPECT_EQ(published().size(), 1u);
	last.reset();
	EXPECT_TRUE(published().empty());
}

TEST_F(Counters, EachDeviceHasAFileOfItsOwn)
{
	Client other(1);
	uint32_t status;

	set(1);
	other.command(ACCEL_SOFT_OPCODE_SET_FEATURE, ACCEL_SOFT_FEATURE_COUNTERS, 1, &status);
	EXPECT_EQ(published().size(), 2u);
	set(0);
	ASSERT_EQ(published().size(), 1u);
	EXPECT_STREQ(read_table(published()[0]).head.device, "soft1");
	other.command(ACCEL_SOFT_OPCODE_SET_FEATURE, ACCEL_SOFT_FEATURE_COUNTERS, 0, &status);
}

TEST_F(Counters, WhatOthersDoToTheFileIsNotFelt)
{
	set(1);
	const std::string file = published().at(0);
	const int fd = open(file.c_str(), O_RDWR | O_CLOEXEC);
	TestQueue queue(client_, client_.shared());

	ASSERT_GE(fd, 0);
	ASSERT_EQ(ftruncate(fd, 0), 0);
	queue.run(nop());
	/* The thread writes the file again from its start. */
	struct stat status{};
	const uint64_t deadline = soon();
	while (status.st_size == 0 && sys::now_ns() < deadline) {
		std::this_thread::sleep_for(std::chrono::milliseconds(10));
		ASSERT_EQ(fstat(fd, &status), 0);
	}
	EXPECT_GT(status.st_size, 0);
	close(fd);
	EXPECT_EQ(queue.run(nop()).status, ACCEL_RING_STATUS_SUCCESS);
}

TEST_F(Counters, ForkAndExitGoOn)
{
	set(1);
	const std::string file = published().at(0);

	for (int i = 0; i < 20; i++) {
		const pid_t child = fork();

		if (child == 0) {
			/* By default the child's own device publishes nothing. */
			Client own;
			accel_soft_feature_value answer{};
			auto bytes = own.command(ACCEL_SOFT_OPCODE_GET_FEATURE,
						 ACCEL_SOFT_FEATURE_COUNTERS);
			memcpy(&answer, bytes.data(), std::min(bytes.size(), sizeof(answer)));
			_exit(answer.value == 0 && bytes.size() == sizeof(answer) ? 0 : 1);
		}
		int status = -1;
		ASSERT_EQ(waitpid(child, &status, 0), child);
		EXPECT_EQ(status, 0);
	}
	const uint64_t sequence = read_table(file).head.sequence;
	wait_for(file, [&](const Table &now) { return now.head.sequence > sequence; });
	/* The thread runs while the process exits. */
	EXPECT_EXIT(exit(3), testing::ExitedWithCode(3), "");
}

} // namespace
} // namespace accel::core::softdev::test
