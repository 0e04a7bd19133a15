// SPDX-License-Identifier: MIT
// Submits hostile descriptors to soft0 in shared and mapped address spaces, executed by the publishing thread, one
// worker and two workers. The process must survive, every descriptor must complete once and in order with a status of
// the specification, and memory that the queue may not write must not change.
//
// In a shared space an address is used like the argument of memcpy(), so addresses that cannot be accessed appear only
// in descriptors that must be refused; Descriptors.ABadAddressRaisesASignal has the others.
//
// ACCEL_DESCRIPTORS sets the number of descriptors, ACCEL_SEED repeats a run except for the scheduling of threads.
#include "hostile/descriptor_maker.hpp"
#include "support/seed.hpp"

#include <accel/accel.hpp>
#include <accel/soft.hpp>
#include <gtest/gtest.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <csetjmp>
#include <csignal>
#include <cstring>
#include <map>
#include <string>

#ifdef __SANITIZE_ADDRESS__
/*
 * The content of an output that overlaps its input is undefined; ISA-L then calls memcpy() with ranges that overlap.
 * AddressSanitizer's library finds this function only if it is visible.
 */
extern "C" [[gnu::visibility("default")]] const char *__asan_default_suppressions();
extern "C" const char *__asan_default_suppressions()
{
	return "interceptor_via_lib:libisal.so\n";
}
#endif

namespace accel::hostile {
namespace {

constexpr std::size_t kArea = 8 * kPage;
constexpr std::uint32_t kEntries = 64;
constexpr std::uint64_t kPerQueue = 5000; // descriptors until a new space and queue are created
constexpr std::uint32_t kInline = 4096;

struct Way {
	const char *name;
	bool is_shared;
	std::uint32_t parallel, inline_limit;
};

constexpr Way kWays[] = {
	{"SharedInline", true, 1, kInline},
	{"SharedWorker", true, 1, ACCEL_SOFT_INLINE_NEVER},
	{"SharedTwoWorkers", true, 2, ACCEL_SOFT_INLINE_NEVER},
	{"MappedWorker", false, 1, ACCEL_SOFT_INLINE_NEVER},
	{"MappedTwoWorkers", false, 2, ACCEL_SOFT_INLINE_NEVER},
};

/// The memory of a queue: an area that it may write, one that it may only read, and one for batches.
struct Memory {
	explicit Memory(Random &random)
	{
		for (std::byte &byte : read_only.span())
			byte = static_cast<std::byte>(random() % 8);
		for (std::size_t at = 0; at + kPage <= kArea; at += kPage)
			add_member(at, random);
		std::ranges::copy(read_only.span(), before.begin());
	}

	/// A gzip member of the first bytes of the area.
	void add_member(std::size_t at, Random &random)
	{
		z_stream stream{};
		Bytef out[kPage];

		EXPECT_EQ(deflateInit2(&stream, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY), Z_OK);
		stream.next_in = reinterpret_cast<Bytef *>(read_only.span().data());
		stream.avail_in = static_cast<uInt>(below(random, 3000));
		stream.next_out = out;
		stream.avail_out = kPage;
		EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
		std::memcpy(read_only.span().data() + at, out, stream.total_out);
		members.push_back({at, stream.total_out, false});
		deflateEnd(&stream);
	}

	/// @is_shared: the queue may write to all of read_write, and not only to what is mapped.
	bool is_unchanged(bool is_shared) const
	{
		const auto gap = read_write.span().subspan(kArea / 2, is_shared ? 0 : kPage);

		return std::ranges::equal(read_only.span(), before) &&
		       std::ranges::count(gap, std::byte{}) == std::ssize(gap);
	}

	Guarded read_write{kArea}, read_only{kArea}, batches{4 * kArea};
	std::array<std::byte, kArea> before{};
	std::vector<Target> members; // offsets in read_only
};

class Descriptors : public testing::TestWithParam<Way> {
protected:
	/// One space and one queue, which execute @count descriptors.
	void live(std::uint64_t count);
	DescriptorMaker make_maker(Memory &memory, const accel::AddressSpace &space);
	void post(const accel::Queue &queue, DescriptorMaker &maker);
	void drain(const accel::Queue &queue);

