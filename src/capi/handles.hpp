// SPDX-License-Identifier: MIT
// The opaque types of accel.h are the objects of core; each handle holds one reference.
#pragma once

#include "core/address_space.hpp"
#include "core/buffer.hpp"
#include "core/command.hpp"
#include "core/device.hpp"
#include "core/event.hpp"
#include "core/queue.hpp"

namespace accel::core::capi {

#define ACCEL_HANDLE(handle, Type)                                   \
	inline Type *object(handle *h)                               \
	{                                                            \
		return reinterpret_cast<Type *>(h);                  \
	}                                                            \
	inline const Type *object(const handle *h)                   \
	{                                                            \
		return reinterpret_cast<const Type *>(h);            \
	}                                                            \
	inline handle *to_handle(Ref<Type> object)                   \
	{                                                            \
		return reinterpret_cast<handle *>(object.release()); \
	}

ACCEL_HANDLE(accel_device, Device)
ACCEL_HANDLE(accel_address_space, AddressSpace)
ACCEL_HANDLE(accel_buffer, Buffer)
ACCEL_HANDLE(accel_event, Event)
ACCEL_HANDLE(accel_queue, Queue)
ACCEL_HANDLE(accel_command, CommandChannel)
#undef ACCEL_HANDLE

/// Stores the object of @made in *@out, or returns its failure.
template <class Handle, class T>
Result<void> put(Handle **out, Result<Ref<T>> made)
{
	if (!made)
		return std::unexpected(made.error());
	*out = to_handle(std::move(*made));
	return {};
}

/// Stores a plain value in *@out, or returns its failure.
template <class T>
Result<void> put(T *out, const Result<T> &value)
{
	if (!value)
		return std::unexpected(value.error());
	*out = *value;
	return {};
}

/// Runs @op, which takes a Backend &, on the device of @object.
template <class T, class Op>
auto use(T *object, Op op)
{
	return object->device().use(op);
}

/// Destroys an object; on success releases the reference of its handle.
template <class T>
Result<void> destroy(T *object)
{
	if (!object)
		return {};
	Result<void> destroyed = object->destroy();
	if (destroyed)
		object->unref();
	return destroyed;
}

} // namespace accel::core::capi
