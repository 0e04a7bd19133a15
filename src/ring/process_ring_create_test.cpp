// SPDX-License-Identifier: MIT
// Rings of the process: invalid options, and failure of each system call.
#include "ring/process_ring_queue.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mman.h>

namespace accel::core::ring::test {
namespace {

using testing::HasSubstr;

TEST(ProcessRing, BadOptionsAreRefused)
{
	alignas(8) static unsigned char memory[4096];
	static uint64_t reg;
	struct Bad {
		ProcessRingOptions options;
		const char *option; // which the text names
	};
	const Bad cases[] = {
		{{.entries = 0, .entry_size = 64}, "number of entries"},
		{{.entries = 2000000, .entry_size = 64}, "number of entries"},
		{{.entries = 4, .entry_size = 0}, "entry size"},
		{{.entries = 4, .entry_size = 44}, "entry size"},
		{{.entries = 4, .entry_size = 1u << 20}, "entry size"},
		{{.entries = 4, .entry_size = 64, .slots = 8}, "number of slots"},
		{{.entries = 4, .entry_size = 64, .memory = memory + 4}, "address of the entries"},
		{{.entries = 3, .entry_size = 64, .memory = memory}, "number of slots"},
		{{.entries = 8, .entry_size = 64, .memory = memory, .slots = 4}, "number of slots"},
		{{.entries = 4,
		  .entry_size = 64,
		  .multi_producer = true,
		  .tail = TailRegister{&reg, 8, 0, 3, 0}},
		 "producer"},
		{{.entries = 4, .entry_size = 64, .tail = TailRegister{&reg, 2, 0, 3, 0}},
		 "register"},
		{{.entries = 4, .entry_size = 64, .tail = TailRegister{&reg, 8, 64, 3, 0}},
		 "register"},
		{{.entries = 4, .entry_size = 64, .tail = TailRegister{nullptr, 8, 0, 3, 0}},
		 "register"},
		{{.entries = 4, .entry_size = 64, .tail = TailRegister{memory + 4, 8, 0, 3, 0}},
		 "register"},
	};

	for (const Bad &bad : cases) {
		auto ring = ProcessRing::create(bad.options);

		ASSERT_FALSE(ring) << bad.option;
		EXPECT_EQ(ring.error().code, -EINVAL);
		EXPECT_EQ(ring.error().reason, unsigned{ACCEL_REASON_OUT_OF_RANGE});
		EXPECT_THAT(ring.error().text, HasSubstr(bad.option));
	}
}

/* The number of system calls before one fails, the mapped bytes and the open files. */
int calls_left;
int64_t bytes_mapped;
int files_open;

bool fails()
{
	return calls_left-- == 0;
}

sys::Calls counting_calls()
{
	sys::Calls fake = sys::kRealCalls;

	fake.mmap = [](void *address, size_t length, int protection, int flags, int fd,
		       off_t offset) -> long {
		if (fails())
			return -ENOMEM;
		if (!(flags & MAP_FIXED))
			bytes_mapped += static_cast<int64_t>(length);
		return sys::kRealCalls.mmap(address, length, protection, flags, fd, offset);
	};
	fake.munmap = [](void *address, size_t length) {
		bytes_mapped -= static_cast<int64_t>(length);
		return sys::kRealCalls.munmap(address, length);
	};
	fake.memfd_create = [](const char *name, unsigned flags) {
		if (fails())
			return -EMFILE;
		files_open++;
		return sys::kRealCalls.memfd_create(name, flags);
	};
	fake.close = [](int fd) {
		files_open--;
		return sys::kRealCalls.close(fd);
	};
	fake.ftruncate = [](int fd, off_t length) {
		return fails() ? -ENOSPC : sys::kRealCalls.ftruncate(fd, length);
	};
	return fake;
}

TEST(ProcessRing, AFailingCallLeavesNothing)
{
	const sys::Calls fake = counting_calls();
	int failures = 0;

	(void)sys::has_barrier_all_threads();
	sys::calls = &fake;
	for (int n = 0;; n++) {
		calls_left = n;
		bytes_mapped = files_open = 0;
		{
			auto ring = ProcessRing::create({.entries = 32, .entry_size = 40});

			EXPECT_EQ(files_open, 0) << n;
			if (ring) {
				ProcessRing moved(std::move(*ring));
				EXPECT_GT(bytes_mapped, 0);
				*ring = std::move(moved);
			} else {
				failures++;
				EXPECT_LT(ring.error().code, 0);
				EXPECT_EQ(bytes_mapped, 0) << n;
			}
		}
		EXPECT_EQ(bytes_mapped, 0) << n;
		if (calls_left > 0)
			break;
	}
	sys::calls = &sys::kRealCalls;
	EXPECT_EQ(failures, 6) << "two mappings, a file, its size, and the file twice";
}

} // namespace
} // namespace accel::core::ring::test
