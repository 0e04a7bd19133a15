// SPDX-License-Identifier: MIT
// `accel top`: reads one file of counters. The content is untrusted. The file is read, not mapped, so that a truncation
// causes a short read and no SIGBUS.
#include "top/read.hpp"

#include "terminal/text.hpp"

#include <cstring>
#include <ctime>
#include <unistd.h>

namespace cli {

namespace {

constexpr uint64_t kStaleNs = 3000000000ULL; // written ten times a second

uint64_t now_ns()
{
	timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return static_cast<uint64_t>(now.tv_sec) * 1000000000 + static_cast<uint64_t>(now.tv_nsec);
}

bool read_at(int fd, void *to, size_t bytes, uint64_t offset)
{
	return pread(fd, to, bytes, static_cast<off_t>(offset)) == static_cast<ssize_t>(bytes);
}

bool read_slots(int fd, const accel_counters_head &head, std::vector<accel_counters_slot> &slots)
{
	std::vector<char> raw(size_t{head.slot_count} * head.slot_size);

	if (!read_at(fd, raw.data(), raw.size(), sizeof(head)))
		return false;
	slots.resize(head.slot_count);
	for (uint32_t i = 0; i < head.slot_count; ++i)
		memcpy(&slots[i], raw.data() + size_t{i} * head.slot_size, sizeof(slots[i]));
	return true;
}

bool is_sane(const accel_counters_head &head)
{
	return head.magic == ACCEL_COUNTERS_MAGIC && head.slot_count >= 1 &&
	       head.slot_count <= ACCEL_COUNTERS_MAX_SLOTS &&
	       head.slot_size >= sizeof(accel_counters_slot) &&
	       uint64_t{head.slot_size} * head.slot_count <= kMostTable;
}

/// Returns false for a stale file, which its process no longer updates.
bool is_fresh(const accel_counters_head &head)
{
	const uint64_t now = now_ns();

	return head.time_ns <= now + kStaleNs && now <= head.time_ns + kStaleNs;
}

} // namespace

std::string printable(std::string_view text)
{
	std::string clean;

	for (char c : text)
		clean += c >= ' ' && c <= '~' ? c : '?';
	return clean;
}

ReadAnswer read_counters(int fd, CounterTable &table)
{
	accel_counters_head &head = table.head;
	accel_counters_head after;

	if (!read_at(fd, &head, sizeof(head), 0) || !is_sane(head) || !is_fresh(head))
		return ReadAnswer::none;
	if (head.sequence % 2)
		return ReadAnswer::busy;
	if (!read_slots(fd, head, table.slots) || !read_at(fd, &after, sizeof(after), 0))
		return ReadAnswer::none;
	if (after.sequence != head.sequence)
		return ReadAnswer::busy;
	table.device = printable(field_text(head.device, sizeof(head.device)));
	return ReadAnswer::done;
}

} // namespace cli
