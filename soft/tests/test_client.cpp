// SPDX-License-Identifier: MIT
// Common code of the tests of soft/.
#include "soft/tests/test_client.hpp"

#include <sys/mman.h>

namespace accel::core::softdev::test {

uint64_t soon(uint64_t ms)
{
	return sys::now_ns() + ms * 1000000;
}

Client::Client(unsigned index)
{
	EXPECT_EQ(entry().open(index, &file_), 0);
}

uint64_t Client::space(uint32_t mode)
{
	AddressSpaceCreate create;

	good(create.mode(mode));
	return create.handle();
}

uint64_t Client::map(uint64_t space, const void *address, uint64_t length, uint64_t access)
{
	AddressSpaceMap map;

	good(map.handle(space).address(address_of(address)).length(length).access(access));
	return map.iova();
}

uint64_t Client::map_at(uint64_t space, uint64_t iova, const void *address, uint64_t length,
			uint64_t access)
{
	AddressSpaceMap map;

	good(map.handle(space)
		     .address(address_of(address))
		     .length(length)
		     .access(access)
		     .fixed_iova(iova));
	return map.iova();
}

int Client::unmap(uint64_t space, uint64_t iova, uint64_t length)
{
	AddressSpaceUnmap unmap;

	return send(unmap.handle(space).iova(iova).length(length));
}

uint64_t Client::stream()
{
	StreamCreate create;

	good(create);
	return create.handle();
}

uint64_t Client::event(int fd)
{
	EventCreate create;

	good(create.fd(fd));
	return create.handle();
}

int Client::destroy_space(uint64_t space)
{
	AddressSpaceDestroy destroy;

	return send(destroy.handle(space));
}

int Client::destroy_queue(uint64_t queue)
{
	QueueDestroy destroy;

	return send(destroy.handle(queue));
}

int Client::destroy_buffer(uint64_t buffer)
{
	BufferDestroy destroy;

	return send(destroy.handle(buffer));
}

int Client::destroy_stream(uint64_t stream)
{
	StreamDestroy destroy;

	return send(destroy.handle(stream));
}

std::vector<std::byte> Client::command(uint32_t opcode, uint32_t argument, uint64_t value,
				       uint32_t *status)
{
	accel_soft_command_request request{
		.opcode = opcode, .argument = argument, .value = value, .reserved = {}};
	std::vector<std::byte> room(4096);
	accel_soft_command_response head{};
	CommandCreate create;
	CommandExecute execute;
	CommandDestroy destroy;

	good(create.scope(ACCEL_SCOPE_DEBUG_FULL));
	good(execute.handle(create.handle())
		     .request(std::as_bytes(std::span(&request, 1)))
		     .want_response(room));
	good(destroy.handle(create.handle()));
	auto answer = execute.response().value_or(std::span<const std::byte>());
	if (answer.size() < sizeof(head)) {
		ADD_FAILURE() << "no answer";
		return {};
	}
	memcpy(&head, answer.data(), sizeof(head));
	EXPECT_EQ(head.length, answer.size() - sizeof(head));
	if (status)
		*status = head.status;
	else
		EXPECT_EQ(head.status, ACCEL_SOFT_COMMAND_STATUS_SUCCESS);
	return {answer.begin() + sizeof(head), answer.end()};
}

accel_soft_health Client::health()
{
	accel_soft_health health{};
	auto page = command(ACCEL_SOFT_OPCODE_GET_LOG, ACCEL_SOFT_LOG_PAGE_HEALTH);

	EXPECT_EQ(page.size(), sizeof(health));
	memcpy(&health, page.data(), std::min(page.size(), sizeof(health)));
	return health;
}

void Client::set_workers(uint32_t workers)
{
	command(ACCEL_SOFT_OPCODE_SET_FEATURE, ACCEL_SOFT_FEATURE_WORKERS, workers);
}

void Client::set_spin_ns(uint64_t ns)
{
	command(ACCEL_SOFT_OPCODE_SET_FEATURE, ACCEL_SOFT_FEATURE_SPIN_NS, ns);
}

void Client::inject(unsigned op, uint64_t count)
{
	command(ACCEL_SOFT_OPCODE_INJECT_FAULT, op, count);
}

TestQueue::TestQueue(Client &client, uint64_t space, const QueueOptions &options) : client_(client)
{
	QueueCreate create;

	create.address_space(space).entries(options.entries).flags(options.flags);
	if (options.event)
		create.event(options.event);
	if (options.parallel)
		create.parallel(options.parallel);
	if (options.inline_limit)
		create.inline_limit(*options.inline_limit);
	client.good(create);
	handle_ = create.handle();
	bytes_ = create.layout().size;
	EXPECT_EQ(client.entry().map(client.file(), create.map_offset(), bytes_, &memory_), 0);
	accel_soft_inline_path inline_path{};
	client.entry().inline_path(memory_, &inline_path);
	auto ring = ring::UserRing::attach(
		{.memory = memory_, .size = bytes_, .layout = create.layout()},
		{.submit = inline_path.submit,
		 .submit_context = inline_path.context,
		 .doorbell = doorbell,
		 .context = this});
	if (ring)
		ring_.emplace(std::move(*ring));
	else
		ADD_FAILURE() << ring.error().text;
}

TestQueue::~TestQueue()
{
	if (handle_ && client_.file()) {
		EXPECT_EQ(client_.destroy_queue(handle_), 0);
	}
	EXPECT_EQ(client_.entry().unmap(nullptr, memory_, bytes_), 0);
}

void TestQueue::doorbell(void *queue)
{
	auto *self = static_cast<TestQueue *>(queue);
	QueueKick kick;

	self->client_.good(kick.handle(self->handle_));
}

uint64_t TestQueue::post(const Descriptor &descriptor)
{
	uint64_t at = 0;

	EXPECT_TRUE(accel_ring_reserve(ring(), 1, &at)) << "the ring is full";
	memcpy(accel_ring_entry(ring(), at), &descriptor, offsetof(Descriptor, ring));
	accel_ring_publish(ring(), at, 1);
	return at;
}

void TestQueue::post_all(std::span<const Descriptor> descriptors)
{
	const auto count = static_cast<uint32_t>(descriptors.size());
	uint64_t at = 0;

	ASSERT_TRUE(accel_ring_reserve(ring(), count, &at)) << "the ring is full";
	for (uint32_t i = 0; i < count; i++)
		memcpy(accel_ring_entry(ring(), at + i), &descriptors[i],
		       offsetof(Descriptor, ring));
	accel_ring_publish(ring(), at, count);
}

accel_completion TestQueue::take()
{
	accel_completion done{};

	EXPECT_EQ(ring::wait(ring(), soon()), 0);
	EXPECT_EQ(accel_ring_poll(ring(), &done, 1), 1u);
	return done;
}

std::vector<accel_completion> TestQueue::take(size_t count)
{
	std::vector<accel_completion> all;

	while (all.size() < count && !::testing::Test::HasFailure())
		all.push_back(take());
	all.resize(count);
	return all;
}

uint32_t TestQueue::state()
{
	QueueQuery query;

	client_.good(query.handle(handle_).want_state());
	return query.state().value_or(0);
}

accel_soft_health TestQueue::counters()
{
	QueueQuery query;
	accel_soft_health all{};

	client_.good(query.handle(handle_)
			     .want_submitted()
			     .want_completed()
			     .want_faults()
			     .want_kicks()
			     .want_wakes());
	all.submitted = query.submitted().value_or(0);
	all.completed = query.completed().value_or(0);
	all.faults = query.faults().value_or(0);
	all.queues = static_cast<uint32_t>(query.kicks().value_or(0));
	all.wakes = static_cast<uint32_t>(query.wakes().value_or(0));
	return all;
}

std::vector<uint8_t> noise(size_t bytes, uint32_t from)
{
	std::minstd_rand random(from);
	std::vector<uint8_t> data(bytes);

	for (auto &byte : data)
		byte = static_cast<uint8_t>(random() >> 8);
	return data;
}

LongWork::LongWork() : zeros_(1 << 20), room_(kElements + 1)
{
	/* The memory of a vector may lack the alignment that a batch requires. */
	uint64_t start = (address_of(room_.data()) + 63) / 64 * 64;

	elements_ = {reinterpret_cast<Descriptor *>(start), kElements};
	move_to(address_of(zeros_.data()), start);
}

void LongWork::move_to(uint64_t zeros_iova, uint64_t elements_iova)
{
	for (Descriptor &d : elements_)
		d = crc32c(zeros_iova, zeros_.size());
	batch_ = batch(elements_.data(), kElements);
	batch_.batch.descriptors = elements_iova;
}

Forbidden::Forbidden(std::span<const uint8_t> memory)
{
	const uint64_t begin = address_of(memory.data());
	const uint64_t first = (begin + kPageBytes - 1) / kPageBytes * kPageBytes;

	begin_ = reinterpret_cast<void *>(first);
	bytes_ = (begin + memory.size()) / kPageBytes * kPageBytes - first;
	EXPECT_EQ(mprotect(begin_, bytes_, PROT_NONE), 0);
}

Forbidden::~Forbidden()
{
	EXPECT_EQ(mprotect(begin_, bytes_, PROT_READ | PROT_WRITE), 0);
}

} // namespace accel::core::softdev::test
