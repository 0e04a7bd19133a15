// SPDX-License-Identifier: MIT
// Common code of the tests of fork() and exit().
#pragma once

#include "soft/tests/test_client.hpp"

#include <cstdint>
#include <cstdio>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace accel::core::softdev::test {

/* In a child ThreadSanitizer confuses new threads with the parent's of the same id. AddressSanitizer (gcc 12) does not
 * release its own locks in a child, which another thread may have held at fork(). */
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
inline constexpr bool kSanitizer = true;
#else
inline constexpr bool kSanitizer = false;
#endif

template <class Body>
pid_t start_child(Body body)
{
	fflush(nullptr);
	const pid_t child = fork();

	if (child == 0) {
		body();
		fflush(nullptr);
		_exit(testing::Test::HasFailure() ? 1 : 0);
	}
	return child;
}

/// Waits for a child; true if it exited with status 0.
inline bool went_well(pid_t child)
{
	int status = -1;

	EXPECT_EQ(waitpid(child, &status, 0), child);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/// Runs @body in a forked child.
template <class Body>
bool in_child(Body body)
{
	return went_well(start_child(body));
}

/// A product of two matrices of ones, of @n rows and columns; @memory holds all three.
inline Descriptor multiply(std::vector<float> &memory, uint32_t n)
{
	Descriptor d{};

	memory.assign(3 * size_t{n} * n, 1);
	d.op = ACCEL_SOFT_OP_MATMUL;
	d.param = ACCEL_SOFT_MATRIX_TYPE_F32;
	d.matmul = {.a = address_of(memory.data()),
		    .b = address_of(memory.data() + size_t{n} * n),
		    .c = address_of(memory.data() + 2 * size_t{n} * n),
		    .m = n,
		    .n = n,
		    .k = n,
		    .lda = n,
		    .ldb = n,
		    .ldc = n};
	return d;
}

} // namespace accel::core::softdev::test
