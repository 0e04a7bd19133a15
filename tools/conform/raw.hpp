// SPDX-License-Identifier: MIT
// A message of the attribute uABI built attribute by attribute, right or wrong.
#pragma once

#include "conform/check.hpp"

#include <accel/accel.h>
#include <cstdint>
#include <vector>

namespace accel::conform {

/// Checks nothing of what it sends, and everything of what comes back: a refusal must be one of the errno
/// contract with a complete record.
class Raw {
public:
	Raw(uint16_t object, uint16_t method);
	Raw(const Raw &other);
	Raw &operator=(const Raw &) = delete;

	Raw &u32(uint16_t id, uint32_t value) { return add({id, 0, 4, value}); }
	Raw &u64(uint16_t id, uint64_t value) { return add({id, 0, 8, value}); }
	/// Room for a number.
	Raw &out32(uint16_t id) { return add({id, 0, 4, 0}); }
	Raw &out64(uint16_t id) { return add({id, 0, 8, 0}); }
	/// Memory for either direction; it must stay until the call.
	Raw &memory(uint16_t id, const void *at, uint32_t bytes);
	Raw &add(const accel_attribute &attribute);

	/// Deliver it. Returns what the device answers.
	int call(accel_device *device);
	/// The value of an attribute, as it is now.
	uint64_t value(uint16_t id) const { return find(id).value; }
	uint32_t length(uint16_t id) const { return find(id).length; }
	bool written(uint16_t id) const { return find(id).flags & ACCEL_ATTRIBUTE_FLAGS_WRITTEN; }
	accel_attribute &at(uint16_t id);

	accel_call header;
	std::vector<accel_attribute> attributes;
	accel_error_record record;
	/// What the header says instead of attributes.size(), if it is not -1.
	int64_t count = -1;

private:
	const accel_attribute &find(uint16_t id) const;
	void check_record(int result) const;
};

void check_raw_ok(const Raw &raw, int result, const char *what, Place place);
void check_raw_errno(const Raw &raw, int result, int code, unsigned reason, int attribute,
		     const char *what, Place place);

/// Shorthands for the messages that many obligations need.
uint64_t raw_space(accel_device *device, accel_address_mode mode);
/// One of the modes that the device has.
uint64_t raw_any_space(accel_device *device);
/// queue.create, complete but for what the caller adds.
class RawQueue : public Raw {
public:
	RawQueue(uint64_t space, uint32_t entries);
	RawQueue(const RawQueue &) = delete;
	uint64_t handle() const { return value(ACCEL_QUEUE_CREATE_HANDLE); }
	accel_ring_layout layout() const;

private:
	std::vector<unsigned char> layout_;
};
/// OBJECT.destroy of @handle: 0 or the errno.
int raw_destroy(accel_device *device, uint16_t object, uint16_t method, uint64_t handle);

} // namespace accel::conform

/// The message must succeed.
#define RAW_OK(raw, device) \
	::accel::conform::check_raw_ok((raw), (raw).call(device), #raw, CONFORM_HERE)
/// The message must be refused with -@code and @reason (0: any), naming @attribute (-1: any).
#define RAW_ERRNO(raw, device, code, reason, attribute)                                \
	::accel::conform::check_raw_errno((raw), (raw).call(device), (code), (reason), \
					  (attribute), #raw, CONFORM_HERE)
