// SPDX-License-Identifier: MIT
// The compute engines of the soft accelerator: pure functions on plain memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

// What holds for everything here:
//
// - Nothing throws, prints, logs, blocks on anything but memory, or starts a thread.
// - Ranges may have any address (no alignment is asked for) and any length, 0 included; a range of
//   length 0 may have a null pointer. A range is not looked at beyond its ends. Whether its bytes
//   may be touched at all is the caller's matter, as for memcpy.
// - Input and output of one call must not overlap, unless a function says that they may.
// - Functions may be called by any number of threads at once. An object serves one thread at a
//   time; it may move from thread to thread between calls.
// - Objects are cheap to make. They get their memory at first use, and keep it; if there is none,
//   the call answers Status::no_memory and has done nothing, and a later call tries again.
namespace accel::core::engine {

/// How an operation ended.
enum class Status : std::uint8_t {
	ok,		///< It did what it should. Inflate: more input may follow.
	output_full,	///< The output needs more room.
	data_error,	///< The input is not what the operation expects.
	checksum_error, ///< The input was read, but its checksum or its length differs.
	stream_end,	///< Inflate: a member is complete and all input is consumed.
	no_memory,	///< The engine could not get memory for itself.
	unsupported,	///< An argument has a value that the engine does not do.
	internal,	///< The library below failed for a reason of its own.
};

/// How a compression or decompression ended, and how far it came.
struct Result {
	Status status = Status::ok;
	std::size_t consumed = 0; ///< bytes of input that are done with
	std::size_t produced = 0; ///< bytes of output that are written
	const char *why =
		nullptr; ///< for an error: a short static text for people, never null then
};

/// Copy @n bytes from @src to @dst. The ranges may overlap; dst then holds what src held before.
/// Work: memmove of the C library; from half the last-level cache on, where the two ranges do not fit
/// it together, stores that bypass it. Those were measured to be 1.6 times as fast from there on (1.3
/// times where the copy is read back at once), and half as fast below.
void copy(void *dst, const void *src, std::size_t n) noexcept;

/// Fill @n bytes at @dst with @pattern, its low byte first, over and over from dst's first byte on;
/// the last n % 8 bytes get the pattern's first ones.
/// Work: memset where all bytes of the pattern are equal, plain stores else; stores that bypass the
/// caches from the size of the last level on.
void fill(void *dst, std::size_t n, std::uint64_t pattern) noexcept;

/// Compare @n bytes at @a and @b, which may overlap.
/// @return the offset of the first byte that differs, or n if none does
/// Work: memcmp of the C library by blocks.
[[nodiscard]] std::size_t compare(const void *a, const void *b, std::size_t n) noexcept;

/// CRC-32C (Castagnoli polynomial, reflected, as iSCSI, NVMe and ext4 use it) of @n bytes at @p.
/// @param seed  CRC of what came before, 0 at the start
/// @return the CRC; crc32c(crc32c(0, a), b) is that of a and b, one behind the other
/// Work: folding with 512-bit carry-less multiplications (VPCLMULQDQ), crc32_iscsi of ISA-L where the
/// processor lacks them. Measured beside each other: 0.85 of ISA-L's time at 4 KiB, 0.97 to 0.99 from 64 KiB
/// on, 0.7 to 0.8 below 1 KiB.
[[nodiscard]] std::uint32_t crc32c(std::uint32_t seed, const void *p, std::size_t n) noexcept;

/// Copy @n bytes from @src to @dst and take the CRC-32C of what arrived there, in one pass over
/// memory. The ranges may overlap, as for copy(); then it takes two passes.
/// @return the CRC, with @seed as for crc32c()
/// Work: the same folding, and the copy out of its registers: 1.02 of the time of crc32c() at 4 KiB,
/// 1.00 at 64 KiB. Without it memcpy and ISA-L, by blocks that stay in the first-level cache.
std::uint32_t copy_crc32c(std::uint32_t seed, void *dst, const void *src, std::size_t n) noexcept;

/// Input is compressed by segments of this many bytes, each for itself: 16 stored blocks of the
/// largest size, so that what cannot be compressed costs no more than deflate_bound() says.
inline constexpr std::size_t kDeflateBlock = 65535;
inline constexpr std::size_t kDeflateSegment = 16 * kDeflateBlock;

/// Bytes that a gzip member of @n input bytes has at most, at any level: header (10), trailer (8),
/// the input as it is, and 5 bytes for each stored block.
[[nodiscard]] constexpr std::size_t deflate_bound(std::size_t n) noexcept
{
	const std::size_t blocks = n / kDeflateBlock + (n % kDeflateBlock != 0 || n == 0);
	return 18 + n + 5 * blocks;
}

/// Makes gzip members (RFC 1952). The object holds only scratch memory (some 430 KiB, and 1 MiB
/// more once an output was close to too small); no member depends on the one before.
class Deflate {
public:
	Deflate() noexcept;
	~Deflate();
	Deflate(Deflate &&) noexcept;
	Deflate &operator=(Deflate &&) noexcept;