	Random random_{support::seed()};
	accel::Device device_ = accel::Device::open("soft0").value();
	std::vector<accel::Mapping> mappings_;
	std::map<std::string, std::uint64_t> statuses_;
	std::uint64_t posted_ = 0, completed_ = 0, elements_ = 0;
};

INSTANTIATE_TEST_SUITE_P(Ways, Descriptors, testing::ValuesIn(kWays),
			 [](const auto &way) { return std::string(way.param.name); });

/// In a mapped space the writable area has two adjacent mappings in reverse order, between unmapped pages.
DescriptorMaker Descriptors::make_maker(Memory &memory, const accel::AddressSpace &space)
{
	const std::span<std::byte> area = memory.read_write.span();
	std::vector<Target> members = memory.members;
	const auto map = [&](std::span<std::byte> bytes, std::uint64_t access, std::uint64_t iova) {
		mappings_.push_back(space.map(bytes, access, iova).value());
		return mappings_.back().iova();
	};
	constexpr std::uint64_t kBoth = ACCEL_ACCESS_READ | ACCEL_ACCESS_WRITE;
	constexpr std::uint64_t kHalf = kArea / 2, kIova = 1 << 20;
	std::uint64_t read_only = memory.read_only.begin();

	if (GetParam().is_shared) {
		DescriptorMaker maker(
			random_,
			{{memory.read_write.begin(), kArea, true}, {read_only, kArea, false}},
			memory.batches, true);
		for (Target &member : members)
			member.address += read_only;
		maker.set_members(members);
		return maker;
	}
	map(area.subspan(kHalf + kPage), kBoth, kIova);
	map(area.first(kHalf), kBoth, kIova + kHalf - kPage);
	read_only = map(memory.read_only.span(), ACCEL_ACCESS_READ, 0);
	const std::uint64_t batches = map(memory.batches.span(), kBoth, 0);
	DescriptorMaker maker(random_,
			      {{kIova, kArea - kPage, true},
			       {read_only, kArea, false},
			       {batches, memory.batches.span().size(), true}},
			      memory.batches, false);
	for (Target &member : members)
		member.address += read_only;
	maker.set_members(members);
	maker.set_batch_iova(batches);
	return maker;
}

/// Publishes one descriptor, which may be executed inline, or several at once.
void Descriptors::post(const accel::Queue &queue, DescriptorMaker &maker)
{
	const auto count =
		static_cast<std::uint32_t>(one_in(random_, 2) ? 1 : 1 + below(random_, 16));
	std::uint64_t at = 0;

	if (!accel_ring_reserve(queue.ring(), count, &at))
		return;
	for (std::uint32_t i = 0; i < count; i++) {
		const accel_soft_descriptor d = maker.next();
		std::memcpy(accel_ring_entry(queue.ring(), at + i), &d, queue.ring()->entry_bytes);
	}
	accel_ring_publish(queue.ring(), at, count);
	posted_ += count;
}

void Descriptors::drain(const accel::Queue &queue)
{
	const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(120);
	std::array<accel_completion, kEntries> done;

	while (completed_ < posted_) {
		const std::uint32_t count = queue.poll(done);
		if (!count) {
			ASSERT_TRUE(queue.wait(deadline)) << posted_ - completed_ << " are missing";
			continue;
		}
		for (std::uint32_t i = 0; i < count; i++) {
			ASSERT_EQ(done[i].sequence, completed_++);
			statuses_[accel_status_name(done[i].status)]++;
		}
	}
}

void Descriptors::live(std::uint64_t count)
{
	Memory memory(random_);
	/* A stopped queue executes nothing, so most do not stop. */
	constexpr std::uint64_t kFlags[] = {0,
					    0,
					    ACCEL_QUEUE_FLAGS_STATUS_PHASE,
					    0,
					    0,
					    ACCEL_QUEUE_FLAGS_STATUS_PHASE,
					    ACCEL_QUEUE_FLAGS_STOP_ON_FAULT,
					    ACCEL_QUEUE_FLAGS_MULTI_PRODUCER};
	const bool is_shared = GetParam().is_shared;
	const accel_soft_queue_options options{GetParam().parallel, GetParam().inline_limit};
	auto space = accel::AddressSpace::create(device_, is_shared ? accel::AddressMode::shared :
								      accel::AddressMode::mapped)
			     .value();
	auto queue = accel::Queue::create(space, {.entries = kEntries,
						  .flags = any_of(random_, kFlags),
						  .driver = accel::soft::bytes_of(options)})
			     .value();
	auto stream = accel::soft::Stream::create(device_).value();
	DescriptorMaker maker = make_maker(memory, space);

	maker.set_stream(stream.handle());
	posted_ = completed_ = 0;
	while (posted_ < count && !HasFatalFailure()) {
		for (auto posts = 1 + below(random_, 12); posts > 0; posts--)
			post(queue, maker);
		/* Changes arrays of batches while workers read them. */
		for (auto writes = is_shared ? 0 : below(random_, 4); writes > 0; writes--)
			memory.batches.span()[below(random_, 2 * kPage)] =
				static_cast<std::byte>(random_());
		drain(queue);
		ASSERT_TRUE(memory.is_unchanged(is_shared))
			<< "memory that is not writable changed";
		maker.reuse_batches();
		(void)queue.resume();
		if (one_in(random_, 8))
			(void)stream.reset();
	}
	elements_ += maker.elements();
	queue.destroy().value();
	mappings_.clear();
}

TEST_P(Descriptors, HostileOnesCompleteAndAreHarmless)
{
	const std::uint64_t count =
		from_environment("ACCEL_DESCRIPTORS", 200'000) / std::size(kWays);
	std::uint64_t done = 0;

	for (; done < count && !HasFailure(); done += posted_)
		live(std::min(kPerQueue, count - done));
	printf("%llu descriptors, and %llu in batches\n", static_cast<unsigned long long>(done),
	       static_cast<unsigned long long>(elements_));
	for (const auto &[status, times] : statuses_)
		printf("%10llu %s\n", static_cast<unsigned long long>(times), status.c_str());
	EXPECT_EQ(statuses_["unknown"], 0u);
	EXPECT_GT(statuses_["success"], count / 20);
	EXPECT_GT(statuses_["bad-field"], count / 100);
}

sigjmp_buf out_of_handler;

bool raises_signal(const accel::Queue &queue, const accel_soft_descriptor &descriptor)
{
	if (sigsetjmp(out_of_handler, 1))
		return true;
	(void)queue.submit(descriptor);
	return false;
}

/// Inline execution in a shared space accesses the memory in the publishing thread, which may leave it by a jump.
TEST(Descriptors, ABadAddressRaisesASignal)
{
	const std::uint64_t count = from_environment("ACCEL_DESCRIPTORS", 200'000) / 1000;
	Random random(support::seed());
	const accel_soft_queue_options options{1, kInline};
	auto device = accel::Device::open("soft0").value();
	auto space = accel::AddressSpace::create(device, accel::AddressMode::shared).value();
	Guarded memory(kPage);
	struct sigaction jump{}, segv, bus;

	jump.sa_handler = [](int) { siglongjmp(out_of_handler, 1); };
	ASSERT_EQ(sigaction(SIGSEGV, &jump, &segv), 0);
	ASSERT_EQ(sigaction(SIGBUS, &jump, &bus), 0);
	for (std::uint64_t i = 0; i < count; i++) {
		auto queue = accel::Queue::create(space, {.entries = 8,
							  .driver = accel::soft::bytes_of(options)})
				     .value();
		auto *bad = reinterpret_cast<void *>(
			kBadAddresses[1 + below(random, std::size(kBadAddresses) - 2)]);

		EXPECT_TRUE(raises_signal(
			queue, one_in(random, 2) ?
				       accel::soft::fill({bad, 64}, 1) :
				       accel::soft::copy({memory.span().data(), 64}, {bad, 64})))
			<< bad;
		ASSERT_TRUE(queue.destroy());
	}
	sigaction(SIGSEGV, &segv, nullptr);
	sigaction(SIGBUS, &bus, nullptr);
	printf("%llu signals\n", static_cast<unsigned long long>(count));
}

} // namespace
} // namespace accel::hostile
