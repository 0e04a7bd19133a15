// SPDX-License-Identifier: MIT
// Messages of every method of soft, valid or mutated, in memory that ends at inaccessible pages.
#include "hostile/message_maker.hpp"

#include <accel/uabi/soft_policy.hpp>
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <iterator>
#include <sys/eventfd.h>
#include <uapi/accel/soft.h>
#include <unistd.h>

namespace accel::hostile {

namespace {

constexpr const core::uabi::Policy &kPolicy = core::uabi::soft::kPolicy;

} // namespace

MessageMaker::MessageMaker(Random &random)
	: random_(random), rooms_{Guarded(kRoom), Guarded(kRoom), Guarded(kRoom), Guarded(kRoom),
				  Guarded(kRoom), Guarded(kRoom), Guarded(kRoom), Guarded(kRoom),
				  Guarded(kRoom), Guarded(kRoom), Guarded(kRoom), Guarded(kRoom)}
{
	for (std::uint32_t line = 0; line < kPolicy.entries.size(); line++)
		if (kPolicy.entries[line].kind == ACCEL_POLICY_KIND_METHOD)
			methods_.push_back(line);
	files_ = {eventfd(0, EFD_CLOEXEC), memfd_create("hostile", MFD_CLOEXEC | MFD_ALLOW_SEALING),
		  memfd_create("sealed", MFD_CLOEXEC | MFD_ALLOW_SEALING),
		  open("/dev/null", O_RDONLY | O_CLOEXEC)};
	for (const int file : files_)
		EXPECT_GE(file, 0);
	EXPECT_EQ(ftruncate(files_[1], 3 * kPage), 0);
	EXPECT_EQ(ftruncate(files_[2], 3 * kPage), 0);
	EXPECT_EQ(fcntl(files_[2], F_ADD_SEALS, F_SEAL_SHRINK), 0);
}

MessageMaker::~MessageMaker()
{
	for (const int file : files_)
		close(file);
}

std::uint64_t MessageMaker::handle(std::uint16_t object)
{
	const auto &own = handles_[object];

	if (own.empty() || one_in(random_, 12))
		return any_number(random_);
	return own[own.size() - 1 - below(random_, std::min<std::size_t>(own.size(), 8))];
}

/// An address for a mapping; the server checks it.
std::uint64_t MessageMaker::address()
{
	if (one_in(random_, 4))
		return any_of(random_, kBadAddresses);
	return target_.begin() - kPage + below(random_, target_.span().size() + 2 * kPage);
}

std::uint32_t MessageMaker::file()
{
	constexpr std::uint32_t kBad[] = {0, 1, 2, 5000, UINT32_MAX, INT32_MAX, 0x80000000};

	return one_in(random_, 4) ?
		       any_of(random_, kBad) :
		       static_cast<std::uint32_t>(files_[below(random_, files_.size())]);
}

std::uint64_t MessageMaker::number(const accel_policy_entry &entry)
{
	const auto members =
		kPolicy.members(static_cast<std::uint32_t>(&entry - kPolicy.entries.data()));

	switch (entry.type) {
	case ACCEL_ATTRIBUTE_TYPE_HANDLE: return handle(entry.object);
	case ACCEL_ATTRIBUTE_TYPE_FD: return file();
	case ACCEL_ATTRIBUTE_TYPE_ADDRESS: return address();
	case ACCEL_ATTRIBUTE_TYPE_FLAGS: return random_() & entry.maximum;
	case ACCEL_ATTRIBUTE_TYPE_ENUM:
		return members.empty() ? entry.minimum :
					 members[below(random_, members.size())].minimum;
	default: break;
	}
	if (one_in(random_, 8))
		return any_of(random_,
			      {entry.minimum, entry.maximum, entry.minimum - 1, entry.maximum + 1});
	const std::uint64_t value = entry.flags & ACCEL_POLICY_FLAGS_POWER_OF_TWO ?
					    std::uint64_t{1} << below(random_, 10) :
					    below(random_, 3 * kPage);
	return entry.maximum ? std::clamp<std::uint64_t>(value, entry.minimum, entry.maximum) :
			       value;
}

accel_attribute MessageMaker::valid_attribute(std::uint32_t line)
{
	const accel_policy_entry &entry = kPolicy.entries[line];
	accel_attribute made{.id = entry.id, .flags = 0, .length = entry.size, .value = 0};

	if (one_in(random_, 2))
		made.flags |= ACCEL_ATTRIBUTE_FLAGS_MANDATORY;
	if (core::uabi::is_number(entry.type)) {
		made.value = entry.flags & ACCEL_POLICY_FLAGS_IN ? number(entry) : 0;
		return made;
	}
	made.flags |= ACCEL_ATTRIBUTE_FLAGS_INDIRECT;
	if (entry.type != ACCEL_ATTRIBUTE_TYPE_STRUCT)
		made.length = static_cast<std::uint32_t>(
			one_in(random_, 2) ?
				sizeof(accel_soft_command_request) :
				below(random_, std::min<std::uint64_t>(entry.length, kRoom) + 1));
	return made;
}

void MessageMaker::valid_message(std::uint32_t method)
{
	const accel_policy_entry &object = kPolicy.entries[kPolicy.entries[method].parent];
	std::uint32_t line = kPolicy.next_child(method, ACCEL_POLICY_KIND_ATTRIBUTE, method);

	header_ = {
		.size = sizeof(header_), .object = object.id, .method = kPolicy.entries[method].id};
	header_.error_size = sizeof(accel_error_record);
	header_.error = kPlaced;
	attributes_.clear();
	for (; line != core::uabi::kNoEntry;
	     line = kPolicy.next_child(method, ACCEL_POLICY_KIND_ATTRIBUTE, line + 1)) {
		const bool required = kPolicy.entries[line].flags & ACCEL_POLICY_FLAGS_REQUIRED;
		if (required ? !one_in(random_, 40) : one_in(random_, 2))
			attributes_.push_back(valid_attribute(line));
	}
	header_.attribute_count = static_cast<std::uint32_t>(attributes_.size());
}

void MessageMaker::mutate_header()
{
	constexpr std::uint32_t kSizes[] = {0,	 7,   12,   39,	  41,	     191,
					    193, 200, 4096, 4097, UINT32_MAX};

	switch (below(random_, 8)) {
	case 0:
		header_.size = one_in(random_, 4) ? any_of(random_, kSizes) :
						    static_cast<std::uint32_t>(below(random_, 64));
		break;
	case 1:
		header_.object = one_in(random_, 2) ? kUnknown :
						      static_cast<std::uint16_t>(below(random_, 8));
		break;
	case 2:
		header_.method = one_in(random_, 2) ? kUnknown :
						      static_cast<std::uint16_t>(below(random_, 9));
		break;
	case 3:
		header_.attribute_count = static_cast<std::uint32_t>(
			one_in(random_, 3) ? any_number(random_) : below(random_, 66));
		break;
	case 4:
		(one_in(random_, 2) ? header_.reserved : header_.reserved2) =
			static_cast<std::uint32_t>(any_number(random_));
		break;
	case 5: header_.error = one_in(random_, 2) ? 0 : kWraps; break;
	case 6:
		header_.error_size = one_in(random_, 4) ?
					     any_of(random_, kSizes) :
					     static_cast<std::uint32_t>(below(random_, 210));
		break;
	default: header_.attributes = one_in(random_, 2) ? kNull : kWraps;
	}
}

void MessageMaker::mutate_attribute()
{
	constexpr std::uint32_t kLengths[] = {0, 1,  3,	   4,	 5,	    7,	       8,
					      9, 16, 4096, 4097, INT32_MAX, UINT32_MAX};

	if (attributes_.empty())
		return;
	accel_attribute &attribute = attributes_[below(random_, attributes_.size())];
	switch (below(random_, 6)) {
	case 0:
		attribute.id = static_cast<std::uint16_t>(one_in(random_, 3) ? any_number(random_) :
									       below(random_, 10));
		break;
	case 1:
		attribute.flags ^= static_cast<std::uint16_t>(
			1U << below(random_, one_in(random_, 8) ? 16 : 3));
		break;
	case 2:
		attribute.length = one_in(random_, 2) ?
					   any_of(random_, kLengths) :
					   static_cast<std::uint32_t>(below(random_, 300));
		break;
	case 3: attribute.value = any_number(random_); break;
	case 4: attribute.value ^= std::uint64_t{1} << below(random_, 64); break;
	default:
		attribute.flags |= ACCEL_ATTRIBUTE_FLAGS_INDIRECT;
		attribute.value = one_in(random_, 2) ? kNull : kWraps;
	}
}

void MessageMaker::mutate_list()
{
	switch (below(random_, 4)) {
	case 0: std::ranges::shuffle(attributes_, random_); break;
	case 1:
		if (!attributes_.empty())
			attributes_.push_back(
				accel_attribute(attributes_[below(random_, attributes_.size())]));
		break;
	case 2:
		if (!attributes_.empty())
			attributes_.erase(
				attributes_.begin() +
				static_cast<std::ptrdiff_t>(below(random_, attributes_.size())));
		break;
	default:
		/* Unknown: ignored, or refused if it is mandatory. Its address is not used. */
		attributes_.push_back({.id = kUnknown,
				       .flags = static_cast<std::uint16_t>(below(random_, 8)),
				       .length = static_cast<std::uint32_t>(any_number(random_)),
				       .value = any_of(random_, kBadAddresses)});
	}
	if (attributes_.size() > ACCEL_MAX_ATTRIBUTES)
		attributes_.resize(ACCEL_MAX_ATTRIBUTES);
	header_.attribute_count = static_cast<std::uint32_t>(attributes_.size());
}

accel_call *MessageMaker::next()
{
	valid_message(methods_[below(random_, methods_.size())]);
	if (!one_in(random_, 3))
		for (auto changes = 1 + below(random_, 3); changes > 0; changes--)
			switch (below(random_, 4)) {
			case 0: mutate_header(); break;
			case 1: mutate_list(); break;
			default: mutate_attribute(); break;
			}
	place_attributes();
	place_header();
	return call_;
}

} // namespace accel::hostile
