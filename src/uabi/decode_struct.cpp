// SPDX-License-Identifier: MIT
// Structures as text, by the tables of the specification.
#include "uabi/decode.hpp"
#include "uabi/decode_value.hpp"

#include <algorithm>
#include <cstring>

namespace accel::core::uabi {
namespace detail {
namespace {

constexpr size_t kHexBytes = 16;     // of data without a known structure
constexpr uint32_t kMaxElements = 8; // of an array

/// Writes the fields of one structure; has all its bytes, for offsets and selectors.
class StructWriter {
public:
	StructWriter(Text &text, const StructInfo &info, std::span<const std::byte> bytes)
		: text_(text), info_(info), bytes_(bytes)
	{}

	void write()
	{
		text_.put("{");
		fields(info_.fields);
		if (bytes_.size() > info_.size) {
			text_.put(between_);
			text_.add("+%zu bytes", bytes_.size() - info_.size);
		}
		text_.put("}");
	}

private:
	uint64_t number(const FieldInfo &field, uint32_t offset) const
	{
		uint64_t value = 0;

		std::memcpy(&value, bytes_.data() + offset, std::min<size_t>(field.size, 8));
		return value;
	}

	bool is_zero(uint32_t offset, uint32_t size) const
	{
		auto begin = bytes_.begin() + offset;

		return std::all_of(begin, begin + size,
				   [](std::byte b) { return b == std::byte{}; });
	}

	void fields(std::span<const FieldInfo> list)
	{
		for (const FieldInfo &field : list) {
			uint64_t size = uint64_t{field.size} * std::max(field.count, 1u);

			if (field.offset + size > bytes_.size())
				continue;
			if (field.kind == FieldKind::variants)
				one_variant(field);
			else if (!is_zero(field.offset, static_cast<uint32_t>(size)) ||
				 names_zero(field))
				one_field(field);
		}
	}

	/// Whether 0 has a name, as in `op=nop`.
	static bool names_zero(const FieldInfo &field)
	{
		return field.enumeration && !field.enumeration->flags && field.enumeration->find(0);
	}

	void one_variant(const FieldInfo &field)
	{
		const VariantInfo *chosen = selected(field);

		if (chosen)
			return fields(chosen->fields);
		if (is_zero(field.offset, field.size))
			return;
		text_.put(between_);
		text_.add("%s=", field.name);
		put_hex(text_, bytes_.subspan(field.offset, field.size), field.size);
		between_ = ",";
	}

	const VariantInfo *selected(const FieldInfo &field) const
	{
		for (const FieldInfo &other : info_.fields) {
			if (!field.selector || std::string_view(other.name) != field.selector ||
			    other.offset + other.size > bytes_.size())
				continue;
			uint64_t value = number(other, other.offset);
			for (const VariantInfo &variant : field.variants)
				if (std::ranges::count(variant.when, value))
					return &variant;
		}
		return nullptr;
	}

	void one_field(const FieldInfo &field)
	{
		text_.put(between_);
		text_.add("%s=", field.name);
		between_ = ",";
		if (field.kind == FieldKind::text)
			return characters(field);
		if (!field.count)
			return element(field, field.offset);
		text_.put("[");
		for (uint32_t i = 0; i < field.count; ++i) {
			text_.put(i ? "," : "");
			if (i == kMaxElements) {
				text_.put("…");
				break;
			}
			element(field, field.offset + i * field.size);
		}
		text_.put("]");
	}

	void characters(const FieldInfo &field)
	{
		std::string_view all(reinterpret_cast<const char *>(bytes_.data()) + field.offset,
				     std::max(field.count, 1u));

		text_.put("\"");
		text_.put_printable(all.substr(0, all.find('\0')));
		text_.put("\"");
	}

	void element(const FieldInfo &field, uint32_t offset)
	{
		if (field.kind == FieldKind::structure)
			return put_struct(text_, *field.structure,
					  bytes_.subspan(offset, field.size));
		uint64_t value = number(field, offset);
		if (field.kind == FieldKind::negative) {
			unsigned unused = 64 - 8 * field.size;
			text_.add("%lld", static_cast<long long>(value << unused) >> unused);
		} else if (field.kind == FieldKind::address) {
			text_.add("0x%llx", static_cast<unsigned long long>(value));
		} else if (field.enumeration && field.enumeration->flags) {
			flags(*field.enumeration, value);
		} else if (const MemberInfo *member =
				   field.enumeration ? field.enumeration->find(value) : nullptr) {
			text_.put(member->name);
		} else {
			put_number(text_, value);
		}
	}

	void flags(const EnumInfo &info, uint64_t value)
	{
		put_flags(text_, value, [&](unsigned i, uint64_t &bit, std::string_view &name) {
			if (i == info.members.size())
				return false;
			bit = info.members[i].value;
			name = info.members[i].name;
			return true;
		});
	}

	Text &text_;
	const StructInfo &info_;
	std::span<const std::byte> bytes_;
	const char *between_ = "";
};

} // namespace

void put_number(Text &text, uint64_t value)
{
	text.add(value > UINT32_MAX ? "0x%llx" : "%llu", static_cast<unsigned long long>(value));
}

void put_hex(Text &text, std::span<const std::byte> bytes, uint64_t total)
{
	size_t shown = std::min(bytes.size(), kHexBytes);

	for (size_t i = 0; i < shown; ++i)
		text.add("%02x", std::to_integer<unsigned>(bytes[i]));
	text.put(shown < total ? "… (" : shown ? " (" : "(");
	text.add("%llu bytes)", static_cast<unsigned long long>(total));
}

void put_struct(Text &text, const StructInfo &info, std::span<const std::byte> bytes)
{
	StructWriter(text, info, bytes).write();
}

} // namespace detail

size_t decode_struct(const StructInfo &info, std::span<const std::byte> bytes, char *to,
		     size_t room)
{
	Text text(to, room);

	detail::put_struct(text, info, bytes);
	return text.length();
}

size_t decode_struct(std::string_view name, std::span<const std::byte> bytes, char *to, size_t room)
{
	const StructInfo *info = find_struct(name);
	Text text(to, room);

	if (info)
		detail::put_struct(text, *info, bytes);
	else
		detail::put_hex(text, bytes, bytes.size());
	return text.length();
}

} // namespace accel::core::uabi
