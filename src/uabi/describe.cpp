// SPDX-License-Identifier: MIT
// Reads the answer of device.describe, which may come from a newer device or be damaged.
#include "uabi/describe.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <new>

namespace accel::core::uabi {
namespace {

// Sizes in the first kernel that could describe itself; later ones are only larger.
constexpr uint32_t kFirstHeader = 32;
constexpr uint32_t kFirstEntry = 40;
constexpr uint32_t kMaxEntry = 4096;
// Of the tree; the current one has 4 levels, a later one may have more.
constexpr unsigned kMaxDepth = 16;

/// One line of the blob while it is read.
struct Line {
	uint32_t parent; // number in the blob, which also counts the omitted lines
	uint32_t kept;	 // number among the kept lines, or kNoEntry
	unsigned depth;
};

uint64_t fnv1a(std::span<const std::byte> bytes)
{
	uint64_t hash = 0xcbf29ce484222325;

	for (std::byte byte : bytes)
		hash = (hash ^ std::to_integer<uint64_t>(byte)) * 0x100000001b3;
	return hash;
}

/// Names are displayed, so they must be printable ASCII without spaces, each terminated by a zero byte.
bool good_names(std::span<const char> names)
{
	return !names.empty() && names.back() == '\0' &&
	       std::all_of(names.begin(), names.end(),
			   [](char c) { return !c || (c > ' ' && c < 0x7f); });
}

bool known_kind(unsigned kind)
{
	return kind >= ACCEL_POLICY_KIND_OBJECT && kind <= ACCEL_POLICY_KIND_MEMBER;
}

/// Whether a line of kind @child may be below the kept line @parent.
bool belongs(unsigned child, const accel_policy_entry *parent)
{
	switch (child) {
	case ACCEL_POLICY_KIND_OBJECT: return !parent;
	case ACCEL_POLICY_KIND_METHOD: return parent && parent->kind == ACCEL_POLICY_KIND_OBJECT;
	case ACCEL_POLICY_KIND_ATTRIBUTE: return parent && parent->kind == ACCEL_POLICY_KIND_METHOD;
	default: return parent && parent->kind == ACCEL_POLICY_KIND_ATTRIBUTE;
	}
}

/// Tree order: the parent of a line is the line before it, or an ancestor of that line.
bool in_tree_order(const std::vector<Line> &lines, uint32_t parent)
{
	uint32_t at = lines.empty() ? kNoEntry : static_cast<uint32_t>(lines.size() - 1);

	while (at != parent && at != kNoEntry)
		at = lines[at].parent;
	return at == parent;
}

} // namespace

int Description::parse(std::span<const std::byte> blob, const char **why)
{
	const char *reason = "";
	Description made;
	int result;

	try {
		result = made.read(blob, reason);
	} catch (const std::bad_alloc &) {
		reason = "no memory for the description";
		result = -ENOMEM;
	}
	if (!result)
		*this = std::move(made);
	else if (why)
		*why = reason;
	return result;
}

int Description::read(std::span<const std::byte> blob, const char *&why)
{
	accel_policy_header header = {};

	why = "the description is shorter than its header";
	if (blob.size() < kFirstHeader)
		return -EINVAL;
	std::memcpy(&header, blob.data(), kFirstHeader);
	why = "the header of the description is malformed";
	if (header.size < kFirstHeader || header.size > blob.size() ||
	    header.entry_size < kFirstEntry || header.entry_size > kMaxEntry)
		return -EINVAL;
	const uint64_t lines = uint64_t{header.entry_size} * header.entry_count;
	why = "the description is truncated";
	if (blob.size() - header.size < lines + header.names_size)
		return -EINVAL;
	blob = blob.subspan(header.size, static_cast<size_t>(lines + header.names_size));
	why = "the description is damaged: its hash differs";
	if (fnv1a(blob) != header.hash)
		return -EINVAL;

	const auto *names = reinterpret_cast<const char *>(blob.data() + lines);
	names_.assign(names, names + header.names_size);
	why = "the names of the description are malformed";
	if (!good_names(names_) || header.driver >= names_.size())
		return -EINVAL;
	if (int result = add_lines(blob, header, why))
		return result;
	policy_.entries = entries_;
	policy_.names = {names_.data(), names_.size()};
	policy_.driver = policy_.text(header.driver);
	policy_.hash = header.hash;
	return 0;
}

int Description::add_lines(std::span<const std::byte> blob, const accel_policy_header &header,
			   const char *&why)
{
	std::vector<Line> lines;

	lines.reserve(header.entry_count);
	entries_.reserve(header.entry_count);
	for (uint32_t i = 0; i < header.entry_count; ++i) {
		accel_policy_entry entry = {};
		std::memcpy(&entry, blob.data() + size_t{i} * header.entry_size,
			    std::min<size_t>(sizeof(entry), header.entry_size));
		why = "the lines of the description are not in the order of a tree";
		if (!in_tree_order(lines, entry.parent))
			return -EINVAL;
		const Line *parent = entry.parent == kNoEntry ? nullptr : &lines[entry.parent];
		Line line = {entry.parent, kNoEntry, parent ? parent->depth + 1 : 0};
		why = "the tree of the description is too deep";
		if (line.depth > kMaxDepth)
			return -EINVAL;
		if (!known_kind(entry.kind) || (parent && parent->kept == kNoEntry)) {
			lines.push_back(line);
			continue;
		}
		why = "the parent of a line of the description is of the wrong kind";
		if (!belongs(entry.kind, parent ? &entries_[parent->kept] : nullptr))
			return -EINVAL;
		why = "a line of the description has no name";
		if (entry.name >= names_.size() || !names_[entry.name])
			return -EINVAL;
		entry.parent = parent ? parent->kept : kNoEntry;
		line.kept = static_cast<uint32_t>(entries_.size());
		entries_.push_back(entry);
		lines.push_back(line);
	}
	return 0;
}

} // namespace accel::core::uabi
