// SPDX-License-Identifier: MIT
// A hostile client of the soft accelerator sends any messages, any descriptors in mapped address spaces and any words
// in the ring to the real server with two workers (one worker would never serve a queue in parallel). Afterwards the
// server must still serve an honest client.
//
// The hostile client does not use addresses of the fuzzer's own memory. Like a C function, the server trusts the
// addresses inside a message, and in a shared space also those in descriptors. Therefore messages point to memory that
// is allocated for them, only the arena is mapped for the device, and the hostile client has no shared spaces (so no
// inline execution).
//
// This file is longer than others because the client, its queues and the honest client share the input, the arena and
// the list of handles.
#include "ring/user_ring.hpp"
#include "soft/entry.h"
#include "sys/sys.hpp"
#include "window.hpp"

#include <accel/uabi/soft_client.hpp>
#include <algorithm>
#include <cstdlib>
#include <list>
#include <sys/mman.h>
#include <unistd.h>
#include <vector>

namespace {

using namespace accel::core;
using namespace accel::core::uabi::soft;
using accel::core::fuzz::check;
using uabi::AnyMessage;
using uabi::Need;

constexpr size_t kArena = 65536;
constexpr uint64_t kSecond = 1000000000;

/// Reads values from the input; returns zeros after its end.
class Input {
public:
	Input(const uint8_t *data, size_t size) : data_(data), left_(size) {}

	bool empty() const { return !left_; }
	void bytes(void *to, size_t n)
	{
		const size_t some = std::min(n, left_);

		if (!n)
			return;
		memset(to, 0, n);
		if (some)
			memcpy(to, data_, some);
		data_ += some;
		left_ -= some;
	}
	template <class T>
	T take()
	{
		T value;

		bytes(&value, sizeof(value));
		return value;
	}
	size_t below(size_t n) { return n ? take<uint16_t>() % n : 0; }

private:
	const uint8_t *data_;
	size_t left_;
};

/// Allocates the arena between two inaccessible pages.
std::byte *make_arena()
{
	void *memory = nullptr;

	check(sys::mmap(&memory, nullptr, kArena + 8192, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
			0) == 0);
	auto *arena = static_cast<std::byte *>(memory) + 4096;
	check(mprotect(arena, kArena, PROT_READ | PROT_WRITE) == 0);
	return arena;
}

std::byte *const arena = make_arena();

class Queue;

class Client {
public:
	Client() { check(accel_soft_entry()->open(0, &file_) == 0); }
	~Client();

	accel_soft_file *file() const { return file_; }
	uabi::Transport transport()
	{
		return {[](void *file, accel_call *message) {
				return accel_soft_entry()->call(
					static_cast<accel_soft_file *>(file), message);
			},
			file_};
	}

	/// Creates a space and a queue, so that the first bytes of an input have an effect.
	void begin()
	{
		Input nothing(nullptr, 0);

		make_space();
		map_arena(nothing);
		make_queue(nothing);
	}
	void step(Input &input);

private:
	void any_message(Input &input);
	void add_attribute(Input &input, AnyMessage &message, uint16_t id);
	bool tamed(Input &input, AnyMessage &message, uint16_t id);
	void make_space();
	void map_arena(Input &input);
	void unmap(Input &input);
	void make_buffer(Input &input);
	void command(Input &input);
	void make_queue(Input &input);
	void make_stream();
	void post(Input &input);
	void wait(Input &input);
	uint64_t handle(Input &input);
	uint64_t address(Input &input);

