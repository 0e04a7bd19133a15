// SPDX-License-Identifier: MIT
// C++ interface of the soft accelerator: descriptors from ranges, streams, firmware commands.
//
//	queue->submit(accel::soft::copy(target, source, accel::soft::fence));
//
// A Source or Target is any contiguous range of trivially copyable elements (vector, array, span,
// string) in a shared address space, or a Mapping in a mapped one. The memory must remain valid until the
// completion. The functions of <accel/soft.h> document result and detail of the completion.
#ifndef ACCEL_SOFT_HPP
#define ACCEL_SOFT_HPP

#include <accel/accel.hpp>
#include <accel/soft.h>
#include <algorithm>
#include <ranges>

namespace accel::soft {

using Descriptor = accel_soft_descriptor;

/// Options for accel::QueueOptions::driver, as bytes_of(options).
using QueueOptions = accel_soft_queue_options;

/// @options as bytes for accel::QueueOptions::driver; they must remain valid until the queue is created.
inline std::span<const std::byte> bytes_of(const QueueOptions &options)
{
	return std::as_bytes(std::span(&options, 1));
}

/// Flags of a descriptor; `fence | record`.
enum Flags : uint8_t {
	none = 0,
	fence = ACCEL_SOFT_DESCRIPTOR_FLAGS_FENCE, ///< start after all earlier ones have completed
	record = ACCEL_SOFT_DESCRIPTOR_FLAGS_RECORD, ///< write a record even without a result
	last = ACCEL_SOFT_DESCRIPTOR_FLAGS_LAST,     ///< inflate: end of the input
	go_on = ACCEL_SOFT_DESCRIPTOR_FLAGS_GO_ON,   ///< batch: continue after a failure
};
constexpr Flags operator|(Flags one, Flags other)
{
	return static_cast<Flags>(static_cast<uint8_t>(one) | static_cast<uint8_t>(other));
}

template <class R>
concept Memory = std::ranges::contiguous_range<R> && std::ranges::sized_range<R> &&
		 std::is_trivially_copyable_v<std::ranges::range_value_t<R>>;

/// Memory that the device reads.
struct Source {
	const void *address;
	uint64_t length; ///< bytes

	Source(const void *at, uint64_t bytes) : address(at), length(bytes) {}
	explicit(false) Source(const Mapping &mapping)
		: address(reinterpret_cast<const void *>(mapping.iova())), length(mapping.length())
	{}
	template <Memory R>
	explicit(false) Source(const R &range)
		: address(std::ranges::data(range)),
		  length(std::ranges::size(range) * sizeof(std::ranges::range_value_t<R>))
	{}
};

/// Memory that the device writes.
struct Target {
	void *address;
	uint64_t length; ///< bytes

