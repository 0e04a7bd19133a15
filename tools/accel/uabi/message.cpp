// SPDX-License-Identifier: MIT
// One message of the attribute uABI, created from text: inputs and delivery.
#include "uabi/message.hpp"

#include "device/library.hpp"
#include "file/io.hpp"
#include "terminal/fail.hpp"
#include "terminal/numbers.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <new>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

namespace cli {

namespace {

constexpr size_t kMostBytes = 16 << 20;
constexpr size_t kPage = 4096;

bool is_out(const Line &line)
{
	return line.has(ACCEL_POLICY_FLAGS_OUT);
}

/// Returns whether values of the type are stored in the message itself: numbers of up to eight bytes.
bool is_number(unsigned type)
{
	return type >= ACCEL_ATTRIBUTE_TYPE_U32 && type <= ACCEL_ATTRIBUTE_TYPE_ADDRESS;
}

std::vector<std::string> split(const std::string &text, const char *separators)
{
	std::vector<std::string> parts;
	size_t from = 0;

	for (;;) {
		size_t to = text.find_first_of(separators, from);

		parts.push_back(text.substr(from, to - from));
		if (to == std::string::npos)
			return parts;
		from = to + 1;
	}
}

} // namespace

std::optional<std::string> read_bytes(const std::string &text)
{
	if (text.starts_with("@"))
		return read_whole_file(text.substr(1), kMostBytes);
	return parse_hex(text);
}

UabiMessage::UabiMessage(const Policy &policy, uint32_t method) : policy_(policy), method_(method)
{}

std::string UabiMessage::path() const
{
	const Line &method = policy_.line(method_);

	return policy_.line(method.entry.parent).name + "." + method.name;
}

bool UabiMessage::has(uint32_t attribute) const
{
	return std::find(lines_.begin(), lines_.end(), attribute) != lines_.end();
}

void UabiMessage::refuse(uint32_t attribute, const std::string &text,
			 const std::string &allowed) const
{
	fail(Exit::usage, path(), "{} is '{}'; allowed: {}", policy_.line(attribute).name, text,
	     allowed);
}

void *UabiMessage::memory(size_t bytes)
{
	size_t room = (std::max<size_t>(bytes, 1) + kPage - 1) / kPage * kPage;
	void *made = aligned_alloc(kPage, room);

	if (!made)
		throw std::bad_alloc();
	memset(made, 0, room);
	memory_.emplace_back(made);
	return made;
}

void UabiMessage::add_value(uint32_t attribute, uint64_t value, uint32_t size)
{
	attributes_.push_back({policy_.line(attribute).entry.id, 0, size, value});
	lines_.push_back(attribute);
}

void UabiMessage::add_number(uint32_t attribute, uint64_t value)
{
	add_value(attribute, value, policy_.line(attribute).entry.size);
}

void UabiMessage::add_bytes(uint32_t attribute, const std::string &bytes)
{
	void *place = memory(bytes.size());

	memcpy(place, bytes.data(), bytes.size());
	attributes_.push_back({policy_.line(attribute).entry.id, ACCEL_ATTRIBUTE_FLAGS_INDIRECT,
			       static_cast<uint32_t>(bytes.size()),
			       reinterpret_cast<uintptr_t>(place)});
	lines_.push_back(attribute);
}

/// Parses an enum or flags: names joined by | or ",", or a number, which the device validates.
uint64_t UabiMessage::named_number(uint32_t attribute, const std::string &text) const
{
	if (std::optional<uint64_t> value = parse_number(text))
		return *value;
	uint64_t all = 0;
	bool is_flags = policy_.line(attribute).entry.type == ACCEL_ATTRIBUTE_TYPE_FLAGS;

	for (const std::string &name : split(text, is_flags ? "|," : "")) {
		uint32_t member = policy_.find(attribute, ACCEL_POLICY_KIND_MEMBER, name);

		if (member == kNoLine)
			refuse(attribute, name, policy_.names(attribute, ACCEL_POLICY_KIND_MEMBER));
		all |= policy_.line(member).entry.minimum;
	}
	return all;
}

uint64_t UabiMessage::address(uint32_t attribute, const std::string &text)
{
	std::optional<uint64_t> value = parse_number(text.starts_with("+") ? text.substr(1) : text);

	if (!value || (text.starts_with("+") && *value > (1 << 30)))
		refuse(attribute, text, "an address, or +N to allocate N bytes, up to 1G");
	return text.starts_with("+") ? reinterpret_cast<uintptr_t>(memory(*value)) : *value;
}

uint64_t UabiMessage::file(uint32_t attribute, const std::string &text)
{
	if (text == "eventfd" || text == "memfd") {
		int fd = text == "eventfd" ? eventfd(0, EFD_CLOEXEC) :
					     memfd_create("accel", MFD_CLOEXEC | MFD_ALLOW_SEALING);

		/* The device accepts only files that cannot shrink. */
		if (fd < 0 || (text == "memfd" && (ftruncate(fd, kPage) < 0 ||
						   fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK) < 0)))
			fail(Exit::resources, path(), "cannot create {} for {}: {}", text,
			     policy_.line(attribute).name, strerror(errno));
		files_.push_back(fd);
		return static_cast<uint32_t>(fd);
	}
	bool negative = text.starts_with("-");
	std::optional<uint64_t> value = parse_number(negative ? text.substr(1) : text);

