// SPDX-License-Identifier: MIT
// Buffers: allocated, registered, imported.
#include "core/buffer.hpp"

namespace accel::core {

template <class Make>
Result<Ref<Buffer>> Buffer::made(Device &device, void *own, Make make)
{
	auto buffer = Ref<Buffer>::adopt(new Buffer(device));
	Result<BufferMemory> memory = device.use(make);

	if (!memory)
		return std::unexpected(memory.error());
	buffer->handle_ = memory->handle;
	buffer->mapped_ = own == nullptr;
	buffer->address_ = own ? own : memory->address;
	buffer->size_ = memory->size;
	return buffer;
}

Result<Ref<Buffer>> Buffer::create(Device &device, uint64_t size)
{
	return made(device, nullptr, [=](Backend &b) { return b.create_buffer(size); });
}

Result<Ref<Buffer>> Buffer::from_memory(Device &device, void *address, uint64_t length,
					uint64_t access)
{
	return made(device, address,
		    [=](Backend &b) { return b.register_buffer(address, length, access); });
}

Result<Ref<Buffer>> Buffer::from_file(Device &device, int fd)
{
	return made(device, nullptr, [=](Backend &b) { return b.import_buffer(fd); });
}

Result<void> Buffer::destroy()
{
	return device_->end([this](Backend &b) { return b.destroy_buffer(handle_); });
}

Buffer::~Buffer()
{
	if (mapped_)
		device_->unmap_memory(address_, size_);
}

Result<Backend::File> Buffer::export_file()
{
	return device_->use([this](Backend &b) { return b.export_buffer(handle_); });
}

} // namespace accel::core
