// SPDX-License-Identifier: MIT
// The C++ interface of libaccel, header-only over accel.h: move-only owners, results instead of
// exceptions.
//
//	auto device = accel::Device::open("soft0");
//	auto space = accel::AddressSpace::create(*device, accel::AddressMode::shared);
//	auto queue = accel::Queue::create(*space, {.entries = 64});
//
// Rules that hold for everything and are not repeated:
//  - What can fail returns Result<T>: a value, or an Error that says which value was wrong, what is
//    allowed and what to do. Nothing throws; the headers compile with -fno-exceptions -fno-rtti. (A
//    program that likes exceptions calls .value().) Errors and their causes stand with the C
//    function that is named.
//  - A child keeps its parents: a Queue its AddressSpace and Event, a Mapping its AddressSpace and
//    Buffer, everything its Device. Owners may end in any order; a parent ends with its last child.
//  - Destructors ignore failures. destroy() tells them, and then nothing has changed;
//    Device::close() ends the device at once. An owner that ended or was moved from answers EFAULT.
//  - Different owners can be used by different threads at once; each class says what else is
//    allowed.
//  - Everything lives in the inline namespace v0, which nobody writes: symbols of another version of these
//    headers, or of what a program calls namespace accel, are never taken for these.
//  - In a child process after fork() everything answers ESTALE; destructors are right there, too.
#ifndef ACCEL_ACCEL_HPP
#define ACCEL_ACCEL_HPP

#include <accel/device.hpp>
#include <accel/memory.hpp>
#include <accel/queue.hpp>
#include <accel/result.hpp>

#endif
