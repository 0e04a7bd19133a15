// SPDX-License-Identifier: MIT
// The C++ interface of libaccel, header-only over accel.h: move-only owners, results instead of
// exceptions.
//
//	auto device = accel::Device::open("soft0");
//	auto space = accel::AddressSpace::create(*device, accel::AddressMode::shared);
//	auto queue = accel::Queue::create(*space, {.entries = 64});
//
// Rules for all classes and functions:
//  - A function that can fail returns Result<T>: a value, or an Error with the wrong value, the allowed
//    range and the remedy. No function throws; the headers compile with -fno-exceptions -fno-rtti. (A
//    program that uses exceptions calls .value().) Errors and their causes are documented with the C
//    function that is named.
//  - A child keeps references to its parents: a Queue to its AddressSpace and Event, a Mapping to its
//    AddressSpace and Buffer, every object to its Device. Owners may be destroyed in any order; a parent
//    object is destroyed with its last child.
//  - Destructors ignore failures. destroy() reports them and then changes nothing; Device::close() closes
//    the device at once. An owner that was destroyed or moved from returns EFAULT.
//  - Different threads can use different owners concurrently; each class documents further concurrent use.
//  - In a child process after fork() all functions return ESTALE; destructors are allowed.
#ifndef ACCEL_ACCEL_HPP
#define ACCEL_ACCEL_HPP

#include <accel/device.hpp>
#include <accel/memory.hpp>
#include <accel/queue.hpp>
#include <accel/result.hpp>

#endif
