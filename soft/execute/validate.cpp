// SPDX-License-Identifier: MIT
// The form of a descriptor: the checks that need no other memory.
#include "soft/execute/work.hpp"

#include <array>
#include <bit>

namespace accel::core::softdev {

namespace {

struct Names {
	uint8_t flags = ACCEL_SOFT_DESCRIPTOR_FLAGS_FENCE | ACCEL_SOFT_DESCRIPTOR_FLAGS_RECORD;
	bool param = false;
	bool seed = false;
	uint64_t bytes = 0; // bit n: byte n of the descriptor belongs to a field that is used
	uint8_t end_of_fields = 8;
};

constexpr uint64_t bytes_of(unsigned from, unsigned to)
{
	uint64_t bits = 0;

	for (unsigned i = from; i < to; i++)
		bits |= uint64_t{1} << i;
	return bits;
}

constexpr Form make_form(const Names &names)
{
	Form form{};

	form.zero[0] = uint64_t{static_cast<uint8_t>(~names.flags)} << 8;
	if (!names.param)
		form.zero[0] |= uint64_t{0xffff} << 16;
	if (!names.seed)
		form.zero[0] |= uint64_t{0xffffffff} << 32;
	for (unsigned i = 8; i < kWords * 8; i++)
		if (!(names.bytes >> i & 1))
			form.zero[i / 8] |= uint64_t{0xff} << i % 8 * 8;
	form.end_of_fields = names.end_of_fields;
	return form;
}

constexpr uint8_t kFlags = Names{}.flags;
constexpr uint64_t kSrc = bytes_of(8, 16), kDst = bytes_of(16, 24), kLength = bytes_of(24, 32),
		   kPattern = bytes_of(32, 40);

constexpr std::array<Form, kOperations> make_forms()
{
	std::array<Form, kOperations> forms{};
	uint8_t transfer_end = 40;

	forms[ACCEL_SOFT_OP_NOP] = make_form({});
	forms[ACCEL_SOFT_OP_COPY] =
		make_form({.bytes = kSrc | kDst | kLength, .end_of_fields = transfer_end});
	forms[ACCEL_SOFT_OP_FILL] =
		make_form({.bytes = kDst | kLength | kPattern, .end_of_fields = transfer_end});
	forms[ACCEL_SOFT_OP_COMPARE] = forms[ACCEL_SOFT_OP_COPY];
	forms[ACCEL_SOFT_OP_CRC32C] =
		make_form({.seed = true, .bytes = kSrc | kLength, .end_of_fields = transfer_end});
	forms[ACCEL_SOFT_OP_COPY_CRC32C] = make_form(
		{.seed = true, .bytes = kSrc | kDst | kLength, .end_of_fields = transfer_end});
	forms[ACCEL_SOFT_OP_DEFLATE] =
		make_form({.param = true, .bytes = bytes_of(8, 40), .end_of_fields = 48});
	forms[ACCEL_SOFT_OP_INFLATE] =
		make_form({.flags = kFlags | ACCEL_SOFT_DESCRIPTOR_FLAGS_LAST,
			   .bytes = bytes_of(8, 48),
			   .end_of_fields = 48});
	forms[ACCEL_SOFT_OP_MATMUL] =
		make_form({.param = true, .bytes = bytes_of(8, 56), .end_of_fields = 56});
	forms[ACCEL_SOFT_OP_BATCH] = make_form({.flags = kFlags | ACCEL_SOFT_DESCRIPTOR_FLAGS_GO_ON,
						.bytes = bytes_of(8, 28),
						.end_of_fields = 24});
	return forms;
}

/* The offset of the field that contains a byte of the descriptor. */
uint8_t field_of(unsigned byte, const Form &form)
{
	if (byte >= kFieldSeed && byte < 8)
		return kFieldSeed;
	if (byte >= kFieldParam && byte < kFieldSeed)
		return kFieldParam;
	if (byte >= 8 && byte < form.end_of_fields)
		byte = byte / 8 * 8;
	return static_cast<uint8_t>(byte);
}

} // namespace

constexpr std::array<Form, kOperations> kForms = make_forms();

uint8_t first_wrong(Work &work, const Form &form)
{
	for (unsigned i = 0; i < kWords; i++)
		if (uint64_t wrong = word_of(&work.d, i) & form.zero[i])
			return work.bad_field(field_of(
				i * 8 + static_cast<unsigned>(std::countr_zero(wrong)) / 8, form));
	return 0;
}

} // namespace accel::core::softdev