	accel_soft_file *file_ = nullptr;
	std::vector<uint64_t> handles_;
	std::vector<uint64_t> spaces_;
	struct Mapped {
		uint64_t space, iova, length;
	};
	std::vector<Mapped> mapped_;
	std::vector<uint64_t> buffers_;
	std::list<Queue> queues_;
	std::list<std::vector<std::byte>> memory_; // memory of the current message
	int exported_ = -1;
};

/// A queue of the client, with its ring mapped.
class Queue {
public:
	Queue(Client &client, const QueueCreate &created)
		: client_(client), handle_(created.handle()), bytes_(created.layout().size)
	{
		check(accel_soft_entry()->map(client.file(), created.map_offset(), bytes_,
					      &memory_) == 0);
		auto ring = ring::UserRing::attach(
			{.memory = memory_, .size = bytes_, .layout = created.layout()},
			{.doorbell = kick, .context = this});
		check(ring.has_value());
		ring_.emplace(std::move(*ring));
	}
	~Queue() { check(accel_soft_entry()->unmap(nullptr, memory_, bytes_) == 0); }

	accel_ring *ring() { return ring_->get(); }
	/// Stores any word anywhere in the ring.
	void corrupt(Input &input)
	{
		size_t at = input.take<uint32_t>() % bytes_ / 8 * 8;

		__atomic_store_n(
			reinterpret_cast<uint64_t *>(static_cast<std::byte *>(memory_) + at),
			input.take<uint64_t>(), __ATOMIC_RELAXED);
		kick(this);
	}
	static void kick(void *queue)
	{
		auto *self = static_cast<Queue *>(queue);
		QueueKick message;

		message.handle(self->handle_);
		message.deliver(self->client_.transport());
	}

private:
	Client &client_;
	uint64_t handle_;
	uint64_t bytes_;
	void *memory_ = nullptr;
	std::optional<ring::UserRing> ring_;
};

Client::~Client()
{
	/* Closes with work in flight and rings still mapped. */
	accel_soft_entry()->close(file_);
	if (exported_ >= 0)
		close(exported_);
}

uint64_t Client::handle(Input &input)
{
	return handles_.empty() || input.below(8) == 0 ? input.take<uint64_t>() :
							 handles_[input.below(handles_.size())];
}

uint64_t Client::address(Input &input)
{
	Mapped in{0, 0x1000, 1};

	if (!mapped_.empty())
		in = mapped_[input.below(mapped_.size())];
	switch (input.below(8)) {
	case 0: return 0;
	case 1: return input.take<uint64_t>();
	case 2: return in.iova + in.length - input.below(64);
	default: return in.iova + input.below(in.length);
	}
}

/// Adds a harmless value for an attribute that selects memory of the process. Returns whether it did.
bool Client::tamed(Input &input, AnyMessage &message, uint16_t id)
{
	const accel_call &call = message.header();
	auto is = [&](uint16_t object, uint16_t method, uint16_t attribute) {
		return call.object == object && call.method == method && id == attribute;
	};

	if (is(ACCEL_OBJECT_ADDRESS_SPACE, ACCEL_ADDRESS_SPACE_CREATE,
	       ACCEL_ADDRESS_SPACE_CREATE_MODE))
		return message.add_value(id, Need::optional, ACCEL_ADDRESS_MODE_MAPPED, 4);
	if (is(ACCEL_OBJECT_ADDRESS_SPACE, ACCEL_ADDRESS_SPACE_MAP,
	       ACCEL_ADDRESS_SPACE_MAP_ADDRESS) ||
	    is(ACCEL_OBJECT_BUFFER, ACCEL_BUFFER_REGISTER, ACCEL_BUFFER_REGISTER_ADDRESS))
		return message.add_value(
			id, Need::optional,
			reinterpret_cast<uintptr_t>(arena) + input.take<uint16_t>(), 8);
	if (is(ACCEL_OBJECT_BUFFER, ACCEL_BUFFER_CREATE, ACCEL_BUFFER_CREATE_SIZE))
		return message.add_value(id, Need::optional, input.take<uint16_t>(), 8);
	return false;
}

void Client::add_attribute(Input &input, AnyMessage &message, uint16_t id)
{
	const Need need = input.below(2) ? Need::mandatory : Need::optional;
	constexpr uint32_t kLengths[] = {4, 8, 0, 1, 9, 0xffffffff};

	if (tamed(input, message, id))
		return;
	switch (input.below(5)) {
	case 0:
		message.add_value(id, need, input.take<uint64_t>(),
				  kLengths[input.below(std::size(kLengths))]);
		break;
	case 1: message.add_value(id, need, handle(input), 8); break;
	case 2: {
		auto &memory = memory_.emplace_back(input.below(300));
		input.bytes(memory.data(), memory.size());
		message.add_memory(id, need, memory.data(), memory.size());
		break;
	}
	case 3: {
		auto &memory = memory_.emplace_back(4096);
		message.add_memory(id, need, memory.data(), memory.size());
		break;
	}
	case 4: message.add_value(id, need, static_cast<uint32_t>(exported_), 4); break;
	}
}

void Client::any_message(Input &input)
{
	const uint16_t object = input.below(8) == 7 ? ACCEL_SOFT_OBJECT_STREAM :
						      static_cast<uint16_t>(input.below(8));
	AnyMessage message(object, static_cast<uint16_t>(input.below(7)));
	uint16_t id = 1;

	for (size_t n = input.below(10); n; n--, id++) {
		if (input.below(6) == 0)
			id = static_cast<uint16_t>(input.below(2) ? ACCEL_DRIVER_NAMESPACE + 1 :
								    input.below(12));
		add_attribute(input, message, id);
	}
	const int r = message.deliver(transport());
	check(r <= 0);
	check(r == 0 || message.error().code == r);
	memory_.clear();
	if (r)
		return;
	const bool made_file =
		object == ACCEL_OBJECT_BUFFER && message.header().method == ACCEL_BUFFER_EXPORT;
	for (const accel_attribute &attribute : message.attributes()) {
		if (!(attribute.flags & ACCEL_ATTRIBUTE_FLAGS_WRITTEN) || attribute.length != 8) {
			if (made_file && attribute.id == ACCEL_BUFFER_EXPORT_FD) {
				if (exported_ >= 0)
					close(exported_);
				exported_ = static_cast<int>(attribute.value);
			}
			continue;
		}
		handles_.push_back(attribute.value);
	}
}

void Client::make_space()
{
	AddressSpaceCreate create;

	create.mode(ACCEL_ADDRESS_MODE_MAPPED);
	if (create.deliver(transport()))
		return;
	spaces_.push_back(create.handle());
	handles_.push_back(create.handle());
}

void Client::map_arena(Input &input)
{
	AddressSpaceMap map;
	const uint64_t offset = input.take<uint16_t>(), length = input.below(8192) + 1u;
	accel_buffer_range range{};

	if (spaces_.empty() || mapped_.size() > 8)
		return;
	uint64_t space = spaces_[input.below(spaces_.size())];
	/* Often adjacent to the previous mapping, so that ranges cross the border of mappings. */
	if (!mapped_.empty() && input.below(4)) {
		space = mapped_.back().space;
		map.fixed_iova(mapped_.back().iova + mapped_.back().length);
	}
	map.handle(space).access(input.below(8) ? 3 : input.below(3) + 1);
	if (buffers_.empty() || input.below(2)) {
		map.address(reinterpret_cast<uintptr_t>(arena) + offset).length(length);
	} else {
		range = {.memory = buffers_[input.below(buffers_.size())],
			 .offset = offset,
			 .length = length};
		map.range(range);
	}
	if (!map.deliver(transport()))
		mapped_.push_back({space, map.iova(), length});
}

void Client::unmap(Input &input)
{
	AddressSpaceUnmap unmap;

	if (mapped_.empty())
		return;
	const Mapped &last = mapped_.back();
	unmap.handle(last.space).iova(last.iova).length(last.length + (input.below(8) == 0));
	unmap.deliver(transport());
	mapped_.pop_back();
}

void Client::make_buffer(Input &input)
{
	if (buffers_.size() > 4)
		return;
	if (input.below(2)) {
		BufferCreate create;
		create.size(input.take<uint16_t>());
		if (!create.deliver(transport()))
			buffers_.push_back(create.handle());
	} else {
		BufferRegister create;
		create.address(reinterpret_cast<uintptr_t>(arena) + input.take<uint16_t>())
			.length(input.take<uint16_t>())
			.access(input.below(4));
		if (!create.deliver(transport()))
			buffers_.push_back(create.handle());
	}
	if (!buffers_.empty())
		handles_.push_back(buffers_.back());
}

/// Executes one command in a channel of any scope.
void Client::command(Input &input)
{
	CommandCreate create;
	CommandExecute execute;
	accel_soft_command_request request{};
	std::vector<std::byte> room(input.below(2300));

	create.scope(static_cast<uint32_t>(input.below(5)));
	if (create.deliver(transport()))
		return;
	handles_.push_back(create.handle());
	request.opcode = static_cast<uint32_t>(input.below(8));
	request.argument = static_cast<uint32_t>(input.below(11));
	request.value = input.take<uint16_t>() % 100;
	/* The self-test takes as long as a thousand other steps. */
	if (request.opcode == ACCEL_SOFT_OPCODE_SELF_TEST && input.below(16))
		return;
	execute.handle(create.handle()).request(std::as_bytes(std::span(&request, 1)));
	if (input.below(4))
		execute.want_response(room);
	execute.deliver(transport());
}

void Client::make_queue(Input &input)
{
	QueueCreate create;

	if (spaces_.empty() || queues_.size() > 4)
		return;
	create.address_space(spaces_[input.below(spaces_.size())])
		.entries(2u << input.below(7))
		.flags(input.below(8))
		.parallel(static_cast<uint32_t>(input.below(3) + 1));
	if (create.deliver(transport()))
		return;
	queues_.emplace_back(*this, create);
	handles_.push_back(create.handle());
}

void Client::make_stream()
{
	StreamCreate create;

	if (!create.deliver(transport()))
		handles_.push_back(create.handle());
}

/// Writes a descriptor of any bytes into a ring, or into the arena, where a batch may find it.
void Client::post(Input &input)
{
	accel_soft_descriptor d{};
	uint64_t at;

	input.bytes(&d, 1 + input.below(sizeof(d)));
	d.op %= ACCEL_SOFT_OP_BATCH + 2;
	if (input.below(8))
		d.flags &= 0xf;
	if (input.below(8)) {
		d.transfer.src = address(input);
		d.transfer.dst = address(input);
		if (d.op < ACCEL_SOFT_OP_MATMUL)
			d.transfer.length = input.take<uint16_t>();
	}
	switch (d.op) {
	case ACCEL_SOFT_OP_INFLATE:
		if (input.below(2))
			d.compress.stream = handle(input);
		[[fallthrough]];
	case ACCEL_SOFT_OP_DEFLATE:
		d.param %= 5;
		d.compress.dst_length = input.take<uint16_t>();
		break;
	case ACCEL_SOFT_OP_MATMUL:
		d.param %= 5;
		d.matmul.c = address(input);
		for (__u32 *size : {&d.matmul.m, &d.matmul.n, &d.matmul.k})
			*size = input.take<uint8_t>();
		for (__u32 *stride : {&d.matmul.lda, &d.matmul.ldb, &d.matmul.ldc})
			*stride = input.take<uint16_t>();
		break;
	case ACCEL_SOFT_OP_BATCH:
		d.batch.descriptors = d.batch.descriptors / 64 * 64;
		d.batch.records = d.batch.records / 8 * 8;
		d.batch.count = input.take<uint8_t>();
		break;
	default: break;
	}
	if (input.below(3) == 0 || queues_.empty()) {
		memcpy(arena + input.below(kArena / sizeof(d)) * sizeof(d), &d, sizeof(d));
		return;
	}
	Queue &queue =
		*std::next(queues_.begin(), static_cast<ptrdiff_t>(input.below(queues_.size())));
	if (!accel_ring_reserve(queue.ring(), 1, &at))
		return;
	memcpy(accel_ring_entry(queue.ring(), at), &d, queue.ring()->entry_bytes);
	accel_ring_publish(queue.ring(), at, 1);
}

void Client::wait(Input &input)
{
	if (queues_.empty())
		return;
	Queue &queue =
		*std::next(queues_.begin(), static_cast<ptrdiff_t>(input.below(queues_.size())));
	accel_completion done[8];

	/* A short deadline: corrupted entries may never complete. */
	ring::wait(queue.ring(), sys::now_ns() + 200000);
	const uint32_t n = accel_ring_poll(queue.ring(), done, std::size(done));
	for (uint32_t i = 0; i < n; i++)
		check(done[i].status <= ACCEL_RING_STATUS_MASK);
}

void Client::step(Input &input)
{
	switch (input.below(18)) {
	case 0: return make_space();
	case 1:
	case 2: return map_arena(input);
	case 3: return make_queue(input);
	case 4: return make_stream();
	case 5: return wait(input);
	case 6:
		if (!queues_.empty())
			queues_.back().corrupt(input);
		return;
	case 7: return input.bytes(arena + input.below(kArena - 256), input.below(256));
	case 8:
	case 9: return any_message(input);
	case 10: return make_buffer(input);
	case 11: return unmap(input);
	case 12: return command(input);
	default: return post(input);
	}
}

/// A client of the same device that is active during the whole run.
class Honest {
public:
	Honest()
	{
		AddressSpaceCreate space;
		QueueCreate create;
		CommandCreate channel;
		CommandExecute execute;
		accel_soft_command_request two_workers{.opcode = ACCEL_SOFT_OPCODE_SET_FEATURE,
						       .argument = ACCEL_SOFT_FEATURE_WORKERS,
						       .value = 2};

		channel.scope(ACCEL_SCOPE_CONFIGURATION);
		check(channel.deliver(client_.transport()) == 0);
		execute.handle(channel.handle()).request(std::as_bytes(std::span(&two_workers, 1)));
		check(execute.deliver(client_.transport()) == 0);
		space.mode(ACCEL_ADDRESS_MODE_SHARED);
		check(space.deliver(client_.transport()) == 0);
		create.address_space(space.handle()).entries(16);
		check(create.deliver(client_.transport()) == 0);
		queue_ = new Queue(client_, create);
	}

