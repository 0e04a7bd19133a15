// SPDX-License-Identifier: MIT
// Tests of libaccel-soft.so as libaccel loads it: by its soname, with one exported function and no threads of its own.
#include "soft/entry.h"
#include "soft/tests/test_process.hpp"

#include <dlfcn.h>
#include <gtest/gtest.h>
#include <uapi/accel/accel.h>

namespace {

using accel::core::test::open_files, accel::core::test::threads;

TEST(Library, IsOpenedUsedAndClosed)
{
	const size_t files = open_files(), before = accel::core::test::threads_at_rest();
	void *library = dlopen(ACCEL_SOFT_FILE, RTLD_NOW | RTLD_LOCAL);
	ASSERT_NE(library, nullptr) << dlerror();
	EXPECT_EQ(open_files(), files);
	EXPECT_EQ(threads(), before) << "loading starts no thread";

	auto get = reinterpret_cast<decltype(&accel_soft_entry)>(
		dlsym(library, ACCEL_SOFT_ENTRY_SYMBOL));
	ASSERT_NE(get, nullptr);
	const accel_soft_functions *soft = get();
	EXPECT_EQ(soft->size, sizeof(*soft));
	accel_soft_file *file;
	ASSERT_EQ(soft->open(1, &file), 0);
	accel_attribute mode[] = {
		{.id = ACCEL_ADDRESS_SPACE_CREATE_HANDLE, .flags = 0, .length = 8, .value = 0},
		{.id = ACCEL_ADDRESS_SPACE_CREATE_MODE,
		 .flags = 0,
		 .length = 4,
		 .value = ACCEL_ADDRESS_MODE_SHARED}};
	accel_call call{.size = sizeof(call),
			.object = ACCEL_OBJECT_ADDRESS_SPACE,
			.method = ACCEL_ADDRESS_SPACE_CREATE,
			.attribute_count = 2,
			.attributes = reinterpret_cast<uintptr_t>(mode)};
	EXPECT_EQ(soft->call(file, &call), 0);
	EXPECT_TRUE(mode[0].flags & ACCEL_ATTRIBUTE_FLAGS_WRITTEN);
	EXPECT_NE(mode[0].value, 0u);
	soft->close(file);
	EXPECT_EQ(dlclose(library), 0);
	EXPECT_EQ(soft->devices(), 2u) << "dlclose() must not unload it: its threads may still run";
	EXPECT_EQ(open_files(), files);
}

} // namespace