	Target(void *at, uint64_t bytes) : address(at), length(bytes) {}
	explicit(false) Target(const Mapping &mapping)
		: address(reinterpret_cast<void *>(mapping.iova())), length(mapping.length())
	{}
	template <Memory R>
		requires(!std::is_const_v<
				std::remove_reference_t<std::ranges::range_reference_t<R>>>)
	explicit(false) Target(R &&range)
		: address(std::ranges::data(range)),
		  length(std::ranges::size(range) * sizeof(std::ranges::range_value_t<R>))
	{}
};

/// Complete without any work; with fence: after all earlier descriptors.
inline Descriptor nop(Flags flags = none)
{
	Descriptor d;

	accel_soft_nop(&d, flags);
	return d;
}

/// Copy @source to @target, limited to the shorter one.
inline Descriptor copy(Target target, Source source, Flags flags = none)
{
	Descriptor d;

	accel_soft_copy(&d, target.address, source.address, std::min(target.length, source.length),
			flags);
	return d;
}

/// Fill @target with @pattern, its low byte first.
inline Descriptor fill(Target target, uint64_t pattern, Flags flags = none)
{
	Descriptor d;

	accel_soft_fill(&d, target.address, target.length, pattern, flags);
	return d;
}

/// Compare; result: offset of the first difference, or the length of the shorter one.
inline Descriptor compare(Source one, Source other, Flags flags = none)
{
	Descriptor d;

	accel_soft_compare(&d, one.address, other.address, std::min(one.length, other.length),
			   flags);
	return d;
}

/// Compute the CRC-32C, starting from @seed; result: the CRC.
inline Descriptor crc32c(Source source, uint32_t seed = 0, Flags flags = none)
{
	Descriptor d;

	accel_soft_crc32c(&d, source.address, source.length, seed, flags);
	return d;
}

/// Copy as copy(); result: the CRC-32C of the copied bytes.
inline Descriptor copy_crc32c(Target target, Source source, uint32_t seed = 0, Flags flags = none)
{
	Descriptor d;

	accel_soft_copy_crc32c(&d, target.address, source.address,
			       std::min(target.length, source.length), seed, flags);
	return d;
}

/// Compress into one gzip member; result: its size in bytes. @param level  0 (fast) to 3 (small)
inline Descriptor deflate(Target target, Source source, unsigned level = 1, Flags flags = none)
{
	Descriptor d;

	accel_soft_deflate(&d, target.address, target.length, source.address, source.length, level,
			   flags);
	return d;
}

/// State of one decompression that spans several descriptors. One descriptor at a time may use it.
class Stream {
public:
	/// C: accel_soft_stream_create().
	static Result<Stream> create(const Device &device)
	{
		auto made = detail::get<uint64_t>([&](uint64_t *out, accel_error *e) {
			return accel_soft_stream_create(device.get(), out, e);
		});

		if (!made)
			return std::unexpected(made.error());
		return Stream(device.reference(), *made);
	}
	Stream(Stream &&other) noexcept
		: device_(std::move(other.device_)), handle_(std::exchange(other.handle_, 0))
	{}
	Stream &operator=(Stream &&other) noexcept
	{
		std::swap(device_, other.device_);
		std::swap(handle_, other.handle_);
		return *this;
	}
	~Stream() { (void)destroy(); }

	uint64_t handle() const { return handle_; }
	/// Reset to the start of an input. C: accel_soft_stream_reset().
	Result<void> reset() const
	{
		return detail::run([this](accel_error *e) {
			return accel_soft_stream_reset(device(), handle_, e);
		});
	}
	/// EBUSY while a descriptor uses it. C: accel_soft_stream_destroy().
	Result<void> destroy()
	{
		if (!handle_ || !device())
			return {};
		auto ended = detail::run([this](accel_error *e) {
			return accel_soft_stream_destroy(device(), handle_, e);
		});
		if (ended)
			handle_ = 0;
		return ended;
	}

private:
	Stream(detail::Reference device, uint64_t handle)
		: device_(std::move(device)), handle_(handle)
	{}
	accel_device *device() const
	{
		return device_.node() ? static_cast<accel_device *>(device_.node()->raw) : nullptr;
	}

	detail::Reference device_;
	uint64_t handle_;
};

/// Decompress @source, the whole gzip input. Result: bytes written; detail: bytes of input used.
inline Descriptor inflate(Target target, Source source, Flags flags = last)
{
	Descriptor d;

	accel_soft_inflate(&d, target.address, target.length, source.address, source.length, 0,
			   flags);
	return d;
}

/// Decompress the next part of the input of @stream; with flag last the final one.
inline Descriptor inflate(Target target, Source source, const Stream &stream, Flags flags = none)
{
	Descriptor d;

	accel_soft_inflate(&d, target.address, target.length, source.address, source.length,
			   stream.handle(), flags);
	return d;
}

/// The upper half of a float.
struct bf16 {
	uint16_t bits;
};

/// A matrix in memory, row after row. In a mapped address space elements is an iova, cast.
template <class T>
struct Matrix {
	T *elements;
	uint32_t stride; ///< elements from one row to the next

