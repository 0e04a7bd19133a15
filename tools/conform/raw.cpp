// SPDX-License-Identifier: MIT
// Raw messages, and what holds for every answer.
#include "conform/raw.hpp"

#include <cerrno>
#include <cstring>

namespace accel::conform {

namespace {

std::string message_text(const Raw &raw)
{
	std::string text = fmt::format("object {} method {}", raw.header.object, raw.header.method);

	for (const accel_attribute &a : raw.attributes)
		text += fmt::format(" [{} flags {:#x} length {} value {:#x}]", a.id, a.flags,
				    a.length, a.value);
	return text;
}

} // namespace

Raw::Raw(uint16_t object, uint16_t method) : header{}, record{}
{
	header.size = sizeof(header);
	header.object = object;
	header.method = method;
	header.error = reinterpret_cast<uintptr_t>(&record);
	header.error_size = sizeof(record);
}

Raw::Raw(const Raw &other)
	: header(other.header),
	  attributes(other.attributes),
	  record(other.record),
	  count(other.count)
{
	if (header.error == reinterpret_cast<uintptr_t>(&other.record))
		header.error = reinterpret_cast<uintptr_t>(&record);
}

Raw &Raw::add(const accel_attribute &attribute)
{
	attributes.push_back(attribute);
	return *this;
}

Raw &Raw::memory(uint16_t id, const void *at, uint32_t bytes)
{
	return add({id, ACCEL_ATTRIBUTE_FLAGS_INDIRECT, bytes, reinterpret_cast<uintptr_t>(at)});
}

const accel_attribute &Raw::find(uint16_t id) const
{
	for (const accel_attribute &attribute : attributes)
		if (attribute.id == id)
			return attribute;
	fail(CONFORM_HERE, fmt::format("the message has no attribute {}", id));
}

accel_attribute &Raw::at(uint16_t id)
{
	return const_cast<accel_attribute &>(find(id));
}

int Raw::call(accel_device *device)
{
	for (accel_attribute &attribute : attributes)
		attribute.flags &= static_cast<uint16_t>(~ACCEL_ATTRIBUTE_FLAGS_WRITTEN);
	/* A test that corrupts these words sets them itself. */
	if (count < 0) {
		header.attribute_count = static_cast<uint32_t>(attributes.size());
		header.attributes =
			attributes.empty() ? 0 : reinterpret_cast<uintptr_t>(attributes.data());
	} else {
		header.attribute_count = static_cast<uint32_t>(count);
	}
	record = {};
	int result = accel_device_call(device, &header);

	CHECK(result <= 0, "accel_device_call() returned {}; {}", result, message_text(*this));
	if (result < 0)
		check_record(result);
	return result;
}

void Raw::check_record(int result) const
{
	CHECK(std::strcmp(accel_errno_name(result), "unknown") != 0,
	      "{} is not in the errno contract; {}", result, message_text(*this));
	/* A test that corrupts these checks the record itself. */
	if (header.size != sizeof(header) || header.error != reinterpret_cast<uintptr_t>(&record) ||
	    header.error_size < sizeof(record))
		return;
	CHECK(record.code == result, "returned {}, but the code of the record is {}; {}",
	      code_text(result), code_text(record.code), message_text(*this));
	CHECK(accel_reason_errno(record.reason) == -result, "{} does not belong to {}; {}",
	      accel_reason_name(record.reason), code_text(result), message_text(*this));
	CHECK(record.object == header.object && record.method == header.method,
	      "the record names object {} method {}; {}", record.object, record.method,
	      message_text(*this));
	CHECK(record.text[0] && std::memchr(record.text, 0, sizeof(record.text)),
	      "the record has no text, or one that is not terminated; {}", message_text(*this));
}

void check_raw_ok(const Raw &raw, int result, const char *what, Place place)
{
	if (result)
		fail(place, fmt::format("{}: expected 0, got {}: {}; {}", what, code_text(result),
					record_text(raw.record), message_text(raw)));
	passed(place);
}

void check_raw_errno(const Raw &raw, int result, int code, unsigned reason, int attribute,
		     const char *what, Place place)
{
	const accel_error_record &r = raw.record;

	if (result != -code || (reason && r.reason != reason) ||
	    (attribute >= 0 && r.attribute != attribute))
		fail(place,
		     fmt::format("{}: expected {}, reason {}, attribute {}; got {}: {}; {}", what,
				 code_text(-code), reason ? accel_reason_name(reason) : "any",
				 attribute, code_text(result), record_text(r), message_text(raw)));
	passed(place);
}

Raw raw_query()
{
	Raw raw(ACCEL_OBJECT_DEVICE, ACCEL_DEVICE_QUERY);

	raw.out32(ACCEL_DEVICE_QUERY_CLIENTS);
	return raw;
}

uint64_t raw_space(accel_device *device, accel_address_mode mode)
{
	Raw raw(ACCEL_OBJECT_ADDRESS_SPACE, ACCEL_ADDRESS_SPACE_CREATE);

	raw.out64(ACCEL_ADDRESS_SPACE_CREATE_HANDLE).u32(ACCEL_ADDRESS_SPACE_CREATE_MODE, mode);
	int result = raw.call(device);

	if (result == -EOPNOTSUPP || result == -ENOTTY)
		skip(raw.record.text);
	check_raw_ok(raw, result, "address-space.create", CONFORM_HERE);
	return raw.value(ACCEL_ADDRESS_SPACE_CREATE_HANDLE);
}

uint64_t raw_any_space(accel_device *device)
{
	accel_device_caps caps{.size = sizeof(caps)};

	CHECK_OK(accel_device_query(device, &caps, err()));
	return raw_space(device, caps.features & ACCEL_FEATURE_SHARED_ADDRESS_SPACE ?
					 ACCEL_ADDRESS_MODE_SHARED :
					 ACCEL_ADDRESS_MODE_MAPPED);
}

RawQueue::RawQueue(uint64_t space, uint32_t entries)
	: Raw(ACCEL_OBJECT_QUEUE, ACCEL_QUEUE_CREATE), layout_(256)
{
	out64(ACCEL_QUEUE_CREATE_HANDLE);
	u64(ACCEL_QUEUE_CREATE_ADDRESS_SPACE, space);
	u32(ACCEL_QUEUE_CREATE_ENTRIES, entries);
	out64(ACCEL_QUEUE_CREATE_MAP_OFFSET);
	memory(ACCEL_QUEUE_CREATE_LAYOUT, layout_.data(), sizeof(accel_ring_layout));
}

accel_ring_layout RawQueue::layout() const
{
	accel_ring_layout layout;

	std::memcpy(&layout, layout_.data(), sizeof(layout));
	return layout;
}

int raw_destroy(accel_device *device, uint16_t object, uint16_t method, uint64_t handle)
{
	Raw raw(object, method);

	/* Attribute 1 of every core destroy is the handle. */
	raw.u64(1, handle);
	return raw.call(device);
}

} // namespace accel::conform
