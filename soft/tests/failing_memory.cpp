// SPDX-License-Identifier: MIT
// Operators new and delete that can fail.
#include "soft/tests/failing_memory.hpp"

#include <cstddef>
#include <cstdlib>
#include <new>

namespace accel::core::softdev::test {

constinit thread_local long allocations_left = 0;
constinit thread_local bool allocation_failed = false;
constinit std::atomic<bool> others_fail{false};
constinit thread_local bool is_test_thread = false;

} // namespace accel::core::softdev::test

namespace {

using namespace accel::core::softdev::test;

bool allocation_fails()
{
	if (!is_test_thread)
		return others_fail.load(std::memory_order_relaxed);
	if (!allocations_left || --allocations_left)
		return false;
	return allocation_failed = true;
}

void *allocate(size_t bytes, size_t alignment) noexcept
{
	if (allocation_fails())
		return nullptr;
	if (alignment <= alignof(std::max_align_t))
		return malloc(bytes ? bytes : 1);
	return aligned_alloc(alignment, (bytes + alignment - 1) / alignment * alignment);
}

void *allocate_or_throw(size_t bytes, size_t alignment)
{
	if (void *memory = allocate(bytes, alignment))
		return memory;
	throw std::bad_alloc();
}

} // namespace

// NOLINTBEGIN(misc-new-delete-overloads): all overloads are defined here
void *operator new(size_t bytes)
{
	return allocate_or_throw(bytes, 1);
}
void *operator new[](size_t bytes)
{
	return allocate_or_throw(bytes, 1);
}
void *operator new(size_t bytes, std::align_val_t alignment)
{
	return allocate_or_throw(bytes, static_cast<size_t>(alignment));
}
void *operator new[](size_t bytes, std::align_val_t alignment)
{
	return allocate_or_throw(bytes, static_cast<size_t>(alignment));
}
void *operator new(size_t bytes, const std::nothrow_t &) noexcept
{
	return allocate(bytes, 1);
}
void *operator new[](size_t bytes, const std::nothrow_t &) noexcept
{
	return allocate(bytes, 1);
}
void *operator new(size_t bytes, std::align_val_t alignment, const std::nothrow_t &) noexcept
{
	return allocate(bytes, static_cast<size_t>(alignment));
}
void *operator new[](size_t bytes, std::align_val_t alignment, const std::nothrow_t &) noexcept
{
	return allocate(bytes, static_cast<size_t>(alignment));
}
void operator delete(void *memory) noexcept
{
	free(memory);
}
void operator delete[](void *memory) noexcept
{
	free(memory);
}
void operator delete(void *memory, size_t) noexcept
{
	free(memory);
}
void operator delete[](void *memory, size_t) noexcept
{
	free(memory);
}
void operator delete(void *memory, std::align_val_t) noexcept
{
	free(memory);
}
void operator delete[](void *memory, std::align_val_t) noexcept
{
	free(memory);
}
void operator delete(void *memory, size_t, std::align_val_t) noexcept
{
	free(memory);
}
void operator delete[](void *memory, size_t, std::align_val_t) noexcept
{
	free(memory);
}
void operator delete(void *memory, const std::nothrow_t &) noexcept
{
	free(memory);
}
void operator delete[](void *memory, const std::nothrow_t &) noexcept
{
	free(memory);
}
// NOLINTEND(misc-new-delete-overloads)