	explicit(false) operator accel_soft_matrix() const { return {elements, stride}; }
};

/// Compute C = A × B, where A has @m rows of @k, B @k rows of @n, C @m rows of @n.
inline Descriptor matmul(uint32_t m, uint32_t n, uint32_t k, Matrix<float> c, Matrix<const float> a,
			 Matrix<const float> b, Flags flags = none)
{
	Descriptor d;

	accel_soft_matmul(&d, ACCEL_SOFT_MATRIX_TYPE_F32, m, n, k, c, a, b, flags);
	return d;
}
inline Descriptor matmul(uint32_t m, uint32_t n, uint32_t k, Matrix<float> c, Matrix<const bf16> a,
			 Matrix<const bf16> b, Flags flags = none)
{
	Descriptor d;

	accel_soft_matmul(&d, ACCEL_SOFT_MATRIX_TYPE_BF16, m, n, k, c, a, b, flags);
	return d;
}
inline Descriptor matmul(uint32_t m, uint32_t n, uint32_t k, Matrix<int32_t> c,
			 Matrix<const int8_t> a, Matrix<const int8_t> b, Flags flags = none)
{
	Descriptor d;

	accel_soft_matmul(&d, ACCEL_SOFT_MATRIX_TYPE_S8, m, n, k, c, a, b, flags);
	return d;
}

/// Execute @descriptors, 64-byte aligned, none of them a batch. The completion of each is written to the element of
/// @records with its index; @records has as many elements or none.
inline Descriptor batch(std::span<const Descriptor> descriptors,
			std::span<accel_ring_record> records = {}, Flags flags = none)
{
	Descriptor d;

	accel_soft_batch(&d, descriptors.data(), records.data(),
			 static_cast<uint32_t>(std::min<size_t>(descriptors.size(), UINT32_MAX)),
			 flags);
	return d;
}

/// Get the identity of the device. Scope: configuration.
inline Result<accel_soft_identity> identify(const CommandChannel &channel)
{
	return detail::get<accel_soft_identity>(
		[&](auto *out, auto *e) { return accel_soft_identify(channel.get(), out, e); });
}

/// Get the value of a feature. Scope: configuration.
inline Result<uint64_t> get_feature(const CommandChannel &channel, accel_soft_feature feature)
{
	return detail::get<uint64_t>([&](auto *out, auto *e) {
		return accel_soft_get_feature(channel.get(), feature, out, e);
	});
}

/// Set a feature. Scope: configuration.
inline Result<void> set_feature(const CommandChannel &channel, accel_soft_feature feature,
				uint64_t value)
{
	return detail::run([&](accel_error *e) {
		return accel_soft_set_feature(channel.get(), feature, value, e);
	});
}

/// Get the health log page. Scope: debug-read.
inline Result<accel_soft_health> get_health(const CommandChannel &channel)
{
	return detail::get<accel_soft_health>(
		[&](auto *out, auto *e) { return accel_soft_get_health(channel.get(), out, e); });
}

/// Get the last failed descriptors, newest first, at most room.size(). Scope: debug-read.
inline Result<std::span<accel_soft_error_entry>> get_errors(const CommandChannel &channel,
							    std::span<accel_soft_error_entry> room)
{
	size_t count = room.size();
	auto done = detail::run([&](accel_error *e) {
		return accel_soft_get_errors(channel.get(), room.data(), &count, e);
	});

	if (!done)
		return std::unexpected(done.error());
	return room.first(std::min(count, room.size()));
}

/// Run every engine on known data. EIO: one failed. Scope: debug-write.
inline Result<accel_soft_self_test_result> self_test(const CommandChannel &channel)
{
	return detail::get<accel_soft_self_test_result>(
		[&](auto *out, auto *e) { return accel_soft_self_test(channel.get(), out, e); });
}

/// Let the next @count operations @op fail with engine-error. Scope: debug-full.
inline Result<void> inject_fault(const CommandChannel &channel, accel_soft_op op, uint64_t count)
{
	return detail::run([&](accel_error *e) {
		return accel_soft_inject_fault(channel.get(), op, count, e);
	});
}

} // namespace accel::soft

#endif
