// SPDX-License-Identifier: MIT
// Parses any bytes as a description, prints it, and decodes a call with it.
#include "window.hpp"

#include "uabi/decode.hpp"
#include "uabi/describe.hpp"

#include <accel/uabi/soft_policy.hpp>
#include <string>

namespace {

using namespace accel::core::uabi;
using accel::core::fuzz::check;
using accel::core::fuzz::Window;

/// Sets the correct hash; with a wrong one the parser would refuse every description.
void set_hash(std::span<uint8_t> blob)
{
	accel_policy_header header;
	uint64_t hash = 0xcbf29ce484222325;

	if (blob.size() < sizeof(header))
		return;
	std::memcpy(&header, blob.data(), sizeof(header));
	uint64_t bytes = uint64_t{header.entry_size} * header.entry_count + header.names_size;
	if (header.size > blob.size() || bytes > blob.size() - header.size)
		return;
	for (uint8_t byte : blob.subspan(header.size, static_cast<size_t>(bytes)))
		hash = (hash ^ byte) * 0x100000001b3;
	header.hash = hash;
	std::memcpy(blob.data(), &header, sizeof(header));
}

/// Decodes a call with each attribute of each method.
void decode_all(const Policy &policy)
{
	char text[256];
	accel_attribute attribute = {.flags = 0, .length = 8, .value = 0x1122334455667788};

	for (const accel_policy_entry &entry : policy.entries) {
		if (entry.kind != ACCEL_POLICY_KIND_ATTRIBUTE)
			continue;
		const accel_policy_entry &method = policy.entries[entry.parent];
		if (method.kind != ACCEL_POLICY_KIND_METHOD)
			continue;
		attribute.id = entry.id;
		CallImage image = {
			.call = {.object = policy.entries[method.parent].id, .method = method.id},
			.before = {&attribute, 1}};
		check(decode_call(policy, image, {}, text, sizeof(text)) < sizeof(text));
	}
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto blob = std::make_unique<uint8_t[]>(size);
	std::span<uint8_t> bytes(blob.get(), size);
	Description description;
	const char *why = nullptr;
	std::string text;

	if (size)
		std::memcpy(blob.get(), data, size);
	set_hash(bytes);
	int result = description.parse(std::as_bytes(bytes), &why);
	check((result == 0) == (why == nullptr));
	const Policy &policy = description.policy();
	check(result == 0 || policy.entries.empty());
	check(show_policy(policy, text) == 0 && text.starts_with("uabi "));
	if (policy.entries.size() <= 300)
		decode_all(policy);
	return 0;
}
