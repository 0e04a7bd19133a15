// SPDX-License-Identifier: MIT
// Tests of objects: handles, references, memory that outlives its object, files of the wrong kind.
#include "soft/tests/test_client.hpp"

#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

namespace accel::core::softdev::test {
namespace {

class Lifetimes : public testing::Test {
protected:
	/// Deliver, and expect the errno with its reason.
	template <class Message>
	void refused(Message &&message, int code, unsigned reason)
	{
		EXPECT_EQ(client_.send(message), -code) << message.error().text;
		EXPECT_EQ(message.error().reason, reason) << message.error().text;
		EXPECT_EQ(message.error().code, -code);
		EXPECT_NE(message.error().text[0], 0);
	}
	void *map(uint64_t offset, uint64_t length, int expected = 0)
	{
		void *at = nullptr;
		EXPECT_EQ(Client::entry().map(client_.file(), offset, length, &at), expected);
		return at;
	}

	const size_t files_ = open_files();
	Client client_;
};

TEST_F(Lifetimes, ThereAreTwoDevices)
{
	accel_soft_file *file;

	EXPECT_EQ(Client::entry().devices(), 2u);
	EXPECT_NE(Client::entry().describe(1), nullptr);
	EXPECT_EQ(Client::entry().describe(2), nullptr);
	EXPECT_EQ(Client::entry().open(2, &file), -ENODEV);
	EXPECT_EQ(Client::entry().open(0, nullptr), -EFAULT);
	EXPECT_EQ(Client::entry().call(nullptr, nullptr), -EBADF);
	EXPECT_EQ(Client::entry().call(client_.file(), nullptr), -EFAULT);
	Client::entry().close(nullptr);

	Client again, other(1);
	DeviceQuery here, there;
	char driver[64], model[128];
	again.good(here.want_clients().want_driver(driver).want_model(model).want_features());
	other.good(there.want_clients());
	EXPECT_EQ(here.clients(), 2u);
	EXPECT_EQ(there.clients(), 1u);
	EXPECT_EQ(here.driver(), "soft");
	EXPECT_EQ(here.model(), "soft accelerator");
	EXPECT_FALSE(here.features().value_or(0) & ACCEL_FEATURE_PASID);
}

TEST_F(Lifetimes, ADestroyedHandleNamesNothing)
{
	const uint64_t space = client_.shared();

	EXPECT_EQ(client_.destroy_space(space), 0);
	refused(AddressSpaceDestroy().handle(space), ENOENT, ACCEL_REASON_NO_HANDLE);
	const uint64_t next = client_.shared();
	EXPECT_NE(next, space) << "the place is reused, but not the handle";
	refused(AddressSpaceDestroy().handle(space), ENOENT, ACCEL_REASON_NO_HANDLE);
	refused(AddressSpaceDestroy().handle(0), ENOENT, ACCEL_REASON_NO_HANDLE);
	refused(AddressSpaceDestroy().handle(UINT64_MAX), ENOENT, ACCEL_REASON_NO_HANDLE);
}

TEST_F(Lifetimes, HandlesAreOfOneFileAndOneType)
{
	Client other;
	const uint64_t theirs = other.shared(), ours = client_.shared();

	refused(AddressSpaceDestroy().handle(theirs), ENOENT, ACCEL_REASON_NO_HANDLE);
	refused(BufferDestroy().handle(ours), ENOENT, ACCEL_REASON_HANDLE_TYPE);
	refused(QueueDestroy().handle(ours), ENOENT, ACCEL_REASON_HANDLE_TYPE);
	refused(EventDestroy().handle(ours), ENOENT, ACCEL_REASON_HANDLE_TYPE);
	refused(CommandDestroy().handle(ours), ENOENT, ACCEL_REASON_HANDLE_TYPE);
	refused(StreamDestroy().handle(ours), ENOENT, ACCEL_REASON_HANDLE_TYPE);
	refused(QueueCreate().address_space(theirs).entries(2), ENOENT, ACCEL_REASON_NO_HANDLE);
	refused(QueueCreate().address_space(ours).entries(2).event(ours), ENOENT,
		ACCEL_REASON_HANDLE_TYPE);
	refused(QueueKick().handle(ours), ENOENT, ACCEL_REASON_HANDLE_TYPE);
	refused(QueueResume().handle(7), ENOENT, ACCEL_REASON_NO_HANDLE);
	refused(QueueQuery().handle(7), ENOENT, ACCEL_REASON_NO_HANDLE);
	refused(BufferQuery().handle(7), ENOENT, ACCEL_REASON_NO_HANDLE);
	refused(BufferExport().handle(7), ENOENT, ACCEL_REASON_NO_HANDLE);
	refused(AddressSpaceQuery().handle(7), ENOENT, ACCEL_REASON_NO_HANDLE);
	refused(AddressSpaceUnmap().handle(7).iova(1).length(1), ENOENT, ACCEL_REASON_NO_HANDLE);
	refused(StreamReset().handle(7), ENOENT, ACCEL_REASON_NO_HANDLE);
}

TEST_F(Lifetimes, WhatIsUsedCannotBeDestroyed)
{
	const uint64_t space = client_.mapped();
	BufferCreate buffer;
	client_.good(buffer.size(100));
	accel_buffer_range range{.memory = buffer.handle(), .offset = 0, .length = 100};
	AddressSpaceMap map;
	client_.good(map.handle(space).range(range).access(kRead));
	{
		TestQueue queue(client_, space);
		AddressSpaceDestroy destroy;
		EXPECT_EQ(client_.send(destroy.handle(space)), -EBUSY);
		EXPECT_EQ(destroy.error().reason, ACCEL_REASON_IN_USE);
		EXPECT_EQ(destroy.error().value, space);
		EXPECT_EQ(queue.run(crc32c(map.iova(), 100)).status, ACCEL_RING_STATUS_SUCCESS);
	}
	BufferDestroy destroy;
	EXPECT_EQ(client_.send(destroy.handle(buffer.handle())), -EBUSY);
	EXPECT_EQ(destroy.error().reason, ACCEL_REASON_IN_USE);
	EXPECT_EQ(destroy.error().value, buffer.handle());
	BufferQuery query;
	client_.good(query.handle(buffer.handle()).want_mappings().want_kind().want_size());
	EXPECT_EQ(query.mappings(), 1u);
	EXPECT_EQ(query.kind(), static_cast<uint32_t>(ACCEL_MEMORY_KIND_ALLOCATED));
	EXPECT_EQ(query.size(), kPageBytes);
	/* Destroying the space removes its mappings. */
	EXPECT_EQ(client_.destroy_space(space), 0);
	EXPECT_EQ(client_.destroy_buffer(buffer.handle()), 0);
}

TEST_F(Lifetimes, MappedMemoryOutlivesBufferAndFile)
{
	BufferCreate create;
	client_.good(create.size(5000).want_actual_size());
	EXPECT_EQ(create.actual_size(), 2 * kPageBytes);
	auto *memory = static_cast<uint8_t *>(map(create.map_offset(), 8192));
	auto *tail = static_cast<uint8_t *>(map(create.map_offset() + 4096, 4096));
	EXPECT_EQ(memory[0], 0);
	memory[4096] = 5;
	EXPECT_EQ(tail[0], 5);

	EXPECT_EQ(client_.destroy_buffer(create.handle()), 0);
	map(create.map_offset(), 4096, -EINVAL);
	memory[0] = 1;
	client_.close();
	memory[8191] = 1;
	EXPECT_EQ(Client::entry().unmap(nullptr, memory, 4096), -EINVAL)
		<< "another length than that of map()";
	EXPECT_EQ(Client::entry().unmap(nullptr, memory, 8192), 0);
	EXPECT_EQ(Client::entry().unmap(nullptr, memory, 8192), -EINVAL);
	tail[4095] = 1;
	EXPECT_EQ(Client::entry().unmap(nullptr, tail, 4096), 0);
	EXPECT_EQ(open_files(), files_);
}

TEST_F(Lifetimes, OnlyWhatAnOffsetNamesCanBeMapped)
{
	BufferCreate create;
	client_.good(create.size(4096));
	const uint64_t at = create.map_offset();

	map(0, 4096, -EINVAL);
	map(at, 0, -EINVAL);
	map(at, 8192, -EINVAL);
	map(at + 1, 10, -EINVAL);
	map(at + 4096, 4096, -EINVAL);
	map(at - 4096, 4096, -EINVAL);
	map(at, UINT64_MAX, -EINVAL);
	EXPECT_EQ(Client::entry().map(client_.file(), at, 4096, nullptr), -EFAULT);
	EXPECT_EQ(Client::entry().map(nullptr, at, 4096, nullptr), -EBADF);
	void *memory = map(at, 10);
	EXPECT_EQ(Client::entry().unmap(client_.file(), memory, 10), 0);
}

TEST_F(Lifetimes, BuffersOfTheCallersMemory)
{
	std::vector<uint8_t> memory = noise(10000);
	const uint64_t at = address_of(memory.data()), space = client_.mapped();
	BufferRegister create;

	client_.good(create.address(at).length(10000).access(kRead));
	refused(BufferRegister().address(0).length(5).access(kRead), EFAULT,
		ACCEL_REASON_BAD_POINTER);
	refused(BufferRegister().address(UINT64_MAX - 10).length(100).access(kRead), EOVERFLOW,
		ACCEL_REASON_WRAPS);
	refused(BufferRegister().address(at).length(5).access(0), EINVAL,
		ACCEL_REASON_OUT_OF_RANGE);
	refused(BufferExport().handle(create.handle()), EOPNOTSUPP, ACCEL_REASON_UNSUPPORTED);

	accel_buffer_range range{.memory = create.handle(), .offset = 100, .length = 9900};
	refused(AddressSpaceMap().handle(space).range(range).access(kReadWrite), EINVAL,
		ACCEL_REASON_OUT_OF_RANGE);
	AddressSpaceMap map;
	client_.good(map.handle(space).range(range).access(kRead));
	TestQueue queue(client_, space), plain(client_, client_.shared());
	EXPECT_EQ(queue.run(crc32c(map.iova(), 9900)).result,
		  plain.run(crc32c(at + 100, 9900)).result);
}

TEST_F(Lifetimes, ABufferGoesFromProcessToProcessAsAFile)
{
	BufferCreate create;
	BufferExport exported;
	BufferImport import;
	client_.good(create.size(8192));
	client_.good(exported.handle(create.handle()).want_kind());
	const int fd = exported.fd();
	EXPECT_TRUE(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	EXPECT_TRUE(exported.kind() == ACCEL_FILE_KIND_MEMFD ||
		    exported.kind() == ACCEL_FILE_KIND_DMA_BUF);

	Client other(1);
	other.good(import.fd(fd).want_size());
	EXPECT_EQ(import.size(), 8192u);
	close(fd);
	void *theirs, *ours = map(create.map_offset(), 8192);
	ASSERT_EQ(Client::entry().map(other.file(), import.map_offset(), 8192, &theirs), 0);
	EXPECT_NE(theirs, ours);
	static_cast<char *>(ours)[8000] = 'x';
	EXPECT_EQ(static_cast<char *>(theirs)[8000], 'x');

	BufferExport again;
	EXPECT_EQ(other.send(again.handle(import.handle())), -EOPNOTSUPP);
	EXPECT_EQ(Client::entry().unmap(nullptr, theirs, 8192), 0);
	EXPECT_EQ(Client::entry().unmap(nullptr, ours, 8192), 0);
}

TEST_F(Lifetimes, AnExportedBufferCannotBeMadeShorter)
{
	BufferCreate create;
	BufferExport exported;
	client_.good(create.size(8192));
	client_.good(exported.handle(create.handle()).want_kind());
	const int fd = exported.fd();

	EXPECT_TRUE(fcntl(fd, F_GET_SEALS) & F_SEAL_SHRINK);
	EXPECT_EQ(ftruncate(fd, 0), -1);
	EXPECT_EQ(errno, EPERM);
	close(fd);
}

TEST_F(Lifetimes, AFileThatCanShrinkIsNoBuffer)
{
	const int fd = memfd_create("test", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	ASSERT_EQ(ftruncate(fd, 5000), 0);
	refused(BufferImport().fd(fd), EBADF, ACCEL_REASON_BAD_FILE);
	ASSERT_EQ(fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK), 0);
	BufferImport import;
	client_.good(import.fd(fd));
	close(fd);
}

TEST_F(Lifetimes, AFileForReadingMakesABufferForReading)
{
	const int writable = memfd_create("test", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	ASSERT_EQ(ftruncate(writable, 5000), 0);
	ASSERT_EQ(fcntl(writable, F_ADD_SEALS, F_SEAL_SHRINK), 0);
	char path[64];
	snprintf(path, sizeof(path), "/proc/self/fd/%d", writable);
	const int fd = open(path, O_RDONLY | O_CLOEXEC);
	ASSERT_GE(fd, 0);
	const uint64_t space = client_.mapped();
	BufferImport import;

	client_.good(import.fd(fd).want_size());
	EXPECT_EQ(import.size(), 5000u);
	accel_buffer_range range{.memory = import.handle(), .offset = 0, .length = 5000};
	refused(AddressSpaceMap().handle(space).range(range).access(kWrite), EINVAL,
		ACCEL_REASON_OUT_OF_RANGE);
	client_.good(AddressSpaceMap().handle(space).range(range).access(kRead));
	close(fd);
	close(writable);
}

TEST_F(Lifetimes, OtherFilesAreNoBuffersAndNoEvents)
{
	int pipes[2];
	ASSERT_EQ(pipe2(pipes, O_CLOEXEC), 0);
	const int event = eventfd(0, EFD_CLOEXEC);
	const int ordinary = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	const int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	const int memory = memfd_create("test", MFD_CLOEXEC);

	for (int fd : {-1, 99999, pipes[0], ordinary, null, event, memory})
		refused(BufferImport().fd(fd), EBADF, ACCEL_REASON_BAD_FILE);
	for (int fd : {-1, 99999, pipes[0], pipes[1], ordinary, null, memory})
		refused(EventCreate().fd(fd), EBADF, ACCEL_REASON_BAD_FILE);
	const uint64_t good = client_.event(event);
	close(event);
	EventDestroy destroy;
	client_.good(destroy.handle(good));
	for (int fd : {pipes[0], pipes[1], ordinary, null, memory})
		close(fd);
	client_.close();
	EXPECT_EQ(open_files(), files_);
}

TEST_F(Lifetimes, AStreamInWorkIsLeftAlone)
{
	/* Zeros compress 1000 : 1, so a small input takes long. */
	constexpr uint64_t kPlain = uint64_t{64} << 20;
	void *zeros;
	ASSERT_EQ(sys::mmap(&zeros, nullptr, kPlain, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0),
		  0);
	std::vector<uint8_t> packed(1 << 20);
	TestQueue queue(client_, client_.shared()), second(client_, client_.shared());
	const uint64_t room = packed.size(), to = address_of(packed.data());
	accel_completion done = queue.run(deflate(to, room, address_of(zeros), kPlain));
	ASSERT_EQ(done.status, ACCEL_RING_STATUS_SUCCESS);
	const uint64_t stream = client_.stream();

	bool busy = false;
	for (int attempt = 0; attempt < 50 && !busy; attempt++) {
		client_.good(StreamReset().handle(stream));
		queue.post(inflate(address_of(zeros), kPlain, to, done.result, stream,
				   ACCEL_SOFT_DESCRIPTOR_FLAGS_LAST));
		while (!busy && !ring::has_completions(queue.ring())) {
			StreamReset reset;
			int r = client_.send(reset.handle(stream));
			if (r) {
				EXPECT_EQ(r, -EBUSY);
				EXPECT_EQ(reset.error().reason, ACCEL_REASON_IN_USE);
				EXPECT_EQ(client_.destroy_stream(stream), -EBUSY);
				busy = true;
			}
		}
		queue.take();
	}
	EXPECT_TRUE(busy);
	EXPECT_EQ(client_.destroy_stream(stream), 0);
	sys::munmap(zeros, kPlain);
}

TEST_F(Lifetimes, CloseFreesWhateverIsLeft)
{
	const int fd = eventfd(0, EFD_CLOEXEC);
	auto client = std::make_unique<Client>();
	const size_t before = threads_at_rest();
	const uint64_t space = client->mapped(), event = client->event(fd);

	for (int i = 0; i < 100; i++) {
		BufferCreate buffer;
		client->good(buffer.size(4096));
		accel_buffer_range range{.memory = buffer.handle(), .offset = 0, .length = 4096};
		client->good(AddressSpaceMap().handle(space).range(range).access(kRead));
		client->good(QueueCreate().address_space(space).entries(2).event(event));
		client->stream();
		client->good(CommandCreate().scope(ACCEL_SCOPE_DEBUG_READ));
	}
	client.reset();
	close(fd);
	EXPECT_EQ(open_files(), files_);
	EXPECT_EQ(threads(), before);
}

TEST_F(Lifetimes, HandlesHaveALimit)
{
	std::vector<uint64_t> streams;

	for (;;) {
		StreamCreate create;
		int r = client_.send(create);
		if (r) {
			EXPECT_EQ(r, -ENOSPC);
			EXPECT_EQ(create.error().reason, ACCEL_REASON_LIMIT);
			break;
		}
		streams.push_back(create.handle());
		ASSERT_LE(streams.size(), 65536u);
	}
	EXPECT_EQ(client_.destroy_stream(streams.back()), 0);
	EXPECT_NE(client_.stream(), 0u);
}

TEST_F(Lifetimes, ManyCreateAndDestroyCyclesLeaveNothing)
{
	const uint64_t space = client_.shared();
	uint64_t first = 0;

	for (int i = 0; i < 2000; i++) {
		TestQueue queue(client_, space, {.entries = 4});
		ASSERT_EQ(queue.run(nop()).status, ACCEL_RING_STATUS_SUCCESS);
		if (!first)
			first = open_files();
	}
	EXPECT_EQ(open_files(), first);
}

TEST_F(Lifetimes, UnknownMethodsAndTypesAreRefused)
{
	AnyMessage nothing(77, 1), no_method(ACCEL_OBJECT_QUEUE, 99);

	EXPECT_EQ(client_.send(nothing), -ENOTTY);
	EXPECT_EQ(client_.send(no_method), -ENOTTY);
}

} // namespace
} // namespace accel::core::softdev::test
