// SPDX-License-Identifier: MIT
// A backend that overrides nothing refuses everything, each time with the operation's name and the
// reason.
#include "core/provider.hpp"

#include <cstring>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mman.h>

using namespace accel::core;
using testing::HasSubstr;

namespace {

class Bare final : public Backend {
public:
	Bare() : Backend("it is bare") {}
};

template <class T>
void expect_unsupported(const Result<T> &r, unsigned object, unsigned method, const char *operation)
{
	ASSERT_FALSE(r);
	EXPECT_EQ(r.error().code, -EOPNOTSUPP);
	EXPECT_EQ(r.error().reason, ACCEL_REASON_UNSUPPORTED);
	EXPECT_EQ(r.error().object, object);
	EXPECT_EQ(r.error().method, method);
	EXPECT_THAT(r.error().text, HasSubstr(operation));
	EXPECT_THAT(r.error().text, HasSubstr("it is bare"));
}

#define EXPECT_UNSUPPORTED(call, OBJECT, METHOD, text) \
	expect_unsupported(call, ACCEL_OBJECT_##OBJECT, ACCEL_##OBJECT##_##METHOD, text)

TEST(Backend, RefusesEveryOperation)
{
	Bare b;

	EXPECT_UNSUPPORTED(b.query(), DEVICE, QUERY, "device.query");
	EXPECT_UNSUPPORTED(b.create_address_space(1), ADDRESS_SPACE, CREATE,
			   "address-space.create");
	EXPECT_UNSUPPORTED(b.destroy_address_space(1), ADDRESS_SPACE, DESTROY,
			   "address-space.destroy");
	EXPECT_UNSUPPORTED(b.map({}), ADDRESS_SPACE, MAP, "address-space.map");
	EXPECT_UNSUPPORTED(b.unmap(1, 0, 1), ADDRESS_SPACE, UNMAP, "address-space.unmap");
	EXPECT_UNSUPPORTED(b.query_address_space(1), ADDRESS_SPACE, QUERY, "address-space.query");
	EXPECT_UNSUPPORTED(b.create_buffer(1), BUFFER, CREATE, "buffer.create");
	EXPECT_UNSUPPORTED(b.register_buffer(&b, 1, 1), BUFFER, REGISTER, "buffer.register");
	EXPECT_UNSUPPORTED(b.import_buffer(0), BUFFER, IMPORT, "buffer.import");
	EXPECT_UNSUPPORTED(b.export_buffer(1), BUFFER, EXPORT, "buffer.export");
	EXPECT_UNSUPPORTED(b.destroy_buffer(1), BUFFER, DESTROY, "buffer.destroy");
	EXPECT_UNSUPPORTED(b.create_event(0), EVENT, CREATE, "event.create");
	EXPECT_UNSUPPORTED(b.destroy_event(1), EVENT, DESTROY, "event.destroy");
	EXPECT_UNSUPPORTED(b.create_queue({}), QUEUE, CREATE, "queue.create");
	EXPECT_UNSUPPORTED(b.destroy_queue(1), QUEUE, DESTROY, "queue.destroy");
	EXPECT_UNSUPPORTED(b.resume_queue(1), QUEUE, RESUME, "queue.resume");
	EXPECT_UNSUPPORTED(b.query_queue(1), QUEUE, QUERY, "queue.query");
	EXPECT_UNSUPPORTED(b.create_command(1), COMMAND, CREATE, "command.create");
	EXPECT_UNSUPPORTED(b.destroy_command(1), COMMAND, DESTROY, "command.destroy");
	EXPECT_UNSUPPORTED(b.execute(1, {}, {}), COMMAND, EXECUTE, "command.execute");
	expect_unsupported(b.trace(nullptr, nullptr), ACCEL_OBJECT_DEVICE, 0, "messages to trace");
	b.kick(1);
	b.close();
	b.abandon();
}

TEST(Backend, UnmapsWhatWasMapped)
{
	Bare b;
	void *page = mmap(nullptr, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	b.unmap_memory(page, 4096);
	EXPECT_EQ(msync(page, 4096, MS_ASYNC), -1) << "the page is gone";
}

TEST(Answer, FillsTheRecordAsFarAsTheCallerKnowsIt)
{
	Failure failure = fail(EIO, ACCEL_REASON_DEVICE, "broken").error();
	accel_error_record record{};
	accel_call call{};

	EXPECT_EQ(answer(call, failure), -EIO) << "no record is asked for";
	call.error = reinterpret_cast<uintptr_t>(&record);
	call.error_size = 1 << 20;
	EXPECT_EQ(answer(call, failure), -EIO);
	EXPECT_STREQ(record.text, "broken");
	memset(&record, 0x11, sizeof(record));
	call.error_size = offsetof(accel_error_record, text);
	EXPECT_EQ(answer(call, failure), -EIO);
	EXPECT_EQ(record.reason, ACCEL_REASON_DEVICE);
	EXPECT_EQ(record.text[0], 0x11);
}

} // namespace
