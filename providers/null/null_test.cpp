// SPDX-License-Identifier: MIT
// The null device through the public interface: it can be opened and queried, and refuses every other operation with
// a reason.
#include <accel/accel.h>
#include <cerrno>
#include <cstring>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

class Null : public testing::Test {
protected:
	void SetUp() override { ASSERT_EQ(accel_device_open("null0", &device_, &error_), 0); }
	void TearDown() override { accel_device_close(device_); }

	/// The failure is "unsupported", and its record names object and method.
	void expect_unsupported(int r, unsigned object, unsigned method)
	{
		EXPECT_EQ(r, -EOPNOTSUPP);
		EXPECT_EQ(error_.record.code, -EOPNOTSUPP);
		EXPECT_EQ(error_.record.reason, ACCEL_REASON_UNSUPPORTED);
		EXPECT_EQ(error_.record.object, object);
		EXPECT_EQ(error_.record.method, method);
		EXPECT_STRNE(error_.record.text, "");
	}

	accel_device *device_ = nullptr;
	accel_error error_{};
};

TEST_F(Null, SaysWhatItIs)
{
	accel_device_caps caps{.size = sizeof(caps)};

	EXPECT_STREQ(accel_device_name(device_), "null0");
	EXPECT_STREQ(accel_device_provider(device_), "null");
	ASSERT_EQ(accel_device_query(device_, &caps, &error_), 0);
	EXPECT_STREQ(caps.driver, "null");
	EXPECT_STREQ(caps.model, "null device");
	EXPECT_EQ(caps.features, 0u);
	EXPECT_EQ(caps.max_queues, 0u);
}

TEST_F(Null, HasNoAddressSpaces)
{
	accel_address_space *space = nullptr;

	expect_unsupported(
		accel_address_space_create(device_, ACCEL_ADDRESS_MODE_SHARED, &space, &error_),
		ACCEL_OBJECT_ADDRESS_SPACE, ACCEL_ADDRESS_SPACE_CREATE);
	EXPECT_EQ(space, nullptr);
}

TEST_F(Null, HasNoBuffers)
{
	const accel_buffer_options options{.size = sizeof(options), .length = 4096};
	accel_buffer *buffer = nullptr;
	char memory[16];

	expect_unsupported(accel_buffer_create(device_, &options, &buffer, &error_),
			   ACCEL_OBJECT_BUFFER, ACCEL_BUFFER_CREATE);
	expect_unsupported(accel_buffer_register(device_, memory, sizeof(memory), ACCEL_ACCESS_READ,
						 &buffer, &error_),
			   ACCEL_OBJECT_BUFFER, ACCEL_BUFFER_REGISTER);
	expect_unsupported(accel_buffer_import(device_, 0, &buffer, &error_), ACCEL_OBJECT_BUFFER,
			   ACCEL_BUFFER_IMPORT);
	EXPECT_EQ(buffer, nullptr);
}

TEST_F(Null, HasNoEventsAndNoCommands)
{
	accel_event *event = nullptr;
	accel_command *command = nullptr;

	expect_unsupported(accel_event_create(device_, &event, &error_), ACCEL_OBJECT_EVENT,
			   ACCEL_EVENT_CREATE);
	expect_unsupported(
		accel_command_create(device_, ACCEL_SCOPE_CONFIGURATION, &command, &error_),
		ACCEL_OBJECT_COMMAND, ACCEL_COMMAND_CREATE);
	EXPECT_EQ(event, nullptr);
	EXPECT_EQ(command, nullptr);
}

TEST_F(Null, DoesNotSpeakTheAttributeUabi)
{
	accel_call call{};

	call.size = sizeof(call);
	call.object = ACCEL_OBJECT_DEVICE;
	call.method = ACCEL_DEVICE_DESCRIBE;
	call.error = reinterpret_cast<uintptr_t>(&error_.record);
	call.error_size = sizeof(error_.record);
	expect_unsupported(accel_device_call(device_, &call), ACCEL_OBJECT_DEVICE,
			   ACCEL_DEVICE_DESCRIBE);

	auto ignore = [](void *, const char *) {};
	EXPECT_EQ(accel_device_trace(device_, ignore, nullptr), -EOPNOTSUPP);
}

TEST_F(Null, ErrorRecordMayBeShorterOrAbsent)
{
	accel_error_record record;
	accel_call call{};

	memset(&record, 0x55, sizeof(record));
	call.size = sizeof(call);
	EXPECT_EQ(accel_device_call(device_, &call), -EOPNOTSUPP);
	call.error = reinterpret_cast<uintptr_t>(&record);
	call.error_size = 4;
	EXPECT_EQ(accel_device_call(device_, &call), -EOPNOTSUPP);
	EXPECT_EQ(record.code, -EOPNOTSUPP);
	EXPECT_EQ(record.object, 0x5555) << "nothing after the caller's size is written";
}

/* The end of a page that is followed by an inaccessible one. */
struct LastBytes {
	explicit LastBytes(size_t bytes)
		: pages(static_cast<char *>(mmap(nullptr, 8192, PROT_READ | PROT_WRITE,
						 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0))),
		  at(pages + 4096 - bytes)
	{
		EXPECT_EQ(mprotect(pages + 4096, 4096, PROT_NONE), 0);
	}
	~LastBytes() { munmap(pages, 8192); }

	char *pages, *at;
};

/* A header of @size bytes of a message with only an error record. */
int call_short(accel_device *device, uint32_t size, accel_error_record *record)
{
	LastBytes place((size + 7) / 8 * 8);
	accel_call whole{};

	whole.size = size;
	whole.object = ACCEL_OBJECT_BUFFER;
	whole.method = ACCEL_BUFFER_CREATE;
	whole.error = reinterpret_cast<uintptr_t>(record);
	whole.error_size = sizeof(*record);
	memcpy(place.at, &whole, size);
	return accel_device_call(device, reinterpret_cast<accel_call *>(place.at));
}

TEST_F(Null, HeaderMayBeShort)
{
	accel_error_record record;

	for (uint32_t size = 8; size <= sizeof(accel_call); size += 4) {
		const bool whole_members = size != 20 && size != 28;

		memset(&record, 0, sizeof(record));
		EXPECT_EQ(call_short(device_, size, &record), whole_members ? -EOPNOTSUPP : -EINVAL)
			<< size;
		/* Only the last two contain the size of the record. */
		EXPECT_EQ(record.code, size >= 36 ? -EOPNOTSUPP : 0) << size;
	}
}

TEST_F(Null, HeaderMayBeShortInAForkedChild)
{
	const pid_t child = fork();

	if (!child) {
		accel_error_record record{};

		if (call_short(device_, 8, &record) != -ESTALE || record.code)
			_exit(1);
		if (call_short(device_, 40, &record) != -ESTALE || record.code != -ESTALE)
			_exit(2);
		_exit(0);
	}
	int status = -1;

	ASSERT_EQ(waitpid(child, &status, 0), child);
	EXPECT_EQ(status, 0);
}

} // namespace
