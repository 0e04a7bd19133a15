// SPDX-License-Identifier: MIT
// A message of the attribute uABI, built attribute by attribute, valid or not.
#pragma once

#include "conform/check.hpp"

#include <accel/accel.h>
#include <cstdint>
#include <vector>

namespace accel::conform {

/// Checks nothing of the message and everything of the answer: a refusal must have an errno of the contract and a
/// complete record.
class Raw {
public:
	Raw(uint16_t object, uint16_t method);
	Raw(const Raw &other);
	Raw &operator=(const Raw &) = delete;

	Raw &u32(uint16_t id, uint32_t value) { return add({id, 0, 4, value}); }
	Raw &u64(uint16_t id, uint64_t value) { return add({id, 0, 8, value}); }
	/// Adds room for a number.
	Raw &out32(uint16_t id) { return add({id, 0, 4, 0}); }
	Raw &out64(uint16_t id) { return add({id, 0, 8, 0}); }
	/// Adds memory for either direction; it must stay valid until the call.
	Raw &memory(uint16_t id, const void *at, uint32_t bytes);
	Raw &add(const accel_attribute &attribute);

	/// Delivers the message. Returns the result of the device.
	int call(accel_device *device);
	/// Returns the current value of an attribute.
	uint64_t value(uint16_t id) const { return find(id).value; }
	uint32_t length(uint16_t id) const { return find(id).length; }
	bool written(uint16_t id) const { return find(id).flags & ACCEL_ATTRIBUTE_FLAGS_WRITTEN; }
	accel_attribute &at(uint16_t id);

	accel_call header;
	std::vector<accel_attribute> attributes;
	accel_error_record record;
	/// The attribute count in the header, if it is not -1; by default attributes.size().
	int64_t count = -1;

private:
	const accel_attribute &find(uint16_t id) const;
	void check_record(int result) const;
};

void check_raw_ok(const Raw &raw, int result, const char *what, Place place);
void check_raw_errno(const Raw &raw, int result, int code, unsigned reason, int attribute,
		     const char *what, Place place);

/// Shorthands for the messages that many obligations need.
/// device.query of the number of clients: a call that succeeds.
Raw raw_query();
uint64_t raw_space(accel_device *device, accel_address_mode mode);
/// An address space of a mode that the device has.
uint64_t raw_any_space(accel_device *device);
/// A complete queue.create; the caller may add attributes.
class RawQueue : public Raw {
public:
	RawQueue(uint64_t space, uint32_t entries);
	RawQueue(const RawQueue &) = delete;
	uint64_t handle() const { return value(ACCEL_QUEUE_CREATE_HANDLE); }
	accel_ring_layout layout() const;

private:
	std::vector<unsigned char> layout_;
};
/// Sends OBJECT.destroy of @handle. Returns 0 or the errno.
int raw_destroy(accel_device *device, uint16_t object, uint16_t method, uint64_t handle);

} // namespace accel::conform

/// The message must succeed.
#define RAW_OK(raw, device) \
	::accel::conform::check_raw_ok((raw), (raw).call(device), #raw, CONFORM_HERE)
/// The message must be refused with -@code and @reason (0: any), and the record must name @attribute (-1: any).
#define RAW_ERRNO(raw, device, code, reason, attribute)                                \
	::accel::conform::check_raw_errno((raw), (raw).call(device), (code), (reason), \
					  (attribute), #raw, CONFORM_HERE)
