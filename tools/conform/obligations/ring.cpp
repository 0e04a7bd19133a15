// SPDX-License-Identifier: MIT
// Obligations: the layout of a ring.
#include "conform/raw.hpp"
#include "conform/test.hpp"
#include "conform/tests.hpp"

#include <algorithm>
#include <bit>
#include <cerrno>
#include <set>
#include <string>
#include <vector>

namespace accel::conform::tests {

namespace {

struct Part {
	const char *name;
	uint64_t begin, end;
};

void check_parts(const accel_ring_layout &l)
{
	uint64_t last = l.entry_count - 1;
	std::vector<Part> parts{
		{"control", l.control_offset, l.control_offset + sizeof(accel_ring_control)},
		{"entries", l.entries_offset,
		 l.entries_offset + uint64_t{l.entry_size} * l.entry_count},
		{"status", l.status_offset, l.status_offset + l.status_stride * last + 1},
		{"records", l.records_offset,
		 l.records_offset + uint64_t{l.record_size} * l.entry_count}};

	for (const Part &part : parts)
		CHECK(part.end <= l.size, "{} ends at {} of {}", part.name, part.end, l.size);
	std::ranges::sort(parts, {}, &Part::begin);
	for (size_t i = 1; i < parts.size(); i++) {
		/* Status bytes may be inside the records if they have the same stride. */
		bool woven = l.status_stride > 1 && std::string(parts[i].name) != "control" &&
			     std::string(parts[i - 1].name) != "control";

		CHECK(woven || parts[i - 1].end <= parts[i].begin, "{} overlaps {}",
		      parts[i - 1].name, parts[i].name);
	}
}

} // namespace

void ring_layout(Test &test)
{
	test.need_uabi();
	uint64_t space = raw_any_space(test.device());
	std::set<uint64_t> offsets;

	for (uint32_t entries : {2u, 64u, test.caps().max_entries}) {
		RawQueue queue(space, entries);

		RAW_OK(queue, test.device());
		accel_ring_layout l = queue.layout();

		CHECK_EQ(l.entry_count, entries);
		CHECK(l.entry_size >= 8 && l.entry_size % 8 == 0, "entry-size {}", l.entry_size);
		CHECK(std::has_single_bit(l.record_size) &&
			      l.record_size >= sizeof(accel_ring_record),
		      "record-size {}", l.record_size);
		CHECK_EQ(l.control_offset % ACCEL_RING_LINE, 0u);
		/* An entry that fills cache lines starts at one. */
		CHECK_EQ(l.entries_offset % (l.entry_size % 64 ? 8 : 64), 0u);
		CHECK_EQ(l.records_offset % 8, 0u);
		CHECK((l.publication == ACCEL_RING_PUBLICATION_INDEX ||
		       l.publication == ACCEL_RING_PUBLICATION_TAG ||
		       l.publication == ACCEL_RING_PUBLICATION_REGISTER) &&
			      l.completion >= 1 && l.completion <= 2 && l.wake_order >= 1 &&
			      l.wake_order <= 2,
		      "publication {}, completion {}, wake-order {}", l.publication, l.completion,
		      l.wake_order);
		CHECK_EQ(l.register_address, 0u);
		CHECK_EQ(l.reserved | l.reserved2 | l.reserved3, 0u);
		check_parts(l);
		CHECK(offsets.insert(queue.value(ACCEL_QUEUE_CREATE_MAP_OFFSET)).second,
		      "two queues have one map-offset");
	}
}

void ring_modes_as_asked(Test &test)
{
	test.need_uabi();
	constexpr uint64_t kAll = ACCEL_QUEUE_FLAGS_MULTI_PRODUCER |
				  ACCEL_QUEUE_FLAGS_STOP_ON_FAULT | ACCEL_QUEUE_FLAGS_STATUS_PHASE;
	uint64_t space = raw_any_space(test.device());

	for (uint64_t flags = 0; flags <= kAll; flags++) {
		RawQueue queue(space, 8);

		queue.u64(ACCEL_QUEUE_CREATE_FLAGS, flags);
		int result = queue.call(test.device());

		if (result == -EOPNOTSUPP)
			continue;
		check_raw_ok(queue, result, "queue.create", CONFORM_HERE);
		accel_ring_layout l = queue.layout();
		bool multi = flags & ACCEL_QUEUE_FLAGS_MULTI_PRODUCER;

		CHECK_EQ(l.multi_producer, multi ? 1 : 0);
		CHECK(!multi || l.publication == ACCEL_RING_PUBLICATION_TAG,
		      "several producers, but publication {}, which allows one", l.publication);
		if (flags & ACCEL_QUEUE_FLAGS_STATUS_PHASE)
			CHECK_EQ(l.completion, uint8_t{ACCEL_RING_COMPLETION_MODE_PHASE});
		CHECK_EQ(raw_destroy(test.device(), ACCEL_OBJECT_QUEUE, ACCEL_QUEUE_DESTROY,
				     queue.handle()),
			 0);
	}
}

} // namespace accel::conform::tests
