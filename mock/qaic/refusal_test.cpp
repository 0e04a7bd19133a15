// SPDX-License-Identifier: MIT
// The refusals that follow from the description, one wrong value each, and the decoding of ioctl numbers.
#include "mock/kernel.hpp"
#include "mock/qaic/client.hpp"
#include "mock/qaic/device.hpp"

#include <accel/mock/qaic_mock.hpp>
#include <cerrno>

namespace accel::core::mock {
namespace {

class Refused : public testing::Test {
protected:
	Refused()
	{
		kernel.add(device);
		client = std::make_unique<QaicClient>();
		channel = client->make_channel();
		buffer = client->make_buffer();
		sliced = client->make_sliced(channel);
		memory.resize(64);
	}

	/* The argument of a call that succeeds, and the memory that its pointer names. */
	struct Good {
		std::vector<std::byte> argument;
		std::vector<std::byte> target;
		size_t pointer = SIZE_MAX;
	};
	template <class T>
	static Good plain(const T &value)
	{
		return {QaicClient::bytes_of(value), {}, SIZE_MAX};
	}
	template <class T, class Element>
	static Good pointing(const T &value, size_t pointer, const Element &element)
	{
		return {QaicClient::bytes_of(value), QaicClient::bytes_of(element), pointer};
	}

	Good good(unsigned long request, int64_t selector)
	{
		constexpr size_t kTen = offsetof(accel_qaic_execute, data);
		accel_qaic_slice slice = {};
		slice.size = kPage;

		switch (request) {
		case ACCEL_QAIC_IOCTL_MANAGE: return message(selector);
		case ACCEL_QAIC_IOCTL_CREATE_BO: return plain(accel_qaic_create_bo{kPage, 0, 0});
		case ACCEL_QAIC_IOCTL_MMAP_BO: return plain(accel_qaic_mmap_bo{buffer, 0, 0});
		case ACCEL_QAIC_IOCTL_ATTACH_SLICE_BO:
			return pointing(
				accel_qaic_attach_slice{{1, channel, client->make_buffer(), 1, 0},
							0},
				offsetof(accel_qaic_attach_slice, data), slice);
		case ACCEL_QAIC_IOCTL_EXECUTE_BO:
			return pointing(accel_qaic_execute{{1, channel}, 0}, kTen,
					accel_qaic_execute_entry{sliced, 0});
		case ACCEL_QAIC_IOCTL_PARTIAL_EXECUTE_BO:
			return pointing(accel_qaic_partial_execute{{1, channel}, 0}, kTen,
					accel_qaic_partial_execute_entry{sliced, 0, 8});
		case ACCEL_QAIC_IOCTL_WAIT_BO:
			return plain(accel_qaic_wait{sliced, 100, channel, 0});
		case ACCEL_QAIC_IOCTL_PERF_STATS_BO:
			return pointing(accel_qaic_perf_stats{{1, 0, channel}, 0},
					offsetof(accel_qaic_perf_stats, data),
					accel_qaic_perf_stats_entry{sliced, 0, 0, 0, 0, 0});
		case ACCEL_QAIC_IOCTL_DETACH_SLICE_BO:
			return plain(accel_qaic_detach_slice{client->make_sliced(channel), 0});
		case ACCEL_DRM_IOCTL_GEM_CLOSE:
			return plain(accel_drm_gem_close{client->make_buffer(), 0});
		case ACCEL_DRM_IOCTL_PRIME_EXPORT:
			return plain(accel_drm_prime_export{buffer, 0, 0});
		default: ADD_FAILURE() << "no valid call for ioctl " << request; return {};
		}
	}

