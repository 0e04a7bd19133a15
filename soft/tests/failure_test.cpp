// SPDX-License-Identifier: MIT
// The n-th allocation and the n-th system call fail, for every n: no object remains partly created, nothing leaks.
#include "soft/engine/engine.hpp"
#include "soft/tests/failing_memory.hpp"
#include "soft/tests/test_client.hpp"

#include <climits>
#include <fcntl.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace accel::core::softdev::test {
namespace {

/* Number of system calls of this thread until one fails. A failing close() or munmap() still releases. */
thread_local long calls_left = 0;
thread_local bool call_failed = false;

bool call_fails()
{
	if (!calls_left || --calls_left)
		return false;
	return call_failed = true;
}

template <auto Member, int Code>
struct Failing;

template <class R, class... A, R (*sys::Calls::*Member)(A...), int Code>
struct Failing<Member, Code> {
	static R call(A... arguments)
	{
		return call_fails() ? static_cast<R>(-Code) :
				      (sys::kRealCalls.*Member)(arguments...);
	}
	static R call_anyway(A... arguments)
	{
		R result = (sys::kRealCalls.*Member)(arguments...);
		return call_fails() ? static_cast<R>(-Code) : result;
	}
};

sys::Calls failing_calls()
{
	sys::Calls calls = sys::kRealCalls;

	calls.open = Failing<&sys::Calls::open, EMFILE>::call;
	calls.close = Failing<&sys::Calls::close, EIO>::call_anyway;
	calls.ioctl = Failing<&sys::Calls::ioctl, ENOMEM>::call;
	calls.mmap = Failing<&sys::Calls::mmap, ENOMEM>::call;
	calls.munmap = Failing<&sys::Calls::munmap, ENOMEM>::call_anyway;
	calls.madvise = Failing<&sys::Calls::madvise, ENOMEM>::call;
	calls.futex_wait = Failing<&sys::Calls::futex_wait, EINTR>::call;
	calls.futex_wake = Failing<&sys::Calls::futex_wake, EFAULT>::call_anyway;
	calls.membarrier = Failing<&sys::Calls::membarrier, EPERM>::call;
	calls.memfd_create = Failing<&sys::Calls::memfd_create, EMFILE>::call;
	calls.ftruncate = Failing<&sys::Calls::ftruncate, ENOMEM>::call;
	calls.fstat = Failing<&sys::Calls::fstat, ENOMEM>::call;
	calls.dup = Failing<&sys::Calls::dup, EMFILE>::call;
	calls.read = Failing<&sys::Calls::read, EIO>::call;
	calls.write = Failing<&sys::Calls::write, EIO>::call;
	calls.pwrite = Failing<&sys::Calls::pwrite, EIO>::call;
	calls.poll = Failing<&sys::Calls::poll, ENOMEM>::call;
	calls.thread_create = Failing<&sys::Calls::thread_create, EAGAIN>::call;
	return calls;
}

/* Delivers a message; true: success. A failure must be due to missing memory or file descriptors. */
template <class Message>
bool works(accel_soft_file *file, Message &message)
{
	const int r =
		message.deliver({[](void *context, accel_call *call) {
					 return accel_soft_entry()->call(
						 static_cast<accel_soft_file *>(context), call);
				 },
				 file});

	if (r) {
		EXPECT_TRUE(r == -ENOMEM || r == -EMFILE || r == -EBADF || r == -EFAULT ||
			    r == -EOPNOTSUPP)
			<< r << ": " << message.error().text;
	}
	return r == 0;
}

/* Creates every kind of object through one file; stops at the first failure and closes the file. */
class Life {
public:
	~Life()
	{
		accel_soft_entry()->close(file_);
		for (auto [address, bytes] : mapped_) {
			if (address) {
				EXPECT_EQ(accel_soft_entry()->unmap(nullptr, address, bytes), 0);
			}
		}
		for (int fd : {event_, exported_})
			if (fd >= 0)
				::close(fd);
	}