	if (!value || *value > INT32_MAX)
		refuse(attribute, text, "a file descriptor, eventfd or memfd");
	return negative ? static_cast<uint32_t>(-static_cast<int64_t>(*value)) : *value;
}

/// "1,2,0x1000": numbers of 8 bytes each.
std::string UabiMessage::words(uint32_t attribute, const std::string &text) const
{
	std::string bytes;

	for (const std::string &part : split(text, ",")) {
		std::optional<uint64_t> value = parse_number(part);

		if (!value)
			refuse(attribute, text, "numbers separated by commas, or @FILE");
		bytes.append(reinterpret_cast<const char *>(&*value), sizeof(*value));
	}
	return bytes;
}

std::string UabiMessage::bytes(uint32_t attribute, const std::string &text) const
{
	std::optional<std::string> bytes = read_bytes(text);

	if (!bytes)
		refuse(attribute, text, "bytes as hexadecimal digits, or @FILE");
	return *bytes;
}

void UabiMessage::add_text(uint32_t attribute, const std::string &text)
{
	const accel_policy_entry &entry = policy_.line(attribute).entry;
	std::optional<uint64_t> value = parse_number(text);

	switch (entry.type) {
	case ACCEL_ATTRIBUTE_TYPE_STRING: return add_bytes(attribute, text);
	case ACCEL_ATTRIBUTE_TYPE_STRUCT:
		return add_bytes(attribute, text.find(',') == std::string::npos ?
						    bytes(attribute, text) :
						    words(attribute, text));
	case ACCEL_ATTRIBUTE_TYPE_ENUM:
	case ACCEL_ATTRIBUTE_TYPE_FLAGS: value = named_number(attribute, text); break;
	case ACCEL_ATTRIBUTE_TYPE_FD: value = file(attribute, text); break;
	case ACCEL_ATTRIBUTE_TYPE_ADDRESS: value = address(attribute, text); break;
	case ACCEL_ATTRIBUTE_TYPE_U32:
	case ACCEL_ATTRIBUTE_TYPE_U64:
	case ACCEL_ATTRIBUTE_TYPE_HANDLE:
	case ACCEL_ATTRIBUTE_TYPE_DEADLINE: break;
	default: return add_bytes(attribute, bytes(attribute, text));
	}
	// Refuse only values that the message cannot hold; the device validates all others.
	if (!value || (entry.size == 4 && *value > UINT32_MAX))
		refuse(attribute, text,
		       entry.maximum ?
			       fmt::format("a number from {} to {}", uint64_t(entry.minimum),
					   uint64_t(entry.maximum)) :
			       "a number");
	add_number(attribute, *value);
}

void UabiMessage::add_outputs()
{
	for (uint32_t at : policy_.children(method_, ACCEL_POLICY_KIND_ATTRIBUTE)) {
		const accel_policy_entry &entry = policy_.line(at).entry;

		if (!is_out(policy_.line(at)) || has(at))
			continue;
		if (is_number(entry.type))
			add_value(at, 0, entry.size);
		else
			add_bytes(at, std::string(std::min<size_t>(entry.length ? entry.length :
										  entry.size,
								   kMostBytes),
						  '\0'));
	}
}

void UabiMessage::deliver(const accel::Device &device, const std::string &name)
{
	try {
		call(device, name, policy_.line(policy_.line(method_).entry.parent).entry.id,
		     policy_.line(method_).entry.id, attributes_);
	} catch (Failure &failure) {
		uint32_t wrong = failure.record ?
					 policy_.find_id(method_, ACCEL_POLICY_KIND_ATTRIBUTE,
							 failure.record->attribute) :
					 kNoLine;

		// If the message of the device does not name the attribute, take it from the record.
		if (wrong != kNoLine &&
		    failure.line.find(policy_.line(wrong).name) == std::string::npos)
			failure.line.insert(name.size() + 2, policy_.line(wrong).name + ": ");
		throw;
	}
}

} // namespace cli
