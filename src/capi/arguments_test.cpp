// SPDX-License-Identifier: MIT
// Checks of the C interface itself: NULL pointers, unknown errnos, names of numbers.
#include <accel/accel.h>
#include <cerrno>
#include <cstring>
#include <functional>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

using testing::HasSubstr;

namespace {

struct NullCase {
	const char *argument;
	std::function<int(accel_error *)> call;
};

/* The objects need not exist: a NULL argument is found before any object is read. */
char nothing[256];
template <class T>
T *some()
{
	return reinterpret_cast<T *>(nothing);
}

const accel_buffer_options kBufferOptions{.size = sizeof(kBufferOptions), .length = 4096};
const accel_queue_options kOptions{.size = sizeof(kOptions), .entries = 4};
const auto kShared = ACCEL_ADDRESS_MODE_SHARED;
const auto kScope = ACCEL_SCOPE_CONFIGURATION;

accel_device *device;
const accel_device_event *device_event;
accel_device_caps caps;
accel_address_space *space;
accel_address_space_info space_info;
accel_buffer *buffer;
accel_event *event;
accel_queue *queue;
accel_queue_info queue_info;
accel_buffer_info buffer_info;
accel_fence fence;
accel_command *command;
uint64_t iova;
int fd;
size_t size;

#define CASE(argument, ...)                                          \
	NullCase                                                     \
	{                                                            \
		argument, [](accel_error *e) { return __VA_ARGS__; } \
	}

const NullCase kNulls[] = {
	CASE("list", accel_device_list_get(nullptr, e)),
	CASE("watch", accel_device_watch_create(nullptr, e)),
	CASE("watch", accel_device_watch_next(nullptr, &device_event, e)),
	CASE("event", accel_device_watch_next(some<accel_device_watch>(), nullptr, e)),
	CASE("name", accel_device_open(nullptr, &device, e)),
	CASE("device", accel_device_open("null0", nullptr, e)),
	CASE("device", accel_device_query(nullptr, &caps, e)),
	CASE("caps", accel_device_query(some<accel_device>(), nullptr, e)),
	CASE("device", accel_address_space_create(nullptr, kShared, &space, e)),
	CASE("space", accel_address_space_create(some<accel_device>(), kShared, nullptr, e)),
	CASE("space", accel_address_space_map(nullptr, &fd, 4, 1, &iova, e)),
	CASE("address",
	     accel_address_space_map(some<accel_address_space>(), nullptr, 4, 1, &iova, e)),
	CASE("iova", accel_address_space_map(some<accel_address_space>(), &fd, 4, 1, nullptr, e)),
	CASE("space",
	     accel_address_space_map_buffer(nullptr, some<accel_buffer>(), 0, 4, 1, &iova, e)),
	CASE("buffer", accel_address_space_map_buffer(some<accel_address_space>(), nullptr, 0, 4, 1,
						      &iova, e)),
	CASE("iova", accel_address_space_map_buffer(some<accel_address_space>(),
						    some<accel_buffer>(), 0, 4, 1, nullptr, e)),
	CASE("space", accel_address_space_unmap(nullptr, 0, 4, e)),
	CASE("space", accel_address_space_query(nullptr, &space_info, e)),
	CASE("info", accel_address_space_query(some<accel_address_space>(), nullptr, e)),
	CASE("device", accel_buffer_create(nullptr, &kBufferOptions, &buffer, e)),
	CASE("options", accel_buffer_create(some<accel_device>(), nullptr, &buffer, e)),
	CASE("buffer", accel_buffer_create(some<accel_device>(), &kBufferOptions, nullptr, e)),
	CASE("buffer", accel_buffer_sync(nullptr, ACCEL_SYNC_PHASE_BEGIN, 1, 0, e)),
	CASE("buffer", accel_buffer_query(nullptr, &buffer_info, e)),
	CASE("info", accel_buffer_query(some<accel_buffer>(), nullptr, e)),
	CASE("device", accel_buffer_register(nullptr, &fd, 4, 1, &buffer, e)),
	CASE("address", accel_buffer_register(some<accel_device>(), nullptr, 4, 1, &buffer, e)),
	CASE("buffer", accel_buffer_register(some<accel_device>(), &fd, 4, 1, nullptr, e)),
	CASE("device", accel_buffer_import(nullptr, 0, &buffer, e)),
	CASE("buffer", accel_buffer_import(some<accel_device>(), 0, nullptr, e)),
	CASE("buffer", accel_buffer_export(nullptr, &fd, nullptr, e)),
	CASE("fd", accel_buffer_export(some<accel_buffer>(), nullptr, nullptr, e)),
	CASE("device", accel_event_create(nullptr, &event, e)),
	CASE("event", accel_event_create(some<accel_device>(), nullptr, e)),
	CASE("space", accel_queue_create(nullptr, &kOptions, &queue, e)),
	CASE("options", accel_queue_create(some<accel_address_space>(), nullptr, &queue, e)),
	CASE("queue", accel_queue_create(some<accel_address_space>(), &kOptions, nullptr, e)),
	CASE("queue", accel_queue_wait(nullptr, 0, e)),
	CASE("queue", accel_queue_arm(nullptr, e)),
	CASE("queue", accel_queue_poll_fd(nullptr, e)),
	CASE("queue", accel_queue_fence(nullptr, 0, &fence, e)),
	CASE("fence", accel_queue_fence(some<accel_queue>(), 0, nullptr, e)),
	CASE("queue", accel_queue_resume(nullptr, e)),
	CASE("queue", accel_queue_query(nullptr, &queue_info, e)),
	CASE("info", accel_queue_query(some<accel_queue>(), nullptr, e)),
	CASE("device", accel_command_create(nullptr, kScope, &command, e)),
	CASE("command", accel_command_create(some<accel_device>(), kScope, nullptr, e)),
	CASE("command", accel_command_execute(nullptr, &fd, 4, nullptr, &size, e)),
	CASE("request",
	     accel_command_execute(some<accel_command>(), nullptr, 0, nullptr, &size, e)),
	CASE("response_size",
	     accel_command_execute(some<accel_command>(), &fd, 4, nullptr, nullptr, e)),
};

TEST(Arguments, NullIsNamed)
{
	for (const NullCase &c : kNulls) {
		accel_error error{};

		EXPECT_EQ(c.call(&error), -EFAULT) << c.argument;
		EXPECT_EQ(error.record.code, -EFAULT);
		EXPECT_EQ(error.record.reason, ACCEL_REASON_BAD_POINTER);
		EXPECT_NE(error.record.object, 0);
		EXPECT_THAT(error.record.text, HasSubstr('"' + std::string(c.argument) + '"'));
		EXPECT_EQ(c.call(nullptr), -EFAULT) << "the record is optional";
	}
}

TEST(Arguments, CallAndTraceRefuseNull)
{
	accel_call call{};

	EXPECT_EQ(accel_device_call(nullptr, &call), -EFAULT);
	EXPECT_EQ(accel_device_call(some<accel_device>(), nullptr), -EFAULT);
	EXPECT_EQ(accel_device_trace(nullptr, nullptr, nullptr), -EFAULT);
}

TEST(Arguments, NullMayBeDestroyed)
{
	accel_device_close(nullptr);
	accel_device_list_free(nullptr);
	accel_device_watch_destroy(nullptr);
	EXPECT_EQ(accel_address_space_destroy(nullptr, nullptr), 0);
	EXPECT_EQ(accel_buffer_destroy(nullptr, nullptr), 0);
	EXPECT_EQ(accel_event_destroy(nullptr, nullptr), 0);
	EXPECT_EQ(accel_queue_destroy(nullptr, nullptr), 0);
	EXPECT_EQ(accel_command_destroy(nullptr, nullptr), 0);
}

TEST(Arguments, GettersAcceptNull)
{
	EXPECT_EQ(accel_device_name(nullptr), nullptr);
	EXPECT_EQ(accel_device_provider(nullptr), nullptr);
	EXPECT_EQ(accel_device_list_count(nullptr), 0u);
	EXPECT_EQ(accel_device_list_at(nullptr, 0), nullptr);
	EXPECT_EQ(accel_device_watch_fd(nullptr), -1);
	EXPECT_EQ(accel_buffer_address(nullptr), nullptr);
	EXPECT_EQ(accel_buffer_size(nullptr), 0u);
	EXPECT_EQ(accel_event_fd(nullptr), -1);
	EXPECT_EQ(accel_queue_ring(nullptr), nullptr);
}

TEST(Names, ErrnosOfTheContract)
{
	EXPECT_STREQ(accel_errno_name(EINVAL), "EINVAL");
	EXPECT_STREQ(accel_errno_name(-EINVAL), "EINVAL");
	EXPECT_STREQ(accel_errno_name(0), "OK");
	EXPECT_STRNE(accel_errno_meaning(EBUSY), "");
	EXPECT_STRNE(accel_errno_action(EBUSY), "");
	EXPECT_STREQ(accel_errno_name(EPIPE), "unknown");
	EXPECT_STREQ(accel_errno_meaning(EPIPE), accel_errno_meaning(123456));
	EXPECT_NE(accel_errno_action(123456), nullptr);
}

TEST(Names, Reasons)
{
	EXPECT_STREQ(accel_reason_name(ACCEL_REASON_OUT_OF_RANGE), "out-of-range");
	EXPECT_EQ(accel_reason_errno(ACCEL_REASON_OUT_OF_RANGE), EINVAL);
	EXPECT_EQ(accel_reason_errno(ACCEL_REASON_NONE), 0);
	EXPECT_STRNE(accel_reason_meaning(ACCEL_REASON_FORKED), accel_reason_meaning(9999));
	EXPECT_STREQ(accel_reason_name(9999), "unknown");
	EXPECT_EQ(accel_reason_errno(9999), 0);
	EXPECT_STREQ(accel_reason_meaning(9999), accel_errno_meaning(123456));
}

TEST(Names, Statuses)
{
	EXPECT_STREQ(accel_status_name(ACCEL_RING_STATUS_SUCCESS), "success");
	EXPECT_STREQ(accel_status_name(ACCEL_RING_STATUS_CANCELED), "canceled");
	EXPECT_STRNE(accel_status_meaning(ACCEL_RING_STATUS_READ_FAULT), accel_status_meaning(63));
	EXPECT_STREQ(accel_status_name(63), "unknown");
	EXPECT_STREQ(accel_status_meaning(63), accel_errno_meaning(123456));
}

TEST(Names, DeviceActions)
{
	EXPECT_STREQ(accel_device_action_name(ACCEL_DEVICE_ACTION_ADD), "add");
	EXPECT_STREQ(accel_device_action_name(ACCEL_DEVICE_ACTION_OVERFLOW), "overflow");
	EXPECT_STREQ(accel_device_action_name(0), "unknown");
	EXPECT_STREQ(accel_device_action_name(9999), "unknown");
}

TEST(Names, VersionIsThatOfTheBuild)
{
	EXPECT_STREQ(accel_version(), ACCEL_VERSION);
}

TEST(Devices, ListHasTheBuiltInOnes)
{
	accel_device_list *found = nullptr;
	accel_error error{};
	std::vector<std::string> names;

	ASSERT_EQ(accel_device_list_get(&found, &error), 0) << error.record.text;
	for (size_t i = 0; i < accel_device_list_count(found); i++) {
		const accel_device_info *info = accel_device_list_at(found, i);

		names.push_back(info->name);
		EXPECT_EQ(info->size, sizeof(*info));
		EXPECT_EQ(info->usable, info->reason[0] == 0) << info->name;
		EXPECT_NE(info->description[0], 0) << info->name;
		EXPECT_EQ(info->provider[0] != 0, info->tested[0] != 0) << info->name;
	}
	EXPECT_THAT(names, testing::IsSupersetOf({"soft0", "soft1"}));
	EXPECT_THAT(names, testing::Not(testing::Contains("null0")))
		<< "programs choose from the list, and null0 does no work";
	EXPECT_EQ(accel_device_list_at(found, accel_device_list_count(found)), nullptr);
	accel_device_list_free(found);
}

TEST(Devices, AnUnknownNameIsRefusedWithTheKnownOnes)
{
	accel_device *opened = nullptr;
	accel_error error{};

	EXPECT_EQ(accel_device_open("soft99", &opened, &error), -ENODEV);
	EXPECT_EQ(opened, nullptr);
	EXPECT_EQ(error.record.reason, ACCEL_REASON_NO_DEVICE);
	EXPECT_THAT(error.record.text, HasSubstr("\"soft99\""));
	EXPECT_THAT(error.record.text, HasSubstr("soft0, soft1"));
}

} // namespace
