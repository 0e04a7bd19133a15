// SPDX-License-Identifier: MIT
// Address spaces, buffers, and mappings of memory for the device. Include <accel/accel.hpp>.
#ifndef ACCEL_MEMORY_HPP
#define ACCEL_MEMORY_HPP

#include <accel/device.hpp>
#include <optional>

namespace accel {

/// The file of a buffer. The descriptor is close-on-exec; the caller closes it.
struct BufferFile {
	int fd;
	uint32_t kind; ///< ACCEL_FILE_KIND_*
};

/// Options for creating a buffer.
struct BufferOptions {
	uint64_t flags = 0;			///< ACCEL_BUFFER_FLAGS_*
	std::span<const std::byte> driver = {}; ///< options of the provider's own header
};

/// Start or end of an access of the process to a buffer's memory.
enum class SyncPhase : uint32_t {
	begin = ACCEL_SYNC_PHASE_BEGIN, ///< the access begins
	end = ACCEL_SYNC_PHASE_END,	///< the access has ended
};

/// Memory that a handle identifies, mapped into the process. Several threads may use it concurrently.
class Buffer : public detail::Owner<accel_buffer> {
public:
	/// Allocate @size zeroed bytes. C: accel_buffer_create().
	static Result<Buffer> create(const Device &device, uint64_t size,
				     const BufferOptions &options = {})
	{
		accel_buffer_options raw{};

		raw.size = sizeof(raw);
		raw.length = size;
		raw.flags = options.flags;
		raw.driver = options.driver.data();
		raw.driver_size = options.driver.size();
		return own(detail::make<accel_buffer>(
			[&](auto **out, auto *e) {
				return accel_buffer_create(device.get(), &raw, out, e);
			},
			device.reference()));
	}

	/// Create a buffer from memory of the caller, which must remain mapped until the buffer is destroyed.
	/// @param access  ACCEL_ACCESS_*. C: accel_buffer_register().
	static Result<Buffer> from_memory(const Device &device, std::span<std::byte> memory,
					  uint64_t access = ACCEL_ACCESS_READ | ACCEL_ACCESS_WRITE)
	{
		return own(detail::make<accel_buffer>(
			[&](auto **out, auto *e) {
				return accel_buffer_register(device.get(), memory.data(),
							     memory.size(), access, out, e);
			},
			device.reference()));
	}

	/// Create a buffer from a dma-buf or memfd; the caller keeps ownership of @fd. C: accel_buffer_import().
	static Result<Buffer> from_file(const Device &device, int fd)
	{
		return own(detail::make<accel_buffer>(
			[&](auto **out, auto *e) {
				return accel_buffer_import(device.get(), fd, out, e);
			},
			device.reference()));
	}

	/// Its bytes in the process; empty if it is not mapped, and after destroy().
	std::span<std::byte> bytes() const
	{
		auto *first = static_cast<std::byte *>(accel_buffer_address(get()));

		return {first, first ? static_cast<size_t>(accel_buffer_size(get())) : 0};
	}

	/// The handle, for the functions of a provider's own header. C: accel_buffer_handle().
	uint64_t handle() const { return accel_buffer_handle(get()); }

	/// Address for the device, if it has one without a mapping. C: accel_buffer_device_address().
	std::optional<uint64_t> device_address() const
	{
		uint64_t address = 0;

		return accel_buffer_device_address(get(), &address) ? std::optional(address) :
								      std::nullopt;
	}

	/// Begin or end an access of the process; succeeds without effect if caches are coherent.
	/// @param access  ACCEL_ACCESS_* of the process. C: accel_buffer_sync().
	Result<void> sync(SyncPhase phase, uint64_t access,
			  Deadline deadline = Deadline::max()) const
	{
		return detail::run([&](accel_error *e) {
			return accel_buffer_sync(get(), static_cast<accel_sync_phase>(phase),
						 access, to_ns(deadline), e);
		});
	}

	/// C: accel_buffer_query().
	Result<accel_buffer_info> query() const
	{
		return detail::answer<accel_buffer_info>(
			[this](auto *out, auto *e) { return accel_buffer_query(get(), out, e); });
	}

	/// C: accel_buffer_export().
	Result<BufferFile> export_file() const
	{
		return detail::get<BufferFile>([this](BufferFile *out, accel_error *e) {
			return accel_buffer_export(get(), &out->fd, &out->kind, e);
		});
	}

