// SPDX-License-Identifier: MIT
// Obligations: options of queues and buffers, including those of a provider's own header.
#include "conform/test.hpp"
#include "conform/tests.hpp"

#include <cerrno>
#include <utility>
#include <vector>

namespace accel::conform::tests {

namespace {

/* Longer than in any version of a header. */
constexpr size_t kAbsurd = 64 << 10;

} // namespace

void driver_options(Test &test)
{
	Space space = test.any_space();
	accel_queue_options o = test.queue_options(8);
	auto own = static_cast<const unsigned char *>(o.driver);
	std::vector<unsigned char> blob(own, own + (own ? o.driver_size : 0));
	auto create = [&](size_t size) {
		accel_queue *made = nullptr;

		blob.resize(size);
		o.driver = blob.data();
		o.driver_size = size;
		int result = accel_queue_create(space.get(), &o, &made, err());

		CHECK_EQ(result == 0, made != nullptr);
		accel_queue_destroy(made, nullptr);
		return result;
	};
	const size_t known = blob.size();

	if (!known) {
		/* A device without required driver options accepts none at all. */
		CHECK_NE(create(1), 0);
		CHECK(last_error().code == -EOPNOTSUPP || last_error().code == -EINVAL, "{}",
		      record_text(last_error()));
		CHECK(last_error().text[0], "the record has no text");
		return;
	}
	CHECK_OK(create(known));
	for (size_t size : {known - 1, size_t{1}}) {
		std::vector<unsigned char> whole = blob;

		CHECK_ERRNO(create(size), EINVAL, 0);
		blob = whole;
	}
	CHECK_ERRNO(create(kAbsurd), EINVAL, 0);
	/* A newer program: fields that this library does not know must be zero. */
	blob.resize(known);
	CHECK_OK(create(known + 40));
	blob.back() = 1;
	CHECK_ERRNO(create(known + 40), E2BIG, ACCEL_REASON_NONZERO_TAIL);
	/* The refused calls created nothing. */
	blob.resize(known);
	CHECK_OK(create(known));
}

void buffer_options(Test &test)
{
	struct {
		accel_buffer_options known;
		unsigned char tail[40];
	} o{{.size = sizeof(o.known), .length = 8192}, {}};
	accel_buffer *made = nullptr;
	auto create = [&](size_t size) {
		o.known.size = static_cast<uint32_t>(size);
		int result = accel_buffer_create(test.device(), &o.known, &made, err());

		if (result == 0)
			accel_buffer_destroy(std::exchange(made, nullptr), nullptr);
		return result;
	};

	NEED_OK(create(sizeof(o.known)));
	CHECK_OK(create(sizeof(o)));
	o.tail[39] = 1;
	CHECK_ERRNO(create(sizeof(o)), E2BIG, ACCEL_REASON_NONZERO_TAIL);
	CHECK_OK(create(sizeof(o.known)));
	for (size_t size : {size_t{0}, size_t{4}, sizeof(o.known) - 8})
		CHECK_ERRNO(create(size), EINVAL, 0);
	o.known.flags = uint64_t{1} << 63;
	CHECK_ERRNO(create(sizeof(o.known)), EINVAL, ACCEL_REASON_UNKNOWN_FLAG);
	CHECK_EQ(last_error().value, o.known.flags);
	o.known.flags = 0;
	/* No header has options of one byte, and some devices have none. */
	o.known.driver = o.tail;
	o.known.driver_size = 1;
	int result = create(sizeof(o.known));

	CHECK(result == -EINVAL || result == -EOPNOTSUPP, "driver options of one byte: {}",
	      code_text(result));
	CHECK(last_error().text[0], "the record has no text");
	CHECK_EQ(made, nullptr);
}

void buffer_flags(Test &test)
{
	for (uint64_t flag : {ACCEL_BUFFER_FLAGS_NO_MAP, ACCEL_BUFFER_FLAGS_WRITE_COMBINED,
			      ACCEL_BUFFER_FLAGS_DEVICE_MEMORY}) {
		auto made = Buffer::create(test.owner(), 8192, {.flags = flag});

		if (!made && made.error().code() == EOPNOTSUPP) {
			CHECK(!made.error().message().empty(),
			      "flag {:#x} is refused without a text", flag);
			continue;
		}
		CHECK_OK(made);
		accel_buffer_info info{.size = sizeof(info)};

		CHECK_EQ(accel_buffer_address(made->get()) == nullptr,
			 flag == ACCEL_BUFFER_FLAGS_NO_MAP);
		CHECK_GE(accel_buffer_size(made->get()), 8192u);
		CHECK_OK(accel_buffer_query(made->get(), &info, err()));
		if (info.given & ACCEL_BUFFER_INFO_GIVEN_FLAGS)
			CHECK_EQ(info.flags, flag);
	}
}

} // namespace accel::conform::tests
