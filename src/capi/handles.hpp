// SPDX-License-Identifier: MIT
// The opaque types of accel.h are core's objects; each handle holds one reference.
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
	inline handle *give_handle(Ref<Type> object)                 \
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

/// Put what @made holds into *@out, or pass its failure on.
template <class Handle, class T>
Result<void> put(Handle **out, Result<Ref<T>> made)
{
	if (!made)
		return std::unexpected(made.error());
	*out = give_handle(std::move(*made));
	return {};
}

/// The same for a plain value.
template <class T>
Result<void> put(T *out, const Result<T> &value)
{
	if (!value)
		return std::unexpected(value.error());
	*out = *value;
	return {};
}

/// Run @op, which takes a Backend &, for the device of @object.
template <class T, class Op>
auto use(T *object, Op op)
{
	return object->device().use(op);
}

/// destroy() of an object; what is ended gives its reference back.
template <class T>
Result<void> destroy(T *object)
{
	if (!object)
		return {};
	Result<void> ended = object->destroy();
	if (ended)
		object->unref();
	return ended;
}

} // namespace accel::core::capi