	/// EBUSY while a Mapping refers to it. C: accel_buffer_destroy().
	Result<void> destroy() { return destroy_now(); }

private:
	explicit Buffer(detail::Reference made) : Owner(std::move(made)) {}
	static Result<Buffer> own(Result<detail::Reference> made)
	{
		if (!made)
			return std::unexpected(made.error());
		return Buffer(std::move(*made));
	}
};

/// Memory that is mapped for the device; the destructor unmaps it. Keeps references to its address space and
/// its buffer.
class [[nodiscard]] Mapping {
public:
	Mapping(Mapping &&other) noexcept { *this = std::move(other); }
	Mapping &operator=(Mapping &&other) noexcept
	{
		std::swap(space_, other.space_);
		std::swap(buffer_, other.buffer_);
		std::swap(iova_, other.iova_);
		std::swap(length_, other.length_);
		return *this;
	}
	~Mapping() { (void)unmap(); }

	/// Address of the memory in descriptors.
	uint64_t iova() const { return iova_; }
	uint64_t length() const { return length_; }

	/// C: accel_address_space_unmap().
	Result<void> unmap()
	{
		if (!length_ || !space_.node() || !space_.node()->raw)
			return {};
		auto gone = detail::run([this](accel_error *e) {
			auto *space = static_cast<accel_address_space *>(space_.node()->raw);

			return accel_address_space_unmap(space, iova_, length_, e);
		});
		if (gone)
			length_ = 0;
		return gone;
	}

private:
	friend class AddressSpace;
	Mapping(detail::Reference space, detail::Reference buffer, uint64_t iova, uint64_t length)
		: space_(std::move(space)), buffer_(std::move(buffer)), iova_(iova), length_(length)
	{}

	detail::Reference space_;
	detail::Reference buffer_;
	uint64_t iova_ = 0;
	uint64_t length_ = 0; // 0: not mapped
};

/// How descriptors refer to memory.
enum class AddressMode : uint32_t {
	shared = ACCEL_ADDRESS_MODE_SHARED,   ///< any pointer of the process
	mapped = ACCEL_ADDRESS_MODE_MAPPED,   ///< only mapped ranges
	handles = ACCEL_ADDRESS_MODE_HANDLES, ///< handles of buffers
};

/// Determines what the addresses in descriptors refer to. Several threads may use it concurrently.
class AddressSpace : public detail::Owner<accel_address_space> {
public:
	/// C: accel_address_space_create().
	static Result<AddressSpace> create(const Device &device, AddressMode mode)
	{
		auto made = detail::make<accel_address_space>(
			[&](auto **out, auto *e) {
				auto raw_mode = static_cast<accel_address_mode>(mode);

				return accel_address_space_create(device.get(), raw_mode, out, e);
			},
			device.reference());

		if (!made)
			return std::unexpected(made.error());
		return AddressSpace(std::move(*made));
	}

	/// Map @memory for the device. The caller owns it; it must remain valid until it is unmapped.
	/// @param access  ACCEL_ACCESS_*
	/// @param iova    iova to use, or 0 for the kernel's choice. C: accel_address_space_map().
	Result<Mapping> map(std::span<std::byte> memory,
			    uint64_t access = ACCEL_ACCESS_READ | ACCEL_ACCESS_WRITE,
			    uint64_t iova = 0) const
	{
		auto at = place(iova, [&](uint64_t *out, accel_error *e) {
			return accel_address_space_map(get(), memory.data(), memory.size(), access,
						       out, e);
		});

		if (!at)
			return std::unexpected(at.error());
		return Mapping(reference(), {}, *at, memory.size());
	}

	/// Map @memory for reading by the device only.
	Result<Mapping> map_read_only(std::span<const std::byte> memory, uint64_t iova = 0) const
	{
		return map({const_cast<std::byte *>(memory.data()), memory.size()},
			   ACCEL_ACCESS_READ, iova);
	}

	/// Map @length bytes of @buffer from @offset.
	/// C: accel_address_space_map_buffer().
	Result<Mapping> map(const Buffer &buffer, uint64_t offset, uint64_t length,
			    uint64_t access = ACCEL_ACCESS_READ | ACCEL_ACCESS_WRITE,
			    uint64_t iova = 0) const
	{
		auto at = place(iova, [&](uint64_t *out, accel_error *e) {
			return accel_address_space_map_buffer(get(), buffer.get(), offset, length,
							      access, out, e);
		});

		if (!at)
			return std::unexpected(at.error());
		return Mapping(reference(), buffer.reference(), *at, length);
	}

	/// C: accel_address_space_query().
	Result<accel_address_space_info> query() const
	{
		return detail::answer<accel_address_space_info>([this](auto *out, auto *e) {
			return accel_address_space_query(get(), out, e);
		});
	}

	/// EBUSY while a Queue uses it. C: accel_address_space_destroy().
	Result<void> destroy() { return destroy_now(); }

private:
	explicit AddressSpace(detail::Reference made) : Owner(std::move(made)) {}

	template <class Map>
	static Result<uint64_t> place(uint64_t iova, Map map)
	{
		return detail::get<uint64_t>([&](uint64_t *out, accel_error *e) {
			*out = iova;
			return map(out, e);
		});
	}
};

} // namespace accel

#endif
