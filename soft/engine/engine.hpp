// SPDX-License-Identifier: MIT
// The compute engines of the soft accelerator: pure functions on plain memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

// Rules for every function and object here:
//
// - Nothing throws, prints, logs, blocks on anything but memory, or starts a thread.
// - Ranges may have any address (no alignment is required) and any length, including 0; a range of
//   length 0 may have a null pointer. Nothing outside a range is accessed. As for memcpy, the caller
//   guarantees that its bytes are accessible.
// - If input and output of one call overlap where the function does not allow it, the content of the output and
//   the status are undefined.
// - Functions may be called by any number of threads at once. An object may be used by one thread at
//   a time; it may move from thread to thread between calls.
// - Constructors do not allocate. An object allocates its memory at first use and keeps it; if the
//   allocation fails, the call returns Status::no_memory without effect, and a later call tries again.
namespace accel::core::engine {

/// How an operation ended.
enum class Status : std::uint8_t {
	ok,		///< Success. Inflate: more input may follow.
	output_full,	///< The output needs more room.
	data_error,	///< The input is not valid for the operation.
	checksum_error, ///< The input was read, but its checksum or its length differs.
	stream_end,	///< Inflate: a member is complete and all input is consumed.
	no_memory,	///< The engine could not allocate its own memory.
	unsupported,	///< The engine does not support the value of an argument.
	internal,	///< ISA-L or oneDNN failed for another reason.
};

/// How a compression or decompression ended, and how much it processed.
struct Result {
	Status status = Status::ok;
	std::size_t consumed = 0; ///< bytes of input that are not needed again
	std::size_t produced = 0; ///< bytes of output that were written
	const char *why =
		nullptr; ///< after an error: a short static text for people, then never null
};

/// Copy @n bytes from @src to @dst. The ranges may overlap; dst then holds what src held before.
/// Implementation: memmove of the C library. From half the last-level cache on, where the two ranges
/// together do not fit it, stores that bypass it: measured 1.6 times as fast from this size on (1.3
/// times if the copy is read back at once), and half as fast below.
void copy(void *dst, const void *src, std::size_t n) noexcept;

/// Fill @n bytes at @dst with repetitions of @pattern, low byte first, from the first byte of @dst on;
/// the last n % 8 bytes are the first bytes of the pattern.
/// Implementation: memset if all bytes of the pattern are equal, otherwise plain stores; from the size
/// of the last-level cache on, stores that bypass the caches.
void fill(void *dst, std::size_t n, std::uint64_t pattern) noexcept;

/// Compare @n bytes at @a and @b, which may overlap.
/// @return the offset of the first byte that differs, or n if none does
/// Implementation: memcmp of the C library by blocks.
[[nodiscard]] std::size_t compare(const void *a, const void *b, std::size_t n) noexcept;

/// CRC-32C (Castagnoli polynomial, reflected, as iSCSI, NVMe and ext4 use it) of @n bytes at @p.
/// @param seed  CRC of the preceding bytes, 0 at the start
/// @return the CRC; crc32c(crc32c(0, a), b) is the CRC of a followed by b
/// Implementation: folding with 512-bit carry-less multiplications (VPCLMULQDQ); crc32_iscsi of ISA-L on a
/// processor without them. Measured time of folding relative to ISA-L: 0.85 at 4 KiB, 0.97 to 0.99 from
/// 64 KiB on, 0.7 to 0.8 below 1 KiB.
[[nodiscard]] std::uint32_t crc32c(std::uint32_t seed, const void *p, std::size_t n) noexcept;

/// Copy @n bytes from @src to @dst and compute the CRC-32C of the bytes stored, in one pass over
/// memory. The ranges may overlap, as for copy(); then it takes two passes.
/// @return the CRC, with @seed as for crc32c()
/// Implementation: the same folding, and the copy from its registers: 1.02 of the time of crc32c() at
/// 4 KiB, 1.00 at 64 KiB. Without folding: memcpy and ISA-L by blocks that stay in the first-level cache.
std::uint32_t copy_crc32c(std::uint32_t seed, void *dst, const void *src, std::size_t n) noexcept;

/// Input is compressed by independent segments of this many bytes: 16 stored blocks of the largest
/// size, so that incompressible data takes no more than deflate_bound().
inline constexpr std::size_t kDeflateBlock = 65535;
inline constexpr std::size_t kDeflateSegment = 16 * kDeflateBlock;

/// The largest size in bytes of a gzip member of @n input bytes, at any level: header (10), trailer
/// (8), the input itself, and 5 bytes for each stored block.
[[nodiscard]] constexpr std::size_t deflate_bound(std::size_t n) noexcept
{
	const std::size_t blocks = n / kDeflateBlock + (n % kDeflateBlock != 0 || n == 0);
	return 18 + n + 5 * blocks;
}

/// Writes gzip members (RFC 1952). The object holds only scratch memory (about 430 KiB, and 1 MiB more
/// once an output was almost too small); members are independent of each other.
class Deflate {
public:
	Deflate() noexcept;
	~Deflate();
	Deflate(Deflate &&) noexcept;
	Deflate &operator=(Deflate &&) noexcept;