	bool live() { return opened() && buffers() && queues() && commands() && ended(); }

private:
	bool opened()
	{
		const int r = accel_soft_entry()->open(0, &file_);

		EXPECT_TRUE(r == 0 || r == -ENOMEM) << r;
		if (r)
			return false;
		event_ = eventfd(0, EFD_CLOEXEC);
		return works(file_, space_.mode(ACCEL_ADDRESS_MODE_MAPPED));
	}

	bool map(uint64_t offset, uint64_t bytes, unsigned which)
	{
		void *at = nullptr;
		const int r = accel_soft_entry()->map(file_, offset, bytes, &at);

		EXPECT_TRUE(r == 0 || r == -ENOMEM) << r;
		mapped_[which] = {at, bytes};
		return r == 0;
	}

	bool buffers()
	{
		BufferCreate create;
		BufferExport exported;
		BufferImport import;
		BufferRegister of_memory;
		AddressSpaceMap map_range, map_memory;
		AddressSpaceUnmap unmap;

		if (!works(file_, create.size(8192)) || !map(create.map_offset(), 8192, 0) ||
		    !works(file_, exported.handle(create.handle())))
			return false;
		exported_ = exported.fd();
		accel_buffer_range range{.memory = create.handle(), .offset = 0, .length = 8192};
		return works(file_, import.fd(exported_)) &&
		       works(file_, of_memory.address(address_of(memory_))
					    .length(sizeof(memory_))
					    .access(kRead)) &&
		       works(file_, map_range.handle(space_.handle()).range(range).access(kRead)) &&
		       works(file_, map_memory.handle(space_.handle())
					    .address(address_of(memory_))
					    .length(sizeof(memory_))
					    .access(kRead)) &&
		       works(file_, unmap.handle(space_.handle())
					    .iova(map_memory.iova())
					    .length(sizeof(memory_)));
	}

	bool queues()
	{
		EventCreate event;
		QueueCreate one, second;
		QueueKick kick;

		return works(file_, event.fd(event_)) &&
		       works(file_, one.address_space(space_.handle())
					    .entries(16)
					    .event(event.handle())) &&
		       map(one.map_offset(), one.layout().size, 1) &&
		       works(file_, kick.handle(one.handle())) &&
		       works(file_,
			     second.address_space(space_.handle()).entries(16).parallel(2)) &&
		       works(file_, destroy_.handle(one.handle()));
	}

	bool commands()
	{
		CommandCreate channel;
		CommandExecute execute;
		StreamCreate stream;
		CommandExecute publish;
		accel_soft_command_request request{.opcode = ACCEL_SOFT_OPCODE_SELF_TEST};
		accel_soft_command_request counters{.opcode = ACCEL_SOFT_OPCODE_SET_FEATURE,
						    .argument = ACCEL_SOFT_FEATURE_COUNTERS,
						    .value = 1};
		std::byte room[64];
		accel_soft_command_response head;

		if (!works(file_, stream) || !works(file_, channel.scope(ACCEL_SCOPE_DEBUG_FULL)) ||
		    !works(file_, publish.handle(channel.handle())
					  .request(std::as_bytes(std::span(&counters, 1)))) ||
		    !works(file_, execute.handle(channel.handle())
					  .request(std::as_bytes(std::span(&request, 1)))
					  .want_response(room)))
			return false;
		/* An engine without memory fails the self-test. */
		memcpy(&head, room, sizeof(head));
		return head.status == ACCEL_SOFT_COMMAND_STATUS_SUCCESS;
	}

	bool ended()
	{
		DeviceDescribe describe;
		DeviceQuery query;
		static std::byte room[65536];

		return works(file_, describe.want_policy(room)) && works(file_, query);
	}

	accel_soft_file *file_ = nullptr;
	int event_ = -1, exported_ = -1;
	std::pair<void *, uint64_t> mapped_[2] = {};
	AddressSpaceCreate space_;
	QueueDestroy destroy_;
	uint8_t memory_[5000] = {};
};

class Failures : public testing::Test {
protected:
	Failures() { is_test_thread = true; }

