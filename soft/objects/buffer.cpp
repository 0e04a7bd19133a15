// SPDX-License-Identifier: MIT
// Buffers: allocation, registration, import and export.
#include "soft/objects/buffer.hpp"

#include "soft/process/file_kind.hpp"
#include "soft/process/user_memory.hpp"
#include "sys/sys.hpp"

#include <fcntl.h>
#include <linux/udmabuf.h>
#include <sys/mman.h>

namespace accel::core::softdev {

namespace {

std::unexpected<Failure> no_files()
{
	return fail(EMFILE, ACCEL_REASON_FILES, "the process has no file descriptor left");
}

constexpr uint64_t kReadWrite = ACCEL_ACCESS_READ | ACCEL_ACCESS_WRITE;

Result<std::shared_ptr<Buffer>> of_region(uint32_t kind, uint64_t access,
					  std::shared_ptr<Region> region)
{
	std::byte *memory = region->memory();
	uint64_t bytes = region->bytes();

	return std::make_shared<Buffer>(kind, memory, bytes, access, std::move(region));
}

} // namespace

Buffer::Buffer(uint32_t kind, std::byte *memory, uint64_t size, uint64_t access,
	       std::shared_ptr<Region> region)
	: Object(ACCEL_OBJECT_BUFFER),
	  kind_(kind),
	  memory_(memory),
	  size_(size),
	  access_(access),
	  region_(std::move(region))
{}

uint64_t Buffer::make_mappable(Offsets &offsets)
{
	if (region_)
		lease_ = offsets.add(region_);
	return lease_.offset();
}

Result<std::shared_ptr<Buffer>> Buffer::create(uint64_t size)
{
	uint64_t bytes = round_to_page(size);
	Fd file(sys::memfd_create("accel-soft", MFD_CLOEXEC | MFD_ALLOW_SEALING));

	if (file.get() == -EMFILE || file.get() == -ENFILE)
		return no_files();
	/* Sealed, so that a process that gets the exported buffer cannot shrink it; udmabuf also requires it. */
	if (!file || sys::ftruncate(file.get(), static_cast<off_t>(bytes)) < 0 ||
	    sys::add_seals(file.get(), F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) < 0)
		return fail_memory("the buffer");
	bool writable;
	auto region = Region::map_file(std::move(file), bytes, writable);
	if (!region)
		return fail_memory("the buffer");
	return of_region(ACCEL_MEMORY_KIND_ALLOCATED, kReadWrite, std::move(*region));
}

Result<std::shared_ptr<Buffer>> Buffer::wrap(uint64_t address, uint64_t length, uint64_t access)
{
	if (auto good = check_user_memory(address, length, access, ACCEL_BUFFER_REGISTER_ADDRESS);
	    !good)
		return std::unexpected(good.error());
	return std::make_shared<Buffer>(ACCEL_MEMORY_KIND_REGISTERED,
					reinterpret_cast<std::byte *>(address), length, access,
					nullptr);
}

namespace {

/* Returns why a file cannot be a buffer, or null. Access to a mapping beyond the end of its file raises SIGBUS in the
 * worker or in any other thread that accesses it. */
const char *why_no_buffer(const UserFile &file)
{
	if (file.kind != FileKind::memfd && file.kind != FileKind::dma_buf)
		return "neither a dma-buf nor a memfd";
	if (!file.bytes)
		return "a file without content";
	if (file.kind == FileKind::memfd && !(sys::get_seals(file.fd.get()) & F_SEAL_SHRINK))
		return "a memfd that can shrink while it is mapped; create it with "
		       "MFD_ALLOW_SEALING "
		       "and add F_SEAL_SHRINK";
	return nullptr;
}

} // namespace

Result<std::shared_ptr<Buffer>> Buffer::import(int fd)
{
	constexpr uint16_t kAttribute = ACCEL_BUFFER_IMPORT_FD;
	auto file = reference_file(fd, kAttribute);

	if (!file)
		return std::unexpected(file.error());
	if (const char *wrong = why_no_buffer(*file)) {
		auto failed =
			fail(EBADF, ACCEL_REASON_BAD_FILE, "file descriptor %d is %s", fd, wrong);
		failed.error().attribute = kAttribute;
		failed.error().value = static_cast<uint32_t>(fd);
		return failed;
	}
	bool writable;
	auto region = Region::map_file(std::move(file->fd), file->bytes, writable);
	if (!region) {
		region.error().attribute = kAttribute;
		return std::unexpected(region.error());
	}
	return of_region(ACCEL_MEMORY_KIND_IMPORTED, writable ? kReadWrite : ACCEL_ACCESS_READ,
			 std::move(*region));
}

namespace {

/* Creates a dma-buf from the pages of a memfd through /dev/udmabuf. Any negative errno: not possible. */
int make_dma_buf(int file, uint64_t bytes)
{
	Fd maker(sys::open("/dev/udmabuf", O_RDWR));

	if (!maker)
		return maker.get();
	udmabuf_create what{.memfd = static_cast<__u32>(file),
			    .flags = UDMABUF_FLAGS_CLOEXEC,
			    .offset = 0,
			    .size = bytes};
	return sys::ioctl(maker.get(), UDMABUF_CREATE, &what);
}

} // namespace

Result<Buffer::File> Buffer::export_file() const
{
	if (kind_ != ACCEL_MEMORY_KIND_ALLOCATED)
		return fail(EOPNOTSUPP, ACCEL_REASON_UNSUPPORTED,
			    "only a buffer of buffer.create can be exported");
	Fd file(make_dma_buf(region_->fd(), size_));
	if (file)
		return File{std::move(file), ACCEL_FILE_KIND_DMA_BUF};
	file = Fd(sys::dup(region_->fd()));
	if (!file)
		return no_files();
	return File{std::move(file), ACCEL_FILE_KIND_MEMFD};
}

} // namespace accel::core::softdev
