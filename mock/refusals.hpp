// SPDX-License-Identifier: MIT
// The refusals that follow from a driver's description, as a table for tests: one wrong value each.
#pragma once

#include <cstdint>
#include <span>

namespace accel::core::mock {

struct Refusal {
	const char *what;      // "wait-bo: reserved is not zero"
	unsigned long request; // the ioctl
	int pointer; // offset of the pointer to the structure that has the field; -1: the argument
	int64_t selector; // in a list: the kind of structure; else -1
	unsigned offset;  // of the field in its structure
	unsigned size;	  // bytes of the field
	uint64_t value;	  // the wrong value
	int error;	  // the driver's errno, positive
};

} // namespace accel::core::mock