	Good message(int64_t selector)
	{
		const auto type = static_cast<uint32_t>(selector < 0 ? 12 : selector);
		accel_qaic_dma_transfer transfer = {{type, sizeof(transfer)}, 1, 0, 0, 0};
		accel_qaic_activate activate = {{type, sizeof(activate)}, 4, 0, 0, 0};
		accel_qaic_deactivate deactivate = {{type, sizeof(deactivate)}, 0, 0};
		std::vector<std::byte> one;

		transfer.addr = reinterpret_cast<uint64_t>(memory.data());
		transfer.size = memory.size();
		if (type == ACCEL_QAIC_TRANSACTION_TYPE_DEACTIVATE_FROM_USER)
			deactivate.dbc_id = client->make_channel();
		switch (type) {
		case 5: one = QaicClient::bytes_of(transfer); break;
		case 7: one = QaicClient::bytes_of(activate); break;
		case 10: one = QaicClient::bytes_of(deactivate); break;
		default: one = QaicClient::bytes_of(accel_qaic_status{{type, 8}}); break;
		}
		Good good = plain(accel_qaic_manage{static_cast<uint32_t>(one.size()), 1, 0});
		/* The answer may be longer than the message. */
		one.resize(ACCEL_QAIC_MAX_MESSAGE);
		good.target = one;
		good.pointer = offsetof(accel_qaic_manage, data);
		return good;
	}

	/* Makes the call after @wrong has changed it. */
	int call(const Refusal &refusal, bool wrong)
	{
		Good one = good(refusal.request, refusal.selector);

		if (one.pointer != SIZE_MAX) {
			const auto address = reinterpret_cast<uint64_t>(one.target.data());
			memcpy(&one.argument[one.pointer], &address, sizeof(address));
		}
		std::vector<std::byte> &place = refusal.pointer < 0 ? one.argument : one.target;
		if (wrong)
			memcpy(&place.at(refusal.offset), &refusal.value, refusal.size);
		return sys::ioctl(client->fd, refusal.request, one.argument.data());
	}

	void check_all(std::span<const Refusal> refusals)
	{
		for (const Refusal &refusal : refusals) {
			if (refusal.request == ACCEL_DRM_IOCTL_PRIME_IMPORT)
				continue;
			EXPECT_EQ(call(refusal, true), -refusal.error) << refusal.what;
			EXPECT_EQ(call(refusal, false), 0) << refusal.what << " (right)";
			EXPECT_EQ(client->wait(channel, sliced, 1000), 0);
			if (refusal.selector == ACCEL_QAIC_TRANSACTION_TYPE_ACTIVATE_FROM_USER)
				restart();
		}
	}
	/* A device has few channels. */
	void restart()
	{
		for (uint32_t other = 0; other < ACCEL_QAIC_DBC_COUNT; other++)
			if (other != channel)
				client->deactivate(other);
	}

	MockKernel kernel;
	std::shared_ptr<QaicDevice> device =
		std::make_shared<QaicDevice>(QaicOptions{.buffer_ns = 0});
	std::unique_ptr<QaicClient> client;
	uint32_t channel = 0, buffer = 0, sliced = 0;
	std::vector<std::byte> memory;
};

TEST_F(Refused, WhatTheDescriptionOfQaicSays)
{
	ASSERT_GT(qaic_refusals().size(), 70u);
	check_all(qaic_refusals());
}

TEST_F(Refused, WhatTheDescriptionOfDrmSays)
{
	ASSERT_GT(drm_refusals().size(), 2u);
	check_all(drm_refusals());
}

TEST_F(Refused, OfAnyListTheFirstIsCheckedAndTheLast)
{
	std::vector<accel_qaic_slice> slices(3);
	for (accel_qaic_slice &slice : slices)
		slice.size = 16;
	slices[2].sem3.reserved = 1;
	EXPECT_EQ(client->attach(buffer, channel, 1, slices), -EINVAL);
	slices[2].sem3.reserved = 0;
	EXPECT_EQ(client->attach(buffer, channel, 1, slices), 0);
	EXPECT_EQ(client->execute(channel, {sliced, 0xdead}), -ENOENT);
	EXPECT_EQ(client->execute(channel, {0xdead, sliced}), -ENOENT);
}

/* The last entry that fits into a page before an unreadable page. */
struct LastEntry {
	explicit LastEntry(uint32_t handle)
		: pages(static_cast<std::byte *>(mmap(nullptr, 2 * kPage, PROT_READ | PROT_WRITE,
						      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)))
	{
		const accel_qaic_execute_entry entry{handle, 0};

		EXPECT_EQ(mprotect(pages + kPage, kPage, PROT_NONE), 0);
		memcpy(pages + kPage - sizeof(entry), &entry, sizeof(entry));
	}
	~LastEntry() { munmap(pages, 2 * kPage); }
	uint64_t address() const
	{
		return reinterpret_cast<uint64_t>(pages + kPage - sizeof(accel_qaic_execute_entry));
	}

