// SPDX-License-Identifier: MIT
// Tests of buffers: memory that outlives its object, memory of the caller, import and export, files of the wrong kind.
#include "soft/tests/test_client.hpp"

#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

namespace accel::core::softdev::test {
namespace {

class Buffers : public testing::Test {
protected:
	void *map(uint64_t offset, uint64_t length, int expected = 0)
	{
		void *at = nullptr;
		EXPECT_EQ(Client::entry().map(client_.file(), offset, length, &at), expected);
		return at;
	}

	const size_t files_ = open_files();
	Client client_;
};

TEST_F(Buffers, MappedMemoryOutlivesBufferAndFile)
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

TEST_F(Buffers, OnlyWhatAnOffsetNamesCanBeMapped)
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

TEST_F(Buffers, BuffersOfTheCallersMemory)
{
	std::vector<uint8_t> memory = noise(10000);
	const uint64_t at = address_of(memory.data()), space = client_.mapped();
	BufferRegister create;

	client_.good(create.address(at).length(10000).access(kRead));
	client_.refused(BufferRegister().address(0).length(5).access(kRead), EFAULT,
			ACCEL_REASON_BAD_POINTER);
	client_.refused(BufferRegister().address(UINT64_MAX - 10).length(100).access(kRead),
			EOVERFLOW, ACCEL_REASON_WRAPS);
	client_.refused(BufferRegister().address(at).length(5).access(0), EINVAL,
			ACCEL_REASON_OUT_OF_RANGE);
	client_.refused(BufferExport().handle(create.handle()), EOPNOTSUPP,
			ACCEL_REASON_UNSUPPORTED);

	accel_buffer_range range{.memory = create.handle(), .offset = 100, .length = 9900};
	client_.refused(AddressSpaceMap().handle(space).range(range).access(kReadWrite), EINVAL,
			ACCEL_REASON_OUT_OF_RANGE);
	AddressSpaceMap map;
	client_.good(map.handle(space).range(range).access(kRead));
	TestQueue queue(client_, space), plain(client_, client_.shared());
	EXPECT_EQ(queue.run(crc32c(map.iova(), 9900)).result,
		  plain.run(crc32c(at + 100, 9900)).result);
}

TEST_F(Buffers, ABufferGoesFromProcessToProcessAsAFile)
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

TEST_F(Buffers, AnExportedBufferCannotBeMadeShorter)
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

TEST_F(Buffers, AFileThatCanShrinkIsNoBuffer)
{
	const int fd = memfd_create("test", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	ASSERT_EQ(ftruncate(fd, 5000), 0);
	client_.refused(BufferImport().fd(fd), EBADF, ACCEL_REASON_BAD_FILE);
	ASSERT_EQ(fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK), 0);
	BufferImport import;
	client_.good(import.fd(fd));
	close(fd);
}

TEST_F(Buffers, AFileForReadingMakesABufferForReading)
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
	client_.refused(AddressSpaceMap().handle(space).range(range).access(kWrite), EINVAL,
			ACCEL_REASON_OUT_OF_RANGE);
	client_.good(AddressSpaceMap().handle(space).range(range).access(kRead));
	close(fd);
	close(writable);
}

TEST_F(Buffers, OtherFilesAreNoBuffersAndNoEvents)
{
	int pipes[2];
	ASSERT_EQ(pipe2(pipes, O_CLOEXEC), 0);
	const int event = eventfd(0, EFD_CLOEXEC);
	const int ordinary = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	const int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	const int memory = memfd_create("test", MFD_CLOEXEC);

	for (int fd : {-1, 99999, pipes[0], ordinary, null, event, memory})
		client_.refused(BufferImport().fd(fd), EBADF, ACCEL_REASON_BAD_FILE);
	for (int fd : {-1, 99999, pipes[0], pipes[1], ordinary, null, memory})
		client_.refused(EventCreate().fd(fd), EBADF, ACCEL_REASON_BAD_FILE);
	const uint64_t good = client_.event(event);
	close(event);
	EventDestroy destroy;
	client_.good(destroy.handle(good));
	for (int fd : {pipes[0], pipes[1], ordinary, null, memory})
		close(fd);
	client_.close();
	EXPECT_EQ(open_files(), files_);
}

} // namespace
} // namespace accel::core::softdev::test
