// SPDX-License-Identifier: MIT
// The description that a device gives of itself, and messages made from nothing but that.
#pragma once

#include "conform/raw.hpp"
#include "conform/test.hpp"

#include <functional>
#include <string>
#include <vector>

namespace accel::conform {

struct PolicyLine {
	accel_policy_entry entry;
	std::string name;
	std::vector<uint32_t> children;
};

struct Policy {
	accel_policy_header header;
	std::string driver;
	std::vector<PolicyLine> lines;

	const PolicyLine &parent(const PolicyLine &line) const { return lines[line.entry.parent]; }
	/// "queue.create: entries"
	std::string path(const PolicyLine &line) const;
	/// The line of a method, or nullptr.
	const PolicyLine *method(uint16_t object, uint16_t id) const;
};

/// The bytes that device.describe returns.
std::vector<unsigned char> describe(accel_device *device);
/// Parsed, with every offset checked; skips if the device does not speak the attribute uABI.
Policy read_policy(Test &test, accel_device *device);
Policy parse_policy(const std::vector<unsigned char> &bytes);

/// A message with all that a method requires, each value of a good form, and handles that name nothing:
/// complete for the parser, harmless for the device.
class PolicyMessage : public Raw {
public:
	PolicyMessage(const Policy &policy, const PolicyLine &method);
	PolicyMessage(const PolicyMessage &) = delete;

	/// Add @line, or put its good value back.
	void set_good(const PolicyLine &line);

private:
	const Policy &policy_;
	std::vector<std::vector<unsigned char>> rooms_;
};

/// @visit(method, attribute) for each attribute that stands directly in a method. Methods of the driver's
/// own objects are left out: what they do is not known here.
void for_each_attribute(
	const Policy &policy,
	const std::function<void(const PolicyLine &method, const PolicyLine &attribute)> &visit);
void for_each_method(const Policy &policy,
		     const std::function<void(const PolicyLine &method)> &visit);

/// The least number that the line allows, as an inline value.
uint64_t good_number(const Policy &policy, const PolicyLine &line);

} // namespace accel::conform
