// SPDX-License-Identifier: MIT
// The work of `accel bench`: common parts of all operations.
#include "verbs/soft/bench/work.hpp"

#include "device/completion_error.hpp"
#include "terminal/fail.hpp"
#include "terminal/output.hpp"
#include "verbs/soft/queue/operation.hpp"

#include <algorithm>
#include <cstring>
#include <new>
#include <random>
#include <sys/mman.h>

namespace cli {

namespace {

constexpr size_t kTextBytes = 1 << 20;
constexpr int kCorrupt = 0xa5;

size_t rounded(size_t bytes)
{
	return (bytes + 63) / 64 * 64;
}

/// Returns a text of random words with a skewed distribution, so that it compresses like natural text.
std::string make_text()
{
	std::minstd_rand random(1);
	std::vector<std::string> words(4096);
	std::string text;

	for (std::string &word : words)
		for (size_t left = 2 + random() % 8; left; --left)
			word += static_cast<char>('a' + random() % 26);
	while (text.size() < kTextBytes) {
		size_t one = random() % words.size();
		size_t other = random() % words.size();

		text += words[one * other / words.size()];
		text += random() % 12 ? " " : ".\n";
	}
	text.resize(kTextBytes);
	return text;
}

} // namespace

void fill_bench_text(std::span<std::byte> to, uint64_t from)
{
	static const std::string text = make_text();

	for (size_t done = 0; done < to.size();) {
		size_t at = (from + done) % kTextBytes;
		size_t part = std::min(to.size() - done, kTextBytes - at);

		memcpy(to.data() + done, text.data() + at, part);
		done += part;
	}
}

BenchMemory::BenchMemory()
{
	void *memory =
		mmap(nullptr, kBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		throw std::bad_alloc();
	data_ = static_cast<std::byte *>(memory);
}

BenchMemory::~BenchMemory()
{
	munmap(data_, kBytes);
}

BenchWork::BenchWork(std::string name, BenchMemory &memory, uint32_t slots, size_t in, size_t out)
	: name_(std::move(name))
{
	// One cache line between input and output: at equal offsets in their pages, processors assume that stores and
	// loads overlap (4K aliasing).
	size_t each = rounded(in) + rounded(out) + 64;

	slots_.resize(std::clamp<size_t>(BenchMemory::kBytes / each, 1, slots));
	for (size_t i = 0; i < slots_.size(); ++i) {
		std::byte *at = memory.data() + i * each;

		slots_[i].in = {at, in};
		slots_[i].out = {at + rounded(in) + 64, out};
	}
}

void BenchWork::refuse(uint32_t slot, const accel_completion &completion) const
{
	if (completion.status != ACCEL_RING_STATUS_SUCCESS)
		fail_completion(name_, completion, 0);
	fail(Exit::difference, name_,
	     "the device reports success with the result {}; the correct result is {}",
	     completion.result, slots_[slot].expected);
}

void BenchWork::wrong(uint32_t slot, uint64_t offset) const
{
	fail(Exit::difference, name_,
	     "the device reports success, but its output is wrong at byte {} (descriptor {} of {})",
	     offset, slot + 1, slots_.size());
}

void BenchWork::compare(uint32_t slot, std::span<const std::byte> output,
			std::span<const std::byte> expected) const
{
	auto [at, other] = std::ranges::mismatch(output, expected);

	if (other != expected.end())
		wrong(slot, static_cast<uint64_t>(at - output.begin()));
}

void BenchWork::corrupt()
{
	for (Slot &slot : slots_)
		memset(slot.out.data(), kCorrupt, slot.out.size());
}

void BenchWork::check(uint32_t) {}

std::unique_ptr<BenchWork> BenchWork::make(BenchMemory &memory, const Execute &execute,
					   accel_soft_op operation, uint64_t size, uint32_t slots)
{
	std::string name = operation_name(operation);

	if (operation != ACCEL_SOFT_OP_NOP)
		name += " of " + size_text(static_cast<double>(size));
	switch (operation) {
	case ACCEL_SOFT_OP_DEFLATE:
	case ACCEL_SOFT_OP_INFLATE:
		return make_bench_compress(memory, execute, name, operation, size, slots);
	case ACCEL_SOFT_OP_MATMUL: return make_bench_matmul(memory, name, size, slots);
	default: return make_bench_transfer(memory, name, operation, size, slots);
	}
}

} // namespace cli
