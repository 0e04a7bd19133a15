// SPDX-License-Identifier: MIT
// A description that a device gave: read with care, then used like any other policy, or printed.
#pragma once

#include "uabi/policy.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <uapi/accel/accel.h>
#include <vector>

namespace accel::core::uabi {

/// The policy of a device that may be newer than this program.
class Description {
public:
	Description() = default;
	Description(Description &&) = default;
	Description &operator=(Description &&) = default;

	/// Read the answer of device.describe. What is not known here is left out: longer headers and
	/// entries are read as far as they are known, lines of unknown kinds are skipped with all below
	/// them. Whatever the bytes are, nothing is read beyond them.
	/// @param why  on failure a sentence about it, constant; may be nullptr
	/// @return 0; -EINVAL: this is no description, it is truncated or damaged; -ENOMEM
	int parse(std::span<const std::byte> blob, const char **why = nullptr);

	/// Valid as long as this object, also after it was moved. Empty before parse() succeeded.
	const Policy &policy() const { return policy_; }

private:
	int read(std::span<const std::byte> blob, const char *&why);
	int add_lines(std::span<const std::byte> blob, const accel_policy_header &header,
		      const char *&why);

	std::vector<accel_policy_entry> entries_;
	std::vector<char> names_;
	Policy policy_;
};

/// Append the text form of a policy, as `accel uabi show` prints it: docs/reference/show.md.
/// @return 0 or -ENOMEM
int show_policy(const Policy &policy, std::string &to);

} // namespace accel::core::uabi
