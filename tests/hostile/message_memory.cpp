// SPDX-License-Identifier: MIT
// The memory of a message, which ends at inaccessible pages, and the check of the answer.
#include "hostile/message_maker.hpp"

#include <accel/uabi/soft_policy.hpp>
#include <algorithm>
#include <cstring>
#include <gtest/gtest.h>
#include <uapi/accel/soft.h>
#include <unistd.h>

namespace accel::hostile {

namespace {

constexpr const core::uabi::Policy &kPolicy = core::uabi::soft::kPolicy;

/// Whether the server takes the header and with it the address of the error record.
bool is_header_size(std::uint32_t size)
{
	for (const std::uint32_t end : {8, 12, 16, 24, 32, 36})
		if (size == end)
			return true;
	return size >= sizeof(accel_call) && size <= 4096;
}

} // namespace

void MessageMaker::fill(std::span<std::byte> bytes)
{
	accel_soft_command_request request{};

	if (one_in(random_, 3))
		std::ranges::fill(bytes, std::byte{});
	else if (one_in(random_, 2))
		std::ranges::fill(bytes, static_cast<std::byte>(random_()));
	else
		for (std::byte &byte : bytes.first(std::min<std::size_t>(bytes.size(), 256)))
			byte = static_cast<std::byte>(any_number(random_));
	if (bytes.size() < sizeof(request) || one_in(random_, 3))
		return;
	request.opcode = static_cast<std::uint32_t>(below(random_, 9));
	request.argument = static_cast<std::uint32_t>(below(random_, 12));
	request.value = below(random_, one_in(random_, 200) ? 100 : 3);
	/* A self-test takes as long as a thousand other commands. */
	if (request.opcode == ACCEL_SOFT_OPCODE_SELF_TEST && !one_in(random_, 200))
		request.opcode = ACCEL_SOFT_OPCODE_IDENTIFY;
	std::memcpy(bytes.data(), &request, sizeof(request));
}

void MessageMaker::place_value(accel_attribute &attribute, Guarded &room)
{
	if (!(attribute.flags & ACCEL_ATTRIBUTE_FLAGS_INDIRECT) || attribute.value == kWraps ||
	    attribute.id == kUnknown)
		return;
	if (attribute.value == kNull) {
		attribute.value = 0;
		return;
	}
	const std::size_t bytes = std::min<std::size_t>(attribute.length, kRoom);
	std::byte *at = room.last(bytes);

	fill({at, bytes});
	attribute.value = reinterpret_cast<std::uintptr_t>(at);
}

void MessageMaker::place_attributes()
{
	const std::size_t count =
		std::min<std::size_t>(header_.attribute_count, ACCEL_MAX_ATTRIBUTES);
	const auto mutated = header_.attributes;
	const std::uint32_t object = kPolicy.find_object(header_.object);
	const bool is_read = object != core::uabi::kNoEntry &&
			     kPolicy.find_method(object, header_.method) != core::uabi::kNoEntry;
	std::size_t at = 0;

	attributes_.resize(count); /* those that are missing are zero */
	for (accel_attribute &attribute : attributes_)
		place_value(attribute, rooms_[at++ % rooms_.size()]);
	std::byte *list = list_.last(count * sizeof(accel_attribute));
	std::ranges::copy(std::as_bytes(std::span(attributes_)), list);
	header_.attributes = mutated == kNull  ? 0 :
			     mutated == kWraps ? kWraps :
			     is_read	       ? reinterpret_cast<std::uintptr_t>(list) :
						 any_of(random_, kBadAddresses);
}

void MessageMaker::place_header()
{
	const std::size_t room = std::min<std::size_t>(header_.error_size, record_.span().size());
	const std::size_t bytes = std::clamp<std::size_t>(header_.size, 4, headers_.span().size());
	/* The structure must be aligned, also one that does not end at a page. */
	odd_header_.reset(new std::byte[bytes]);
	std::byte *at = bytes % alignof(accel_call) ? odd_header_.get() : headers_.last(bytes);

	std::ranges::fill(record_.span(), std::byte{kBeforeRecord});
	if (header_.error == kPlaced)
		header_.error = reinterpret_cast<std::uintptr_t>(record_.last(room));
	std::ranges::fill(std::span(at, bytes), std::byte{});
	if (one_in(random_, 16))
		at[bytes - 1] = static_cast<std::byte>(random_());
	std::memcpy(at, &header_, std::min(bytes, sizeof(header_)));
	sent_ = {}; /* members after the size that the header states are zero for the server */
	std::memcpy(&sent_, &header_, std::min(bytes, sizeof(header_)));
	call_ = reinterpret_cast<accel_call *>(at);
}

void MessageMaker::check(int result)
{
	const bool has_address = is_header_size(sent_.size) && sent_.error && sent_.error != kWraps;
	const auto *record = reinterpret_cast<const std::byte *>(sent_.error);
	int code = 0;

	EXPECT_EQ(std::memcmp(call_, &sent_, std::clamp<std::size_t>(sent_.size, 4, sizeof(sent_))),
		  0)
		<< "the header changed";
	if (!result) {
		take_outputs();
		return;
	}
	if (!has_address || !sent_.error_size) {
		EXPECT_EQ(std::ranges::count(record_.span(), std::byte{kBeforeRecord}),
			  std::ssize(record_.span()))
			<< "an error record without an address or a size";
		return;
	}
	if (sent_.error_size >= sizeof(code)) {
		std::memcpy(&code, record, sizeof(code));
		EXPECT_EQ(code, result);
	}
	EXPECT_EQ(std::count(record_.span().data(),
			     record_.span().data() + (record - record_.span().data()),
			     std::byte{kBeforeRecord}),
		  record - record_.span().data())
		<< "bytes in front of the error record changed";
}

/// Keeps new handles, and closes new files.
void MessageMaker::take_outputs()
{
	const std::uint32_t object = kPolicy.find_object(sent_.object);
	const std::uint32_t method = kPolicy.find_method(object, sent_.method);
	const auto *list = reinterpret_cast<const accel_attribute *>(sent_.attributes);

	for (std::size_t i = 0; i < sent_.attribute_count; i++) {
		const std::uint32_t line = kPolicy.find_attribute(method, list[i].id);
		std::uint64_t value = list[i].value;

		if (line == core::uabi::kNoEntry)
			continue;
		const accel_policy_entry &entry = kPolicy.entries[line];
		if (!(entry.flags & ACCEL_POLICY_FLAGS_OUT) ||
		    !(list[i].flags & ACCEL_ATTRIBUTE_FLAGS_WRITTEN))
			continue;
		if (list[i].flags & ACCEL_ATTRIBUTE_FLAGS_INDIRECT) {
			value = 0;
			std::memcpy(&value, reinterpret_cast<const void *>(list[i].value),
				    std::min<std::size_t>(list[i].length, sizeof(value)));
		}
		if (entry.type == ACCEL_ATTRIBUTE_TYPE_FD)
			close(static_cast<int>(value));
		else if (entry.type == ACCEL_ATTRIBUTE_TYPE_HANDLE)
			handles_[entry.object].push_back(value);
	}
}

} // namespace accel::hostile
