// SPDX-License-Identifier: MIT
// Memory and data for the tests of the engines.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <random>
#include <span>
#include <string>
#include <vector>

namespace accel::core::engine::test {

using Bytes = std::vector<std::byte>;

/// Memory with forbidden pages before and after it: sanitizers do not check accesses of the libraries.
class Guarded {
public:
	enum class Flush { begin, end };

	/// @param flush  which end is directly next to a forbidden page
	explicit Guarded(std::size_t size, Flush flush = Flush::end) : size_(size)
	{
		const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
		const std::size_t inner = (size + page - 1) / page * page;
		total_ = inner + 2 * page;
		void *map = mmap(nullptr, total_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (map == MAP_FAILED)
			std::abort();
		map_ = static_cast<std::byte *>(map);
		if (inner > 0 && mprotect(map_ + page, inner, PROT_READ | PROT_WRITE) != 0)
			std::abort();
		data_ = map_ + page + (flush == Flush::end ? inner - size : 0);
	}
	explicit Guarded(std::span<const std::byte> from, Flush flush = Flush::end)
		: Guarded(from.size(), flush)
	{
		if (!from.empty())
			std::memcpy(data_, from.data(), from.size());
	}
	Guarded(const Guarded &) = delete;
	Guarded &operator=(const Guarded &) = delete;
	~Guarded() { munmap(map_, total_); }

	[[nodiscard]] std::byte *data() const { return data_; }
	[[nodiscard]] std::span<std::byte> span() const { return {data_, size_}; }

private:
	std::byte *map_ = nullptr;
	std::byte *data_ = nullptr;
	std::size_t total_ = 0;
	std::size_t size_;
};

/// A large range that reads as zero and uses no memory.
class Zeros {
public:
	explicit Zeros(std::size_t size) : size_(size)
	{
		void *map = mmap(nullptr, size, PROT_READ,
				 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
		if (map == MAP_FAILED)
			std::abort();
		data_ = static_cast<const std::byte *>(map);
	}
	Zeros(const Zeros &) = delete;
	Zeros &operator=(const Zeros &) = delete;
	~Zeros() { munmap(const_cast<std::byte *>(data_), size_); }

	[[nodiscard]] std::span<const std::byte> span() const { return {data_, size_}; }

private:
	const std::byte *data_;
	std::size_t size_;
};

inline Bytes random_bytes(std::size_t size, std::uint64_t seed = 1)
{
	std::mt19937_64 random(seed);
	Bytes bytes(size);
	for (auto &byte : bytes)
		byte = static_cast<std::byte>(random());
	return bytes;
}

/// Text like a log: words from a small set, numbers, line ends; compresses about 4 : 1.
inline Bytes text(std::size_t size, std::uint64_t seed = 1)
{
	static constexpr const char *kWords[] = {"queue", "buffer", "address", "the", "space",
						 "of",	  "device", "fault",   "at",  "completed",
						 "ring",  "wakes",  "in",      "ns",  "sequence"};
	std::mt19937_64 random(seed);
	std::string out;
	while (out.size() < size) {
		out += kWords[random() % std::size(kWords)];
		out += random() % 9 == 0 ? '\n' : ' ';
		if (random() % 5 == 0)
			out += std::to_string(random() % 100000) + ' ';
	}
	Bytes bytes(size);
	if (size > 0)
		std::memcpy(bytes.data(), out.data(), size);
	return bytes;
}

inline Bytes bytes_of(const std::string &from)
{
	const auto span = std::as_bytes(std::span(from));
	return {span.begin(), span.end()};
}

inline Bytes operator+(Bytes left, const Bytes &right)
{
	left.insert(left.end(), right.begin(), right.end());
	return left;
}

} // namespace accel::core::engine::test
