// SPDX-License-Identifier: MIT
// The description that a device returned: read with all checks, then used like any other policy, or printed.
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

	/// Reads the answer of device.describe. Omits unknown parts: longer headers and entries are read as far as they
	/// are known, and lines of unknown kinds are skipped with all lines below them. Reads no byte outside of @blob.
	/// @param why  on failure a constant sentence with the cause; may be nullptr
	/// @return 0; -EINVAL: the text is not a description, or is truncated or damaged; -ENOMEM
	int parse(std::span<const std::byte> blob, const char **why = nullptr);

	/// Valid as long as this object, also after a move. Empty before parse() succeeded.
	const Policy &policy() const { return policy_; }

private:
	int read(std::span<const std::byte> blob, const char *&why);
	int add_lines(std::span<const std::byte> blob, const accel_policy_header &header,
		      const char *&why);

	std::vector<accel_policy_entry> entries_;
	std::vector<char> names_;
	Policy policy_;
};

/// Appends the text form of a policy, as `accel uabi show` prints it: docs/reference/show.md.
/// @return 0 or -ENOMEM
int show_policy(const Policy &policy, std::string &to);

} // namespace accel::core::uabi
