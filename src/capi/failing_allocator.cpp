// SPDX-License-Identifier: MIT
// For tests: operator new and malloc of the whole program, which count and fail on demand.
#include "capi/failing_allocator.hpp"

#include <cerrno>
#include <cstdlib>
#include <new>

namespace accel::test {

thread_local constinit long countdown = 0;
thread_local constinit bool failed = false;
std::atomic<long> live = 0;

} // namespace accel::test

using namespace accel::test;

namespace {

bool must_fail()
{
	if (countdown <= 0 || --countdown > 0)
		return false;
	failed = true;
	return true;
}

void *allocate(size_t size)
{
	if (must_fail())
		return nullptr;
	void *p = malloc(size ? size : 1);
	live += p != nullptr;
	return p;
}

} // namespace

/* Not inlined, or the compiler warns of a malloc that is paired with delete. */
[[gnu::noinline]] void *operator new(size_t size)
{
	void *p = allocate(size);

	if (!p)
		throw std::bad_alloc();
	return p;
}
[[gnu::noinline]] void *operator new(size_t size, const std::nothrow_t &) noexcept
{
	return allocate(size);
}
[[gnu::noinline]] void operator delete(void *p) noexcept
{
	live -= p != nullptr;
	free(p);
}
void operator delete(void *p, size_t) noexcept
{
	operator delete(p);
}

#if !SANITIZED
extern "C" {
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);

/* For C libraries that the library uses. */
void *malloc(size_t size)
{
	if (must_fail()) {
		errno = ENOMEM;
		return nullptr;
	}
	return __libc_malloc(size);
}
void *calloc(size_t count, size_t size)
{
	if (must_fail()) {
		errno = ENOMEM;
		return nullptr;
	}
	return __libc_calloc(count, size);
}
void *realloc(void *old, size_t size)
{
	if (must_fail()) {
		errno = ENOMEM;
		return nullptr;
	}
	return __libc_realloc(old, size);
}
}
#endif
