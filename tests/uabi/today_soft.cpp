// SPDX-License-Identifier: MIT
// Today's soft accelerator, through the one function that libaccel-soft exports.
#include "today.hpp"

#include "soft/entry.h"

#include <cerrno>

namespace accel::core::uabi {
namespace {

struct File {
	File() { accel_soft_entry()->open(0, &file); }
	~File() { accel_soft_entry()->close(file); }

	accel_soft_file *file = nullptr;
};

int call(void *context, accel_call *message)
{
	accel_soft_file *file = static_cast<File *>(context)->file;

	return file ? accel_soft_entry()->call(file, message) : -ENODEV;
}

} // namespace

Transport today()
{
	static File file;

	return {call, &file};
}

} // namespace accel::core::uabi