	/* One run without failures first, to create what exists once per process. */
	void SetUp() override
	{
		ASSERT_TRUE(Life().live());
		files_ = open_files();
		threads_ = threads_at_rest();
	}

	void nothing_is_left()
	{
		EXPECT_EQ(open_files(), files_);
		EXPECT_EQ(threads(), threads_);
	}

	size_t files_ = 0, threads_ = 0;
};

TEST_F(Failures, OfEachAllocation)
{
	for (long n = 1;; n++) {
		auto life = std::make_unique<Life>();
		allocation_failed = false;
		allocations_left = n;
		const bool lived = life->live();
		allocations_left = 0;
		life.reset();
		nothing_is_left();
		EXPECT_TRUE(lived || allocation_failed);
		if (!allocation_failed) {
			EXPECT_GT(n, 30);
			break;
		}
		ASSERT_LT(n, 10000);
	}
}

TEST_F(Failures, OfEachSystemCall)
{
	const sys::Calls calls = failing_calls();

	for (long n = 1;; n++) {
		sys::calls = &calls;
		auto life = std::make_unique<Life>();
		call_failed = false;
		calls_left = n;
		const bool lived = life->live();
		/* Failures also during close. */
		life.reset();
		calls_left = 0;
		sys::calls = &sys::kRealCalls;
		nothing_is_left();
		EXPECT_TRUE(lived || call_failed);
		if (!call_failed) {
			EXPECT_GT(n, 30);
			break;
		}
		ASSERT_LT(n, 10000);
	}
}

TEST_F(Failures, GivingBackNeedsNoMemory)
{
	Client client;
	const uint64_t space = client.mapped();
	BufferCreate buffer;
	std::vector<uint64_t> iovas;

	client.good(buffer.size(4096));
	accel_buffer_range range{.memory = buffer.handle(), .offset = 0, .length = 4096};
	for (int i = 0; i < 100; i++) {
		AddressSpaceMap map;
		client.good(map.handle(space).range(range).access(kRead));
		iovas.push_back(map.iova());
	}
	auto without_memory = [](auto give_back) {
		allocation_failed = false;
		allocations_left = 1;
		const int r = give_back();
		allocations_left = 0;
		EXPECT_EQ(r, 0);
		EXPECT_FALSE(allocation_failed);
	};
	for (uint64_t iova : iovas)
		without_memory([&] { return client.unmap(space, iova, 4096); });
	{
		TestQueue queue(client, space);
		queue.run(nop());
		without_memory([&] { return client.destroy_queue(queue.handle()); });
		queue.forget();
	}
	const uint64_t stream = client.stream();
	without_memory([&] { return client.destroy_stream(stream); });
	without_memory([&] { return client.destroy_buffer(buffer.handle()); });
	without_memory([&] { return client.destroy_space(space); });
}

TEST_F(Failures, OfAWorkersMemoryAreCompletions)
{
	Client client;
	const uint64_t space = client.mapped();
	TestQueue queue(client, space);
	auto data = noise(5000);
	std::vector<uint8_t> out(10000);
	const uint64_t to = client.map(space, out.data(), out.size());

	/* In two pieces, which a worker must gather. */
	client.map_at(space, 1 << 20, data.data(), 3000);
	client.map_at(space, (1 << 20) + 3000, data.data(), 2000);
	for (const Descriptor &d : {copy(to, 1 << 20, 5000), deflate(to, 10000, 1 << 20, 5000)}) {
		others_fail = true;
		accel_completion done = queue.run(d);
		others_fail = false;
		EXPECT_EQ(done.status, ACCEL_RING_STATUS_ENGINE_ERROR);
		EXPECT_EQ(done.detail, static_cast<uint64_t>(ENOMEM));
		EXPECT_EQ(queue.run(d).status, ACCEL_RING_STATUS_SUCCESS);
	}
}

} // namespace
} // namespace accel::core::softdev::test
