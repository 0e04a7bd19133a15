// SPDX-License-Identifier: MIT
// The description that a device returns, and messages that are derived only from it.
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
	/// Returns the line of a method, or nullptr.
	const PolicyLine *method(uint16_t object, uint16_t id) const;
};

/// Returns the bytes of device.describe.
std::vector<unsigned char> describe(accel_device *device);
/// Parses the description and checks every offset; skips if the device does not implement the attribute uABI.
Policy read_policy(Test &test, accel_device *device);
Policy parse_policy(const std::vector<unsigned char> &bytes);

/// A message with everything that a method requires, with values of a valid form and unknown handles: the parser
/// accepts it, and it has no effect on the device.
class PolicyMessage : public Raw {
public:
	PolicyMessage(const Policy &policy, const PolicyLine &method);
	PolicyMessage(const PolicyMessage &) = delete;

	/// Adds @line, or restores its valid value.
	void set_good(const PolicyLine &line);

private:
	const Policy &policy_;
	std::vector<std::vector<unsigned char>> rooms_;
};

/// Calls @visit(method, attribute) for each attribute directly in a method, except for methods of the driver's own
/// objects, because their effects are not known here.
void for_each_attribute(
	const Policy &policy,
	const std::function<void(const PolicyLine &method, const PolicyLine &attribute)> &visit);
void for_each_method(const Policy &policy,
		     const std::function<void(const PolicyLine &method)> &visit);

/// Returns the smallest number that the line allows, as an inline value.
uint64_t good_number(const Policy &policy, const PolicyLine &line);

} // namespace accel::conform
