// SPDX-License-Identifier: MIT
// `accel conform DEV`: the numbered obligations of docs/provider.md, held against a device.
#include "fail.hpp"
#include "options.hpp"

#include "conform/conform.hpp"
#include <cstdio>

namespace cli {

int conform_command(const ConformOptions &options)
{
	accel::conform::Options what;

	what.device = options.device;
	what.filter = options.filter;
	what.list = options.list;
	what.json = options.common.json;
	what.seed = options.seed;
	what.timeout_s = options.timeout_s;
	what.multi_producer = options.multi_producer;
	what.no_inline = options.no_inline;
	what.status_phase = options.status_phase;
	what.parallel = options.parallel;
	switch (accel::conform::run(what, stdout)) {
	case 0: return static_cast<int>(Exit::ok);
	case 1: return static_cast<int>(Exit::difference);
	default: return static_cast<int>(Exit::device);
	}
}

} // namespace cli