	std::byte *pages;
};

TEST_F(Refused, ListsLongerThanTheKernelsMemory)
{
	LastEntry last(sliced);
	accel_qaic_execute argument{{UINT32_MAX, channel}, last.address()};

	EXPECT_EQ(client->call(ACCEL_QAIC_IOCTL_EXECUTE_BO, argument), -ENOMEM);
	argument.header.count = 100000;
	EXPECT_EQ(client->call(ACCEL_QAIC_IOCTL_EXECUTE_BO, argument), -EFAULT);
}

TEST_F(Refused, ListThatEndsInUnreadableMemory)
{
	LastEntry last(sliced);
	accel_qaic_execute argument{{1, channel}, last.address()};

	EXPECT_EQ(client->call(ACCEL_QAIC_IOCTL_EXECUTE_BO, argument), 0);
	EXPECT_EQ(client->wait(channel, sliced, 100), 0);
	argument.header.count = 2;
	EXPECT_EQ(client->call(ACCEL_QAIC_IOCTL_EXECUTE_BO, argument), -EFAULT);
	EXPECT_EQ(device->queued(), 0u);
}

TEST_F(Refused, NumbersOfOthers)
{
	uint64_t argument[32] = {};

	EXPECT_EQ(sys::ioctl(client->fd, _IOWR('x', 0x40, uint64_t), argument), -ENOTTY);
	EXPECT_EQ(sys::ioctl(client->fd, _IOWR('d', 0x49, uint64_t), argument), -EINVAL);
	EXPECT_EQ(sys::ioctl(client->fd, _IOWR('d', 0xa0, uint64_t), argument), -EINVAL);
	EXPECT_EQ(sys::ioctl(client->fd, _IOWR('d', 0xc0, uint64_t), argument), -EINVAL);
	/* The driver unregisters the device without unplugging it, so only its own ioctls change. */
	device->remove();
	EXPECT_EQ(sys::ioctl(client->fd, _IOWR('x', 0x40, uint64_t), argument), -ENOTTY);
	EXPECT_EQ(sys::ioctl(client->fd, _IOWR('d', 0x49, uint64_t), argument), -EINVAL);
	EXPECT_EQ(sys::ioctl(client->fd, _IOWR('d', 0x42, accel_qaic_mmap_bo), argument), -ENODEV);
}

TEST_F(Refused, SizesAndDirectionsOfOtherVersions)
{
	struct {
		accel_qaic_create_bo known;
		uint64_t more[20];
	} newer = {{kPage, 0, 0}, {1, 2, 3}};
	accel_qaic_create_bo older{kPage, 77, 1};

	/* A longer structure: fields that the driver does not know are returned unchanged. */
	EXPECT_EQ(sys::ioctl(client->fd, _IOC(_IOC_READ | _IOC_WRITE, 'd', 0x41, sizeof(newer)),
			     &newer),
		  0);
	EXPECT_GT(newer.known.handle, 0u);
	EXPECT_EQ(newer.more[2], 3u);
	/* A shorter structure: the missing fields are zero, and are not written. */
	EXPECT_EQ(sys::ioctl(client->fd, _IOC(_IOC_READ | _IOC_WRITE, 'd', 0x41, 8), &older), 0);
	EXPECT_EQ(older.handle, 77u);
	EXPECT_EQ(older.reserved, 1u);
	/* Without the direction bit nothing is copied in, so the size is 0. */
	EXPECT_EQ(sys::ioctl(client->fd, _IOC(_IOC_READ, 'd', 0x41, sizeof(older)), &older),
		  -EINVAL);
	EXPECT_EQ(older.size, 0u) << "copied out also if the call fails";
	EXPECT_EQ(sys::ioctl(client->fd, _IOC(_IOC_NONE, 'd', 0x41, 0), nullptr), -EINVAL);
}

} // namespace
} // namespace accel::core::mock