	/// Compress @in into one complete gzip member: a header without name or time, and a
	/// trailer. Equal input and level give equal bytes, for any size of @out. Any length is
	/// allowed; the trailer holds it modulo 2^32, as the format requires.
	/// @param level  0 (fast, fixed code) to 3 (smallest)
	/// @return Unless ok, nothing is consumed or produced, and the content of @out is undefined.
	///  - ok: consumed is in.size(), produced the size of the member
	///  - output_full: the member is larger than @out; deflate_bound(in.size()) always suffices
	///  - unsupported: no such level
	///  - no_memory, internal
	/// Implementation: isal_deflate_stateless of ISA-L.
	Result member(int level, std::span<const std::byte> in, std::span<std::byte> out) noexcept;

private:
	struct State;
	std::unique_ptr<State> state_;
};

/// Decompresses gzip data (RFC 1952), with input and output in pieces of any size: one or more
/// consecutive members, each with any of the optional header fields, then zero bytes as padding.
class Inflate {
public:
	Inflate() noexcept;
	~Inflate();
	Inflate(Inflate &&) noexcept;
	Inflate &operator=(Inflate &&) noexcept;

	/// Decompress the next piece @in of the input to @out.
	/// @param last  no input follows @in
	/// @return After an error every further call returns the same error with nothing consumed or
	///         produced, until reset(); only after no_memory a further call tries again.
	///  - ok: all of @in is consumed and all its output written; more input must follow
	///  - stream_end: as ok, and the input so far is complete. Another member or padding may follow
	///  - output_full: @out is full. Call again with the rest of @in (it may be empty) and new
	///    room; the next call may produce nothing
	///  - data_error: the input is not gzip data, is corrupt, or (only with @last) ends too early;
	///    empty input counts as this. The produced bytes are valid. consumed is the position of the
	///    error to within 8 bytes: all of @in if it ends too early, less if one of its bytes is
	///    wrong
	///  - checksum_error: the CRC-32 or the length in the trailer, or the CRC of the header,
	///    differs. The output of the member was delivered before
	///  - no_memory, internal
	/// Accepts exactly the inputs that zlib accepts.
	/// Implementation: DeflateDecoder, and the CRC-32 of ISA-L.
	Result run(std::span<const std::byte> in, std::span<std::byte> out, bool last) noexcept;

	/// Start a new input. Keeps the memory (about 50 KiB).
	void reset() noexcept;

private:
	struct State;
	std::unique_ptr<State> state_;
};

/// Types of the elements of A and B, which determine the type of C.
enum class DType : std::uint8_t {
	f32,  ///< IEEE 754 binary32; C is f32
	bf16, ///< bfloat16; C is f32
	s8,   ///< signed 8 bits; C is signed 32 bits
};

/// One multiplication C = A × B of row-major matrices. A and B may overlap each other, but not C.
struct Matmul {
	DType type = DType::f32;
	std::uint32_t m = 0, n = 0, k = 0; ///< A has m rows of k elements, B k of n, C m of n
	std::uint32_t lda = 0;		   ///< elements from one row of A to the next, at least k
	std::uint32_t ldb = 0;		   ///< elements from one row of B to the next, at least n
	std::uint32_t ldc = 0;		   ///< elements from one row of C to the next, at least n
	const void *a = nullptr;
	const void *b = nullptr;
	void *c = nullptr;
};

class Bf16Primitive;

/// Multiplies matrices on the calling thread only. The object holds scratch memory (1.6 MiB, allocated
/// only if needed). The first call in a process may take 40 ms because oneDNN compiles its kernels.
class Multiplier {
public:
	Multiplier() noexcept;
	~Multiplier();
	Multiplier(Multiplier &&) noexcept;
	Multiplier &operator=(Multiplier &&) noexcept;

	/// Compute C = A × B. Elements of C between n and ldc are not touched. With k = 0, C
	/// becomes zero; with m = 0 or n = 0, nothing is done.
	///
	/// s8: exact; sums are taken modulo 2^32 (they fit up to k = 131071). f32 and bf16: the
	/// products are summed in binary32, in an order that depends on the processor and the
	/// sizes, so the last bits may differ between machines. Denormal numbers (below 2^-126) are
	/// not flushed to zero, in the input, in sums or in C, on any processor and for any size.
	/// @return With no_memory and internal, C may be partly written.
	///  - ok
	///  - unsupported: no such type, or a stride shorter than a row
	///  - no_memory, internal
	/// Implementation: dnnl_sgemm, dnnl_gemm_s8s8s32 and matmul primitives of oneDNN; matmul.cpp
	/// explains the choice.
	Status run(const Matmul &job) noexcept;

	enum class Kernels : std::uint8_t {
		later, ///< no memory for them now; plain loops multiply, at a fraction of the speed
		ready, ///< oneDNN has compiled them
		never, ///< memory must not become executable, or oneDNN fails; plain loops multiply
	};
	/// Have oneDNN compile its kernels for a type, once; otherwise the first run() does it. From then on
	/// ONEDNN_VERBOSE and similar variables are ignored.
	Kernels prepare(DType type) noexcept;

private:
	struct Tiles;
	Kernels compile(DType type);
	Status run_by_onednn(const Matmul &job);
	Status run_tiled(const Matmul &job, bool plainly);
	Status run_bf16(const Matmul &job);

	std::unique_ptr<Tiles> tiles_;
	std::unique_ptr<Bf16Primitive> bf16_;
};

/// The engines of one worker.
struct Context {
	Deflate deflate;
	Multiplier multiplier;
};

} // namespace accel::core::engine
