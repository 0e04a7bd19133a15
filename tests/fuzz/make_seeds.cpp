// SPDX-License-Identifier: MIT
// Writes the seeds of the fuzz targets: a complete message of every method, every structure, the descriptions.
// usage: accel-make-seeds DIR
#include "window.hpp"

#include "uabi/layout.hpp"

#include <accel/uabi/soft_policy.hpp>
#include <accel/uabi/types_policy.hpp>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace {

using namespace accel::core::uabi;
using accel::core::fuzz::Window;

/// A message in the memory of a Window.
class Image {
public:
	explicit Image(const Policy &policy) : policy_(policy) {}

	std::vector<uint8_t> message(uint32_t method)
	{
		accel_call call = {.size = sizeof(call)};

		bytes_.assign(sizeof(call), 0);
		call.object = policy_.entries[policy_.entries[method].parent].id;
		call.method = policy_.entries[method].id;
		call.attributes = attributes(method, call.attribute_count);
		call.error_size = sizeof(accel_error_record);
		call.error = add(nullptr, call.error_size);
		std::memcpy(bytes_.data(), &call, sizeof(call));
		return bytes_;
	}

private:
	uint64_t add(const void *from, size_t size)
	{
		size_t at = (bytes_.size() + 7) / 8 * 8;

		bytes_.resize(at + size);
		if (from)
			std::memcpy(bytes_.data() + at, from, size);
		return Window::kBase + at;
	}

	uint64_t attributes(uint32_t parent, uint32_t &count)
	{
		std::vector<accel_attribute> list;
		uint32_t line = policy_.next_child(parent, ACCEL_POLICY_KIND_ATTRIBUTE, parent);

		for (; line != kNoEntry;
		     line = policy_.next_child(parent, ACCEL_POLICY_KIND_ATTRIBUTE, line + 1))
			list.push_back(attribute(line));
		count = static_cast<uint32_t>(list.size());
		return add(list.data(), list.size() * sizeof(list[0]));
	}

	accel_attribute attribute(uint32_t line)
	{
		const accel_policy_entry &entry = policy_.entries[line];
		accel_attribute made = {entry.id, ACCEL_ATTRIBUTE_FLAGS_INDIRECT, entry.size, 0};
		const std::string text = "0123456789abcdef";

		switch (entry.type) {
		case ACCEL_ATTRIBUTE_TYPE_STRING:
		case ACCEL_ATTRIBUTE_TYPE_BYTES:
			made.length = 16;
			made.value = add(text.data(), text.size());
			return made;
		case ACCEL_ATTRIBUTE_TYPE_STRUCT:
			made.value = add(nullptr, made.length);
			return made;
		case ACCEL_ATTRIBUTE_TYPE_FLAGS: made.value = entry.maximum; break;
		default: made.value = std::max<uint64_t>(entry.minimum, 1);
		}
		if (!policy_.members(line).empty() && entry.type == ACCEL_ATTRIBUTE_TYPE_ENUM)
			made.value = policy_.members(line).back().minimum;
		made.flags = ACCEL_ATTRIBUTE_FLAGS_MANDATORY;
		return made;
	}

	const Policy &policy_;
	std::vector<uint8_t> bytes_;
};

bool write(const std::filesystem::path &file, std::vector<uint8_t> bytes,
	   std::vector<uint8_t> head = {})
{
	bytes.insert(bytes.begin(), head.begin(), head.end());
	std::filesystem::create_directories(file.parent_path());
	std::ofstream out(file, std::ios::binary);
	out.write(reinterpret_cast<const char *>(bytes.data()), static_cast<long>(bytes.size()));
	return out.flush().good();
}

bool write_policy(const std::filesystem::path &folder, const Policy &policy)
{
	std::span<const std::byte> all = policy.description();
	const auto *begin = reinterpret_cast<const uint8_t *>(all.data());
	bool good = write(folder / "fuzz_describe" / std::string(policy.driver),
			  {begin, begin + all.size()});

	for (uint32_t line = 0; line < policy.entries.size(); ++line) {
		if (policy.entries[line].kind != ACCEL_POLICY_KIND_METHOD)
			continue;
		// The methods of the common uABI are the same for every driver.
		const accel_policy_entry &object = policy.entries[policy.entries[line].parent];
		if (policy.driver != "soft" && object.id < ACCEL_DRIVER_NAMESPACE)
			continue;
		std::string name(policy.name(object));
		name.append("-").append(policy.name(line));
		std::vector<uint8_t> message = Image(policy).message(line);
		good = good && write(folder / "fuzz_message" / name, message) &&
		       write(folder / "fuzz_decode" / name, message, {255, 255});
	}
	return good;
}

} // namespace

int main(int argc, char **argv)
{
	if (argc != 2)
		return 2;
	const std::filesystem::path folder = argv[1];
	bool good = write_policy(folder, soft::kPolicy) && write_policy(folder, types::kPolicy);

	for (size_t i = 0; i < all_structs().size(); ++i) {
		const StructInfo &info = all_structs()[i];
		std::vector<uint8_t> bytes(info.size, 1);
		std::string name = std::string("struct-") + info.uabi + "-" + info.name;
		good = good &&
		       write(folder / "fuzz_decode" / name, bytes, {200, static_cast<uint8_t>(i)});
	}
	return good ? 0 : 1;
}
