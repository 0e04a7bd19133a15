// SPDX-License-Identifier: MIT
// io_uring's no-operation through liburing: one system call submits as many operations as the depth and waits for
// them. One thread; the kernel completes them within the call.
#include "harness.hpp"

#include <cstring>
#include <liburing.h>

namespace {

using namespace bench;

struct Depth {
	unsigned entries;
	uint64_t operations;
};

constexpr Depth kDepths[] = {{1, 3000}, {8, 8000}, {64, 16000}};

class Ring {
public:
	Ring(const char *name, unsigned flags) : name_(name)
	{
		if (int r = io_uring_queue_init(128, &ring_, flags); r < 0)
			die("io_uring_queue_init (%s): %s", name, strerror(-r));
	}
	~Ring() { io_uring_queue_exit(&ring_); }
	Ring(const Ring &) = delete;
	Ring &operator=(const Ring &) = delete;

	void sample(const Depth &depth)
	{
		run(depth, 256);
		const double aside = times_put_aside();
		const uint64_t from = now_ns();
		run(depth, depth.operations);
		const auto ns = static_cast<double>(now_ns() - from);

		emit("uring/nop/qd" + std::to_string(depth.entries) + "/" + name_, "ns",
		     ns / static_cast<double>(depth.operations),
		     {{"aside", times_put_aside() - aside}});
	}

private:
	void run(const Depth &depth, uint64_t operations)
	{
		io_uring_cqe *done[64];

		for (uint64_t i = 0; i < operations; i += depth.entries) {
			for (unsigned k = 0; k < depth.entries; k++)
				io_uring_prep_nop(io_uring_get_sqe(&ring_));
			if (io_uring_submit_and_wait(&ring_, depth.entries) < 0)
				die("io_uring_submit_and_wait (%s)", name_);
			unsigned n = io_uring_peek_batch_cqe(&ring_, done, depth.entries);
			if (n != depth.entries)
				die("io_uring (%s) completed %u of %u", name_, n, depth.entries);
			for (unsigned k = 0; k < n; k++)
				keep(done[k]->res);
			io_uring_cq_advance(&ring_, n);
		}
	}

	const char *name_;
	io_uring ring_;
};

} // namespace

int main()
{
	raise_priority();
	pin(kRequesterCpu);

	Ring plain("plain", 0);
	Ring deferred("deferred", IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN);

	return serve([&](unsigned samples) {
		while (samples--)
			for (const Depth &depth : kDepths) {
				plain.sample(depth);
				deferred.sample(depth);
			}
	});
}
