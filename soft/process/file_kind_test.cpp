// SPDX-License-Identifier: MIT
// Tests of dma-bufs with and without udmabuf; the test replaces the system calls.
#include "soft/tests/test_client.hpp"

#include <linux/udmabuf.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace accel::core::softdev::test {
namespace {

/// A kernel whose /dev/udmabuf works: the memfd that it returns is reported as a dma-buf.
class DmaBufs : public testing::Test {
protected:
	DmaBufs()
	{
		maker_ = file_ = -1;
		proc_ = true;
		sys::calls = &kCalls;
	}
	~DmaBufs() override { sys::calls = &sys::kRealCalls; }

	static inline int maker_, file_;
	static inline bool proc_;
	static inline udmabuf_create asked_;
	static inline const sys::Calls kCalls = [] {
		sys::Calls calls = sys::kRealCalls;

		calls.open = [](const char *path, int flags) {
			if (std::string_view(path) == "/dev/udmabuf")
				return maker_ = sys::kRealCalls.open("/dev/null", flags);
			if (!proc_ && std::string_view(path).starts_with("/proc"))
				return -ENOENT;
			return sys::kRealCalls.open(path, flags);
		};
		calls.ioctl = [](int fd, unsigned long request, void *argument) {
			EXPECT_EQ(fd, maker_);
			EXPECT_EQ(request, UDMABUF_CREATE);
			asked_ = *static_cast<udmabuf_create *>(argument);
			return file_ = sys::kRealCalls.dup(static_cast<int>(asked_.memfd));
		};
		/* Any descriptor with the inode of the created dma-buf. */
		calls.fstat = [](int fd, struct stat *out) {
			struct stat made;
			const int r = sys::kRealCalls.fstat(fd, out);

			if (file_ >= 0 && !sys::kRealCalls.fstat(file_, &made) &&
			    out->st_ino == made.st_ino && out->st_dev == made.st_dev) {
				out->st_mode = 0;
				out->st_blocks = out->st_size / 512;
				out->st_size = 0;
			}
			return r;
		};
		calls.read = [](int, void *buffer, size_t length) -> ssize_t {
			static constexpr std::string_view kText =
				"pos:\t0\nflags:\t02\nsize:\t8192\ncount:\t2\nexp_name:\tudmabuf\n";
			EXPECT_GE(length, kText.size());
			memcpy(buffer, kText.data(), kText.size());
			return static_cast<ssize_t>(kText.size());
		};
		return calls;
	}();

	Client client_;
};

TEST_F(DmaBufs, AreExportedAndImported)
{
	BufferCreate create;
	BufferExport exported;
	BufferImport import;

	client_.good(create.size(8192));
	client_.good(exported.handle(create.handle()).want_kind());
	EXPECT_EQ(exported.kind(), static_cast<uint32_t>(ACCEL_FILE_KIND_DMA_BUF));
	EXPECT_EQ(exported.fd(), file_);
	EXPECT_EQ(asked_.size, 8192u);
	EXPECT_EQ(asked_.offset, 0u);
	EXPECT_TRUE(asked_.flags & UDMABUF_FLAGS_CLOEXEC);

	client_.good(import.fd(exported.fd()).want_size());
	EXPECT_EQ(import.size(), 8192u);
	close(exported.fd());
}

TEST_F(DmaBufs, WithoutProcNobodyCanTell)
{
	int pipes[2];
	ASSERT_EQ(pipe(pipes), 0);
	EventCreate event;

	proc_ = false;
	EXPECT_EQ(client_.send(event.fd(pipes[0])), -EOPNOTSUPP);
	EXPECT_EQ(event.error().reason, ACCEL_REASON_UNSUPPORTED);
	close(pipes[0]);
	close(pipes[1]);
}

} // namespace
} // namespace accel::core::softdev::test