	/// Compress @in into one complete gzip member: a header without name or time, and a
	/// trailer. Equal input and level give equal bytes, whatever the room. Any length will do;
	/// the trailer's length field holds it modulo 2^32, as the format has it.
	/// @param level  0 (fast, fixed code) to 3 (smallest)
	/// @return With all but ok nothing is consumed or produced, and @out may hold anything.
	///  - ok: consumed is in.size(), produced the size of the member
	///  - output_full: the member is larger than @out; deflate_bound(in.size()) always suffices
	///  - unsupported: no such level
	///  - no_memory, internal
	/// Work: isal_deflate_stateless of ISA-L.
	Result member(int level, std::span<const std::byte> in, std::span<std::byte> out) noexcept;

private:
	struct State;
	std::unique_ptr<State> state_;
};

/// Decompresses gzip data (RFC 1952) that comes and goes in pieces of any size: one member or
/// several, one after the other, each with any of the optional header fields, then zero bytes as
/// padding.
class Inflate {
public:
	Inflate() noexcept;
	~Inflate();
	Inflate(Inflate &&) noexcept;
	Inflate &operator=(Inflate &&) noexcept;

	/// Decompress: go on with the next piece @in of the input, write to @out.
	/// @param last  nothing follows @in
	/// @return After an error every further call answers the same, with nothing consumed or
	///         produced, until reset(); only after no_memory it tries again.
	///  - ok: all of @in is consumed and all its output written; more input must follow
	///  - stream_end: the same, and the input so far is complete. More may follow: another
	///    member, or padding
	///  - output_full: @out is full. Call again with the rest of @in (it may be empty) and new
	///    room; there may turn out to be nothing more
	///  - data_error: no gzip data, or corrupt, or (only with @last) it ends too early; an input
	///    without any byte counts as that. produced bytes are good all the same. consumed tells
	///    where the input ends to make sense, to within 8 bytes: all of @in if it ends too early,
	///    less than that if a byte of it is wrong
	///  - checksum_error: the CRC-32 or the length in the trailer, or the CRC of the header,
	///    differ. The output of the member was delivered all the same
	///  - no_memory, internal
	/// It takes what zlib takes, no more and no less.
	/// Work: DeflateDecoder, and the CRC-32 of ISA-L.
	Result run(std::span<const std::byte> in, std::span<std::byte> out, bool last) noexcept;

	/// Back to the start of an input. Keeps the memory (some 50 KiB).
	void reset() noexcept;

private:
	struct State;
	std::unique_ptr<State> state_;
};

/// Types of the elements of A and B, and with them of C.
enum class DType : std::uint8_t {
	f32,  ///< IEEE 754 binary32; C is f32
	bf16, ///< bfloat16; C is f32
	s8,   ///< signed 8 bits; C is signed 32 bits
};

/// One multiplication C = A × B of row-major matrices. A and B may overlap, C with neither.
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

/// Multiplies matrices, on the calling thread alone. The object holds scratch memory (1.6 MiB, and
/// only if it is needed). The first call in a process may take 40 ms: oneDNN compiles its kernels.
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
	/// sizes, so that the last bits may differ from machine to machine. Numbers below 2^-126 count
	/// as they are, in the input, in sums and in C, on every processor and for every size.
	/// @return With no_memory and internal, C may be partly written.
	///  - ok
	///  - unsupported: no such type, or a stride below its row
	///  - no_memory, internal
	/// Work: dnnl_sgemm, dnnl_gemm_s8s8s32 and matmul primitives of oneDNN; matmul.cpp says which
	/// serves what.
	Status run(const Matmul &job) noexcept;

	enum class Kernels : std::uint8_t {
		later, ///< there is no memory for them now; plain loops do the work, at a fraction of the speed
		ready, ///< oneDNN has compiled them
		never, ///< memory must not become executable, or oneDNN fails; plain loops do the work
	};
	/// Have oneDNN compile what it needs for a type; nothing is done once that was done. run() does it
	/// otherwise. ONEDNN_VERBOSE and the like are ignored from here on.
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

/// What one worker owns.
struct Context {
	Deflate deflate;
	Multiplier multiplier;
};

} // namespace accel::core::engine
