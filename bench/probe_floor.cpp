// SPDX-License-Identifier: MIT
// The speed of a bare ring of 64-byte entries: two threads, the entries, and a word that counts completed entries.
// There are no checks, no work, no status and no sleep, so only the transfer of cache lines between the processors
// remains. Entries are published, fetched and counted as in soft0, at the same depths.
#include "harness.hpp"

#include <algorithm>

namespace {

using namespace bench;

constexpr uint64_t kEntries = 64;
constexpr uint64_t kWarm = 256;
constexpr unsigned kWords = 7; // of an entry, before its mark

struct alignas(64) Entry {
	std::atomic<uint64_t> words[kWords];
	std::atomic<uint64_t> mark; // its sequence plus one
};

struct alignas(4096) Ring {
	Entry entries[kEntries];
	alignas(128) std::atomic<uint64_t> completed;

	Entry &entry(uint64_t sequence) { return entries[sequence % kEntries]; }
};

/// The device's side: prefetches the entries that it finds, reads one after the other, and also stores the count in
/// the middle of a batch, because the producer may be waiting for room.
void take(Ring &ring, uint64_t operations)
{
	constexpr uint64_t kAhead = 16, kCount = 24;

	for (uint64_t next = 0; next < operations;) {
		uint64_t end = next;

		while (end - next < kEntries &&
		       ring.entry(end).mark.load(std::memory_order_acquire) == end + 1)
			end++;
		for (uint64_t i = next; i < std::min(end, next + kAhead); i++)
			__builtin_prefetch(&ring.entry(i));
		for (const uint64_t from = next; next < end;) {
			__builtin_prefetch(&ring.entry(std::min(next + kAhead, end - 1)));
			for (const auto &word : ring.entry(next).words)
				keep(word.load(std::memory_order_relaxed));
			if ((++next - from) % kCount == 0 || next == end)
				ring.completed.store(next, std::memory_order_release);
		}
	}
}

/// Publishes @operations from @at on, @depth in flight. @closed: publishes none before all are completed.
void post(Ring &ring, uint64_t at, uint64_t operations, uint64_t depth, bool closed)
{
	const uint64_t end = at + operations;
	uint64_t done = at, posted = at, room = depth;

	while (done < end) {
		const uint64_t first = posted;

		for (; posted < std::min(first + room, end); posted++)
			for (auto &word : ring.entry(posted).words)
				word.store(posted, std::memory_order_relaxed);
		for (uint64_t i = first; i < posted; i++)
			ring.entry(i).mark.store(i + 1, std::memory_order_release);

		uint64_t seen;
		do
			seen = ring.completed.load(std::memory_order_acquire);
		while (seen == done || (closed && seen != posted));
		room = seen - done;
		done = seen;
	}
}

void sample(Partner &partner, const char *name, uint64_t operations, uint64_t depth, bool closed)
{
	Ring ring{};

	bracketed(partner, name, operations, [&] {
		partner.start([&] { take(ring, kWarm + operations); });
		post(ring, 0, kWarm, depth, closed);
		const uint64_t from = now_ns();
		post(ring, kWarm, operations, depth, closed);
		const uint64_t ns = now_ns() - from;

		partner.finish();
		return ns;
	});
}

} // namespace

int main()
{
	raise_priority();
	pin(kRequesterCpu);

	Partner partner;

	return serve([&](unsigned samples) {
		while (samples--) {
			sample(partner, "floor/qd1", 3000, 1, true);
			sample(partner, "floor/qd8", 8000, 8, true);
			sample(partner, "floor/qd64", 16000, 64, true);
			sample(partner, "floor/qd64w", 16000, 64, false);
		}
	});
}
