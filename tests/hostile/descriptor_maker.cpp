// SPDX-License-Identifier: MIT
// Descriptors of soft with random and hostile content.
#include "hostile/descriptor_maker.hpp"

#include <algorithm>
#include <cstring>
#include <iterator>

namespace accel::hostile {

namespace {

constexpr std::uint8_t kUndefinedFlag = 0x80;
constexpr std::uint64_t kMatrixRoom = 4096; // bytes of a matrix of at most 16 rows of 64 elements

bool is_transfer(unsigned op)
{
	return op >= ACCEL_SOFT_OP_COPY && op <= ACCEL_SOFT_OP_COPY_CRC32C;
}

bool is_compress(unsigned op)
{
	return op == ACCEL_SOFT_OP_DEFLATE || op == ACCEL_SOFT_OP_INFLATE;
}

bool writes(unsigned op)
{
	return op == ACCEL_SOFT_OP_COPY || op == ACCEL_SOFT_OP_FILL ||
	       op == ACCEL_SOFT_OP_COPY_CRC32C;
}

} // namespace

DescriptorMaker::DescriptorMaker(Random &random, std::vector<Target> targets, Guarded &batches,
				 bool is_shared)
	: random_(random),
	  targets_(std::move(targets)),
	  batches_(batches),
	  is_shared_(is_shared),
	  batch_iova_(batches.begin())
{}

/// An address at or near a target, or one that cannot be accessed.
std::uint64_t DescriptorMaker::address()
{
	const Target &target = targets_[below(random_, targets_.size())];

	switch (below(random_, 10)) {
	case 0: return any_of(random_, kBadAddresses);
	case 1: return target.address + target.length - below(random_, 70);
	case 2: return target.address - below(random_, 70);
	case 3:
		return one_in(random_, 4) ?
			       random_() :
			       target.address ^ (std::uint64_t{1} << below(random_, 64));
	case 4: return target.address;
	default: return target.address + below(random_, target.length);
	}
}

std::uint64_t DescriptorMaker::length()
{
	constexpr std::uint64_t kLengths[] = {0,
					      1,
					      4095,
					      4096,
					      4097,
					      ACCEL_SOFT_MAX_TRANSFER,
					      ACCEL_SOFT_MAX_TRANSFER + 1,
					      UINT32_MAX,
					      std::uint64_t{1} << 63,
					      UINT64_MAX - 4095,
					      UINT64_MAX};

	if (one_in(random_, 8))
		return any_of(random_, kLengths);
	return below(random_, one_in(random_, 8) ? 9000 : 200);
}

void DescriptorMaker::operands(accel_soft_descriptor &d)
{
	if (is_transfer(d.op)) {
		d.transfer = {.src = address(),
			      .dst = address(),
			      .length = length(),
			      .pattern = random_()};
		if (d.op == ACCEL_SOFT_OP_FILL)
			d.transfer.src = 0;
		else
			d.transfer.pattern = 0;
		if (d.op == ACCEL_SOFT_OP_CRC32C)
			d.transfer.dst = 0;
	} else if (is_compress(d.op)) {
		d.compress = {.src = address(),
			      .dst = address(),
			      .src_length = length(),
			      .dst_length = length(),
			      .stream = 0};
		if (d.op == ACCEL_SOFT_OP_INFLATE && !members_.empty() && one_in(random_, 2)) {
			const Target &member = members_[below(random_, members_.size())];
			d.compress.src = member.address;
			d.compress.src_length =
				member.length - (one_in(random_, 4) ? below(random_, 9) : 0);
		}
		if (d.op == ACCEL_SOFT_OP_INFLATE && one_in(random_, 3))
			d.compress.stream = one_in(random_, 4) ? random_() : stream_;
		if (d.op == ACCEL_SOFT_OP_DEFLATE)
			d.param = static_cast<std::uint16_t>(below(random_, 5));
	} else if (d.op == ACCEL_SOFT_OP_MATMUL) {
		const auto size = [&] {
			return static_cast<std::uint32_t>(one_in(random_, 12) ? random_() :
										below(random_, 17));
		};
		const auto stride = [&](std::uint32_t columns) {
			return one_in(random_, 12) ?
				       static_cast<std::uint32_t>(random_()) :
				       columns + static_cast<std::uint32_t>(below(random_, 48));
		};
		d.param = static_cast<std::uint16_t>(below(random_, 5));
		d.matmul = {.a = address(),
			    .b = address(),
			    .c = address(),
			    .m = size(),
			    .n = size(),
			    .k = size()};
		d.matmul.lda = stride(d.matmul.k);
		d.matmul.ldb = stride(d.matmul.n);
		d.matmul.ldc = stride(d.matmul.n);
	}
}

bool DescriptorMaker::is_allowed(std::uint64_t address, std::uint64_t length, bool write) const
{
	if (!length || !address || length > -address)
		return true; /* empty, a fault, or refused because it wraps */
	return std::ranges::any_of(targets_, [&](const Target &target) {
		return (target.writable || !write) && address >= target.address &&
		       address - target.address <= target.length &&
		       length <= target.length - (address - target.address);
	});
}

/// Whether the descriptor accesses no memory outside of the targets, or must be refused.
bool DescriptorMaker::is_harmless(const accel_soft_descriptor &d) const
{
	if (d.flags & kUndefinedFlag)
		return true;
	if (is_transfer(d.op))
		return d.transfer.length > ACCEL_SOFT_MAX_TRANSFER ||
		       (is_allowed(d.transfer.src, d.transfer.length, false) &&
			is_allowed(d.transfer.dst, d.transfer.length, writes(d.op)));
	if (is_compress(d.op))
		return d.compress.src_length > ACCEL_SOFT_MAX_TRANSFER ||
		       d.compress.dst_length > ACCEL_SOFT_MAX_TRANSFER ||
		       (is_allowed(d.compress.src, d.compress.src_length, false) &&
			is_allowed(d.compress.dst, d.compress.dst_length, true));
	if (d.op == ACCEL_SOFT_OP_MATMUL)
		return std::max({d.matmul.m, d.matmul.n, d.matmul.k}) <= 16 &&
		       std::max({d.matmul.lda, d.matmul.ldb, d.matmul.ldc}) <= 64 &&
		       is_allowed(d.matmul.a, kMatrixRoom, false) &&
		       is_allowed(d.matmul.b, kMatrixRoom, false) &&
		       is_allowed(d.matmul.c, kMatrixRoom, true);
	return d.op != ACCEL_SOFT_OP_BATCH;
}

/// Makes one field invalid, and keeps the others.
void DescriptorMaker::refuse(accel_soft_descriptor &d)
{
	if (is_transfer(d.op) && one_in(random_, 2))
		d.transfer.length = ACCEL_SOFT_MAX_TRANSFER + 1 + random_() % INT32_MAX;
	else
		d.flags |= kUndefinedFlag;
}

void DescriptorMaker::move_to_targets(accel_soft_descriptor &d)
{
	const auto place = [&](std::uint64_t bytes, bool write) {
		const Target *target = &targets_[below(random_, targets_.size())];

		while (write && !target->writable)
			target = &targets_[below(random_, targets_.size())];
		return target->address + below(random_, target->length - bytes + 1);
	};

	if (is_transfer(d.op)) {
		d.transfer.length %= kMatrixRoom;
		if (d.transfer.src)
			d.transfer.src = place(d.transfer.length, false);
		if (d.transfer.dst)
			d.transfer.dst = place(d.transfer.length, writes(d.op));
	} else if (is_compress(d.op)) {
		d.compress.src_length %= kMatrixRoom;
		d.compress.dst_length %= kMatrixRoom;
		d.compress.src = place(d.compress.src_length, false);
		d.compress.dst = place(d.compress.dst_length, true);
	} else if (d.op == ACCEL_SOFT_OP_MATMUL) {
		for (__u32 *size : {&d.matmul.m, &d.matmul.n, &d.matmul.k})
			*size %= 17;
		for (__u32 *stride : {&d.matmul.lda, &d.matmul.ldb, &d.matmul.ldc})
			*stride = 16 + *stride % 49;
		d.matmul.a = place(kMatrixRoom, false);
		d.matmul.b = place(kMatrixRoom, false);
		d.matmul.c = place(kMatrixRoom, true);
	}
}

/// Any descriptor except a batch.
accel_soft_descriptor DescriptorMaker::single()
{
	accel_soft_descriptor d{};

	/* Matrix products and compression take as long as a hundred other operations. */
	d.op = static_cast<std::uint8_t>(below(random_, ACCEL_SOFT_OP_DEFLATE));
	if (one_in(random_, 16))
		d.op = ACCEL_SOFT_OP_INFLATE;
	if (one_in(random_, 128))
		d.op = ACCEL_SOFT_OP_DEFLATE;
	if (one_in(random_, 256))
		d.op = ACCEL_SOFT_OP_MATMUL;
	operands(d);
	if (one_in(random_, 2))
		d.flags = static_cast<std::uint8_t>(random_() & 0xf);
	if (d.op == ACCEL_SOFT_OP_CRC32C || one_in(random_, 40))
		d.seed = static_cast<std::uint32_t>(random_());
	if (one_in(random_, 40))
		d.op = static_cast<std::uint8_t>(ACCEL_SOFT_OP_BATCH + 1 + random_() % 200);
	if (is_shared_ && !is_harmless(d)) {
		if (one_in(random_, 2))
			move_to_targets(d);
		else
			refuse(d);
	}
	/* A bit that the operation may not use. */
	if (one_in(random_, 20) && (!is_shared_ || is_harmless(d))) {
		accel_soft_descriptor changed = d;
		reinterpret_cast<std::uint8_t *>(&changed)[8 + below(random_, 48)] ^=
			static_cast<std::uint8_t>(1U << below(random_, 8));
		if (!is_shared_ || is_harmless(changed))
			d = changed;
	}
	return d;
}

void DescriptorMaker::make_batch(accel_soft_descriptor &d)
{
	const std::uint64_t count = 1 + below(random_, one_in(random_, 8) ? 40 : 6);
	const std::size_t bytes = count * (sizeof(d) + sizeof(accel_ring_record));
	const std::size_t at = (used_ + 63) / 64 * 64;

	d = {.op = ACCEL_SOFT_OP_BATCH, .flags = static_cast<std::uint8_t>(random_() & 0xb)};
	d.batch = {.descriptors = batch_iova_ + at,
		   .records = one_in(random_, 2) ? 0 : batch_iova_ + at + count * sizeof(d),
		   .count = static_cast<std::uint32_t>(count)};
	if (at + bytes > batches_.span().size()) {
		d.batch.count = 0; /* no memory left */
		return;
	}
	used_ = at + bytes;
	elements_ += count;
	auto *element = reinterpret_cast<accel_soft_descriptor *>(batches_.span().data() + at);
	for (std::uint64_t i = 0; i < count; i++)
		element[i] = single();
	if (one_in(random_, 8)) {
		accel_soft_descriptor inner = d; /* a batch in a batch is refused */
		element[below(random_, count)] = inner;
	}
	/* Addresses and counts that are refused. In a mapped space any may be used. */
	switch (below(random_, is_shared_ ? 12 : 6)) {
	case 0: d.batch.count = one_in(random_, 2) ? 0 : ACCEL_SOFT_MAX_BATCH + 1; break;
	case 1: d.batch.descriptors += 8; break;
	case 2: d.batch.records += 1 + below(random_, 7); break;
	case 3:
		d.batch.descriptors = UINT64_MAX - 63;
		d.batch.count = 2; /* the array wraps around */
		break;
	default:
		if (is_shared_ || !one_in(random_, 4))
			return;
		d.batch.count = static_cast<std::uint32_t>(1 + below(random_, 1024));
		d.batch.descriptors = address() / 64 * 64;
		d.batch.records = address() / 8 * 8;
	}
}

accel_soft_descriptor DescriptorMaker::next()
{
	accel_soft_descriptor d;

	if (one_in(random_, 32))
		make_batch(d);
	else
		d = single();
	return d;
}

} // namespace accel::hostile