	void be_served()
	{
		uint64_t value = ++count_, copy = 0, at;
		accel_soft_descriptor d{.op = ACCEL_SOFT_OP_COPY};
		accel_completion done;

		d.transfer.src = reinterpret_cast<uintptr_t>(&value);
		d.transfer.dst = reinterpret_cast<uintptr_t>(&copy);
		d.transfer.length = sizeof(value);
		check(accel_ring_reserve(queue_->ring(), 1, &at));
		memcpy(accel_ring_entry(queue_->ring(), at), &d, queue_->ring()->entry_bytes);
		accel_ring_publish(queue_->ring(), at, 1);
		check(ring::wait(queue_->ring(), sys::now_ns() + 15 * kSecond) == 0);
		check(accel_ring_poll(queue_->ring(), &done, 1) == 1);
		/* The hostile client may have injected faults. */
		check(done.status == ACCEL_RING_STATUS_ENGINE_ERROR ||
		      (done.status == ACCEL_RING_STATUS_SUCCESS && copy == count_));
	}

private:
	Client client_;
	Queue *queue_;
	uint64_t count_ = 0;
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static auto *honest = new Honest;
	Input input(data, size);

	{
		Client client;
		client.begin();
		for (int steps = 0; steps < 200 && !input.empty(); steps++)
			client.step(input);
	}
	honest->be_served();
	return 0;
}
