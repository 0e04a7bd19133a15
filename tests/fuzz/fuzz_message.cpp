// SPDX-License-Identifier: MIT
// Parses any bytes as a message; a handler reads all inputs and writes all outputs.
#include "window.hpp"

#include "uabi/utf8.hpp"

#include <accel/uabi/soft_policy.hpp>
#include <accel/uabi/types_policy.hpp>
#include <algorithm>
#include <string_view>

namespace {

using namespace accel::core::uabi;
using accel::core::fuzz::check;
using accel::core::fuzz::Window;

/// Reads one input and checks that it satisfies the policy.
void use_input(Call &call, const accel_policy_entry &entry, unsigned slot)
{
	unsigned char copy[64];

	switch (entry.type) {
	case ACCEL_ATTRIBUTE_TYPE_STRING: {
		std::string_view text = call.string(slot);
		check(text.size() <= entry.length && utf8_prefix(text) == text.size());
		return;
	}
	case ACCEL_ATTRIBUTE_TYPE_BYTES: {
		uint32_t length = call.length(slot);
		check(length <= entry.length);
		size_t some = std::min<size_t>(length, sizeof(copy));
		call.copy_in(slot, copy, length - some, some);
		return;
	}
	case ACCEL_ATTRIBUTE_TYPE_STRUCT:
		check(entry.size <= Call::kArena);
		check(std::count(call.structure<unsigned char>(slot),
				 call.structure<unsigned char>(slot) + entry.size, 0) >= 0);
		return;
	default: break;
	}
	uint64_t value = call.value(slot);
	check(entry.size == 8 || value <= UINT32_MAX);
	if (entry.type == ACCEL_ATTRIBUTE_TYPE_FLAGS)
		check(!(value & ~entry.maximum));
	else
		check(value >= entry.minimum && value <= entry.maximum);
	check(!(entry.flags & ACCEL_POLICY_FLAGS_POWER_OF_TWO) || !(value & (value - 1)));
}

/// Writes one output, as long as the policy allows. Returns the result of put_bytes(), or 0.
int answer(Call &call, const accel_policy_entry &entry, unsigned slot)
{
	static const unsigned char kMany[4096] = {1, 2, 3};

	switch (entry.type) {
	case ACCEL_ATTRIBUTE_TYPE_STRING:
		call.put_string(slot, {reinterpret_cast<const char *>(kMany), 3});
		return 0;
	case ACCEL_ATTRIBUTE_TYPE_BYTES: return call.put_bytes(slot, kMany, 48);
	case ACCEL_ATTRIBUTE_TYPE_STRUCT: call.put_structure(slot, kMany, entry.size); return 0;
	default: call.put(slot, 0x1122334455667788); return 0;
	}
}

int handle(Call &call)
{
	const Policy &policy = call.policy();
	uint32_t object = policy.find_object(call.object());
	uint32_t method = policy.find_method(object, call.method());
	const Scope &scope = policy.index->scopes[method];
	int result = 0;

	check(call.ordinal() == scope.ordinal);
	for (unsigned slot = 0; slot < scope.count; ++slot) {
		uint32_t line = policy.index->slots[scope.first + slot];
		const accel_policy_entry &entry = policy.entries[line];

		check(call.has(slot) || !(scope.required >> slot & 1));
		if (call.has(slot) && (entry.flags & ACCEL_POLICY_FLAGS_IN))
			use_input(call, entry, slot);
		if (!result && (entry.flags & ACCEL_POLICY_FLAGS_OUT))
			result = answer(call, entry, slot);
	}
	return result;
}

void one(const Policy &policy, const uint8_t *data, size_t size)
{
	Window window(data, size);
	const auto header = window.at<accel_call>(0); // the answer may overwrite it
	Call call;
	int result = call.parse(policy, window.access(), Window::kBase);
	const bool handled = !result;

	check(result <= 0);
	if (handled)
		result = handle(call);
	result = call.finish(result);
	check(result <= 0);
	if (!result)
		return;
	check(call.error().code == result);
	check(std::memchr(call.error().text, 0, sizeof(call.error().text)));
	check(call.error().text[0] != '\0');
	// A refused message without an error record must be unchanged.
	const bool no_record = header.size < offsetof(accel_call, error) + 8 || !header.error;
	if (!handled && result != -EMSGSIZE && no_record)
		check(!size || !std::memcmp(window.bytes().data(), data, size));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	one(soft::kPolicy, data, size);
	one(types::kPolicy, data, size);
	return 0;
}
