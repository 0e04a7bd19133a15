// SPDX-License-Identifier: MIT
// The policy of an attribute uABI: what a device describes, or what a specification says.
#pragma once

#include "output.hpp"

#include <accel/accel.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cli {

inline constexpr uint32_t kNoLine = 0xffffffff;

/// One line of a description; the fields of struct accel_policy_entry, and the name it has there.
struct Line {
	accel_policy_entry entry;
	std::string name;

	bool is(unsigned kind) const { return entry.kind == kind; }
	bool has(unsigned flag) const { return entry.flags & flag; }
};

/// Lines in tree order: an object, its methods, their attributes, their members.
class Policy {
public:
	/// Ask the device (device.describe).
	static Policy of_device(const accel::Device &device, const std::string &name);
	/// The answer of device.describe. Throws if it makes no sense.
	static Policy parse(std::string_view answer, const std::string &name);
	/// A file of a specification, with what it extends and uses, which lie beside it.
	static Policy of_file(const std::string &path);

	const std::string &driver() const { return driver_; }
	const std::vector<Line> &lines() const { return lines_; }
	const Line &line(uint32_t at) const { return lines_[at]; }

	/// The children of that kind of the line @parent (kNoLine: of the top).
	std::vector<uint32_t> children(uint32_t parent, unsigned kind) const;
	/// One of them by its name or by its id; kNoLine if there is none.
	uint32_t find(uint32_t parent, unsigned kind, std::string_view name) const;
	uint32_t find_id(uint32_t parent, unsigned kind, uint16_t id) const;
	/// Their names: "a, b, c".
	std::string names(uint32_t parent, unsigned kind) const;

	/// Add a line; its position.
	uint32_t add(Line line);
	void set_driver(std::string driver) { driver_ = std::move(driver); }

	/// docs/reference/show.md has the grammar.
	std::string text() const;
	Json json() const;

private:
	std::string words(const Line &line) const;
	std::string attribute_words(const Line &line) const;
	Json json_of(uint32_t at) const;

	std::string driver_;
	std::vector<Line> lines_;
};

/// Member name of attribute-type, "type(N)" for one that is not known.
std::string type_name(unsigned type);
/// Number of the member name; 0 if there is none.
unsigned type_number(std::string_view name);
/// 0 for types without a range of their own.
uint64_t type_maximum(unsigned type);

} // namespace cli
