// SPDX-License-Identifier: MIT
// Obligations: each attribute of each described method, corrupted in every way.
#include "conform/policy.hpp"
#include "conform/tests.hpp"

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>

namespace accel::conform::tests {

namespace {

bool is_input(const PolicyLine &line)
{
	return line.entry.flags & ACCEL_POLICY_FLAGS_IN;
}

bool is_type(const PolicyLine &line, unsigned type)
{
	return line.entry.type == type;
}

/* Sends the method's message after @corrupt has changed @line; the record must name @line. Returns the record. */
template <class Corrupt>
accel_error_record spoilt(Test &test, const Policy &policy, const PolicyLine &method,
			  const PolicyLine &line, int code, unsigned reason, Corrupt corrupt)
{
	PolicyMessage message(policy, method);

	message.set_good(line);
	corrupt(message.at(line.entry.id), message);
	int result = message.call(test.device());

	check_raw_errno(message, result, code, reason, line.entry.id, policy.path(line).c_str(),
			CONFORM_HERE);
	return message.record;
}

/* The number of attributes that were tested; an obligation does not hold if there was none. */
class Tried {
public:
	void count() { n_++; }
	void end() const
	{
		if (!n_)
			skip("the device describes no attribute of this kind");
	}

private:
	unsigned n_ = 0;
};

} // namespace

void missing_attribute(Test &test)
{
	Policy policy = read_policy(test, test.device());
	Tried tried;

	for_each_attribute(policy, [&](const PolicyLine &method, const PolicyLine &line) {
		if (!(line.entry.flags & ACCEL_POLICY_FLAGS_REQUIRED))
			return;
		PolicyMessage message(policy, method);

		std::erase_if(message.attributes,
			      [&](const accel_attribute &a) { return a.id == line.entry.id; });
		int result = message.call(test.device());

		check_raw_errno(message, result, EINVAL, ACCEL_REASON_MISSING_ATTRIBUTE,
				line.entry.id, policy.path(line).c_str(), CONFORM_HERE);
		tried.count();
	});
	tried.end();
}

void duplicate_attribute(Test &test)
{
	Policy policy = read_policy(test, test.device());

	for_each_attribute(policy, [&](const PolicyLine &method, const PolicyLine &line) {
		spoilt(test, policy, method, line, EINVAL, ACCEL_REASON_DUPLICATE_ATTRIBUTE,
		       [&](accel_attribute &attribute, Raw &raw) {
			       raw.attributes.push_back(accel_attribute(attribute));
		       });
	});
}

void out_of_range(Test &test)
{
	Policy policy = read_policy(test, test.device());
	Tried tried;

	for_each_attribute(policy, [&](const PolicyLine &method, const PolicyLine &line) {
		const accel_policy_entry &e = line.entry;
		bool u32 = is_type(line, ACCEL_ATTRIBUTE_TYPE_U32);

		if (!is_input(line) || (!u32 && !is_type(line, ACCEL_ATTRIBUTE_TYPE_U64)))
			return;
		auto refuse = [&](uint64_t value) {
			auto record = spoilt(test, policy, method, line, EINVAL,
					     ACCEL_REASON_OUT_OF_RANGE,
					     [&](accel_attribute &a, Raw &) { a.value = value; });
			CHECK_EQ(record.value, value);
			CHECK_EQ(record.minimum, e.minimum);
			CHECK_EQ(record.maximum, e.maximum);
			tried.count();
		};
		uint64_t most = u32 ? UINT32_MAX : UINT64_MAX;

		if (e.minimum > 0) {
			refuse(e.minimum - 1);
			refuse(0);
		}
		if (e.maximum < most) {
			refuse(e.maximum + 1);
			refuse(most);
		}
	});
	tried.end();
}

void not_power_of_two(Test &test)
{
	Policy policy = read_policy(test, test.device());
	Tried tried;

	for_each_attribute(policy, [&](const PolicyLine &method, const PolicyLine &line) {
		const accel_policy_entry &e = line.entry;

		if (!is_input(line) || !(e.flags & ACCEL_POLICY_FLAGS_POWER_OF_TWO))
			return;
		for (uint64_t power = std::bit_ceil(e.minimum); power < e.maximum; power *= 2) {
			for (uint64_t value : {power + 1, 2 * power - 1}) {
				if (std::has_single_bit(value) || value > e.maximum)
					continue;
				auto record =
					spoilt(test, policy, method, line, EINVAL,
					       ACCEL_REASON_NOT_POWER_OF_TWO,
					       [&](accel_attribute &a, Raw &) { a.value = value; });
				CHECK_EQ(record.value, value);
				tried.count();
			}
		}
	});
	tried.end();
}

void unknown_member(Test &test)
{
	Policy policy = read_policy(test, test.device());
	Tried tried;

	for_each_attribute(policy, [&](const PolicyLine &method, const PolicyLine &line) {
		if (!is_input(line) || !is_type(line, ACCEL_ATTRIBUTE_TYPE_ENUM))
			return;
		for (uint64_t value : {uint64_t{0}, uint64_t{0x7ffffff0}, uint64_t{UINT32_MAX}}) {
			if (std::ranges::any_of(line.children, [&](uint32_t child) {
				    return policy.lines[child].entry.minimum == value;
			    }))
				continue;
			auto record = spoilt(test, policy, method, line, EINVAL,
					     ACCEL_REASON_UNKNOWN_MEMBER,
					     [&](accel_attribute &a, Raw &) { a.value = value; });
			CHECK_EQ(record.value, value);
			tried.count();
		}
	});
	tried.end();
}

void unknown_flag(Test &test)
{
	Policy policy = read_policy(test, test.device());
	Tried tried;

	for_each_attribute(policy, [&](const PolicyLine &method, const PolicyLine &line) {
		if (!is_input(line) || !is_type(line, ACCEL_ATTRIBUTE_TYPE_FLAGS))
			return;
		for (unsigned bit = 0; bit < 64; bit++) {
			if (line.entry.maximum >> bit & 1)
				continue;
			auto record = spoilt(
				test, policy, method, line, EINVAL, ACCEL_REASON_UNKNOWN_FLAG,
				[&](accel_attribute &a, Raw &) { a.value |= uint64_t{1} << bit; });
			CHECK(record.value >> bit & 1,
			      "the value in the record is {:#x}, the invalid bit was {}",
			      record.value, bit);
			tried.count();
		}
	});
	tried.end();
}

void empty_value(Test &test)
{
	Policy policy = read_policy(test, test.device());

	for_each_attribute(policy, [&](const PolicyLine &method, const PolicyLine &line) {
		if (!is_input(line) || line.entry.size == 0)
			return;
		spoilt(test, policy, method, line, EINVAL, ACCEL_REASON_WRONG_LENGTH,
		       [&](accel_attribute &a, Raw &) { a.length = 0; });
	});
}

void too_many_bytes(Test &test)
{
	Policy policy = read_policy(test, test.device());
	Tried tried;

	for_each_attribute(policy, [&](const PolicyLine &method, const PolicyLine &line) {
		if (!is_input(line) || line.entry.length == 0)
			return;
		for (uint32_t length : {line.entry.length + 1, UINT32_MAX}) {
			auto record = spoilt(test, policy, method, line, EINVAL,
					     ACCEL_REASON_WRONG_LENGTH,
					     [&](accel_attribute &a, Raw &) { a.length = length; });
			CHECK_EQ(record.maximum, line.entry.length);
			tried.count();
		}
	});
	tried.end();
}

void attribute_flags(Test &test)
{
	Policy policy = read_policy(test, test.device());

	for_each_attribute(policy, [&](const PolicyLine &method, const PolicyLine &line) {
		auto refuse = [&](auto corrupt) {
			spoilt(test, policy, method, line, EINVAL, ACCEL_REASON_ATTRIBUTE_FLAGS,
			       corrupt);
		};
		/* Undefined bits. */
		for (uint16_t bit : {0x8, 0x100, 0x8000})
			refuse([&](accel_attribute &a, Raw &) { a.flags |= bit; });
		/* More inline bytes than fit. */
		refuse([&](accel_attribute &a, Raw &) {
			a.flags = 0;
			a.length = 9;
		});
	});
}

void null_value(Test &test)
{
	Policy policy = read_policy(test, test.device());

	for_each_attribute(policy, [&](const PolicyLine &method, const PolicyLine &line) {
		for (uint64_t address : {uint64_t{0}, UINT64_MAX - 2})
			spoilt(test, policy, method, line, EFAULT, ACCEL_REASON_BAD_POINTER,
			       [&](accel_attribute &a, Raw &) {
				       a.flags = ACCEL_ATTRIBUTE_FLAGS_INDIRECT;
				       a.value = address;
				       a.length = line.entry.size ? line.entry.size : 16;
			       });
	});
}

void wrong_handles(Test &test)
{
	Policy policy = read_policy(test, test.device());

	for_each_attribute(policy, [&](const PolicyLine &method, const PolicyLine &line) {
		if (!is_input(line) || !is_type(line, ACCEL_ATTRIBUTE_TYPE_HANDLE) ||
		    !(line.entry.flags & ACCEL_POLICY_FLAGS_REQUIRED))
			return;
		for (uint64_t handle :
		     {uint64_t{0}, uint64_t{1} << 31, uint64_t{1} << 63, UINT64_MAX})
			spoilt(test, policy, method, line, ENOENT, ACCEL_REASON_NO_HANDLE,
			       [&](accel_attribute &a, Raw &) { a.value = handle; });
	});
}

} // namespace accel::conform::tests
