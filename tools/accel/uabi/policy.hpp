// SPDX-License-Identifier: MIT
// The policy of an attribute uABI, from a device or from a specification.
#pragma once

#include "terminal/output.hpp"

#include <accel/accel.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cli {

inline constexpr uint32_t kNoLine = 0xffffffff;

/// One line of a description: struct accel_policy_entry and its name.
struct Line {
	accel_policy_entry entry;
	std::string name;

	bool is(unsigned kind) const { return entry.kind == kind; }
	bool has(unsigned flag) const { return entry.flags & flag; }
};

/// Lines in tree order: an object, its methods, their attributes, their members.
class Policy {
public:
	/// Queries the device (device.describe).
	static Policy of_device(const accel::Device &device, const std::string &name);
	/// Parses the answer of device.describe. Throws if it is invalid.
	static Policy parse(std::string_view answer, const std::string &name);
	/// Reads a specification, and those that it extends and uses from the same folder.
	static Policy of_file(const std::string &path);

	const std::string &driver() const { return driver_; }
	const std::vector<Line> &lines() const { return lines_; }
	const Line &line(uint32_t at) const { return lines_[at]; }

	/// Returns the children of that kind of the line @parent (kNoLine: the top-level lines).
	std::vector<uint32_t> children(uint32_t parent, unsigned kind) const;
	/// Returns one of them by name or id; kNoLine if it does not exist.
	uint32_t find(uint32_t parent, unsigned kind, std::string_view name) const;
	uint32_t find_id(uint32_t parent, unsigned kind, uint16_t id) const;
	/// Returns their names: "a, b, c".
	std::string names(uint32_t parent, unsigned kind) const;

	/// Adds a line; returns its position.
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

/// Returns the name of an attribute type, "type(N)" for an unknown one.
std::string type_name(unsigned type);
/// Returns the number of an attribute type; 0 if the name is unknown.
unsigned type_number(std::string_view name);
/// Returns the maximum of a type; 0 for types without a range.
uint64_t type_maximum(unsigned type);

} // namespace cli
