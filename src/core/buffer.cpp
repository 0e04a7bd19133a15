// SPDX-License-Identifier: MIT
// Buffers: allocated, registered, imported.
#include "core/buffer.hpp"

namespace accel::core {

/* Maps a buffer that was just created; destroys it on failure. */
Result<void> Buffer::map(Backend &backend, uint64_t offset)
{
	int r = backend.map_memory(offset, size_, &address_);

	if (r < 0) {
		(void)backend.buffer_destroy({.handle = handle_});
		return fail_call("mapping the buffer", r);
	}
	mapped_ = true;
	return {};
}

Result<Ref<Buffer>> Buffer::create(Device &device, const accel_buffer_options &options)
{
	auto buffer = Ref<Buffer>::adopt(new Buffer(device));
	BufferCreateIn in{.size = options.length, .flags = {}};

	if (options.flags)
		in.flags = options.flags;
	auto made = device.use([&](Backend &b) -> Result<void> {
		auto out = b.create_buffer(
			in, {static_cast<const std::byte *>(options.driver), options.driver_size});

		if (!out)
			return std::unexpected(out.error());
		buffer->handle_ = out->handle;
		buffer->size_ = out->actual_size.value_or(options.length);
		buffer->device_address_ = out->device_address;
		if (options.flags & ACCEL_BUFFER_FLAGS_NO_MAP)
			return {};
		return buffer->map(b, out->map_offset);
	});

	if (!made)
		return std::unexpected(made.error());
	return buffer;
}

Result<Ref<Buffer>> Buffer::from_memory(Device &device, void *address, uint64_t length,
					uint64_t access)
{
	auto buffer = Ref<Buffer>::adopt(new Buffer(device));
	auto handle = device.use([&](Backend &b) {
		return b.buffer_register({.address = reinterpret_cast<uintptr_t>(address),
					  .length = length,
					  .access = access});
	});

	if (!handle)
		return std::unexpected(handle.error());
	buffer->handle_ = *handle;
	buffer->address_ = address;
	buffer->size_ = length;
	return buffer;
}

Result<Ref<Buffer>> Buffer::from_file(Device &device, int fd)
{
	auto buffer = Ref<Buffer>::adopt(new Buffer(device));
	auto made = device.use([&](Backend &b) -> Result<void> {
		auto out = b.buffer_import({.fd = fd});

		if (!out)
			return std::unexpected(out.error());
		buffer->handle_ = out->handle;
		if (!out->size) {
			(void)b.buffer_destroy({.handle = out->handle});
			return fail(
				EIO, ACCEL_REASON_DEVICE,
				"the device does not report the size of the imported buffer, so it "
				"cannot be mapped");
		}
		buffer->size_ = *out->size;
		return buffer->map(b, out->map_offset);
	});

	if (!made)
		return std::unexpected(made.error());
	return buffer;
}

Result<void> Buffer::destroy()
{
	return device_->destroy_object(
		[this](Backend &b) { return b.buffer_destroy({.handle = handle_}); });
}

Buffer::~Buffer()
{
	if (mapped_)
		device_->unmap_memory(address_, size_);
}

} // namespace accel::core
