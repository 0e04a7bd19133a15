// SPDX-License-Identifier: MIT
// The ring of soft0: nop and copies, at depths 1 to 64, by the worker and inline. With the arguments hot-loop
// OPERATIONS it runs the hot loop alone, for strace.
#include "soft_client.hpp"

#include <cstring>
#include <memory>
#include <vector>

namespace {

using namespace bench;

constexpr uint32_t kBuffers = 64;
constexpr size_t kLargest = 4096;

/// Sources and destinations, used in turn. Each way of execution has its own set, so that no way finds cache lines of
/// another on the wrong processor.
class Buffers {
public:
	explicit Buffers(size_t bytes)
		: bytes_(bytes),
		  memory_(static_cast<unsigned char *>(std::aligned_alloc(4096, 2 * span())))
	{
		if (!memory_)
			die("no memory");
		for (size_t i = 0; i < span(); i++)
			source(0)[i] = static_cast<unsigned char>(i * 7 + i / 4096);
		std::memset(destination(0), 0, span());
	}

	size_t bytes() const { return bytes_; }
	unsigned char *source(uint64_t i) const { return memory_.get() + (i % kBuffers) * bytes_; }
	unsigned char *destination(uint64_t i) const { return source(i) + span(); }

	void verify() const
	{
		if (std::memcmp(source(0), destination(0), span()) != 0)
			die("a copy of %zu bytes differs from its source", bytes_);
	}

private:
	struct Free {
		void operator()(void *p) const { std::free(p); }
	};
	size_t span() const { return (bytes_ * kBuffers + 4095) / 4096 * 4096; }

	size_t bytes_;
	std::unique_ptr<unsigned char, Free> memory_;
};

struct Way {
	const char *name;
	uint64_t flags;
	uint32_t inline_limit;
	accel_queue *queue;
	std::unique_ptr<Buffers> small = std::make_unique<Buffers>(64);
	std::unique_ptr<Buffers> large = std::make_unique<Buffers>(kLargest);
};

struct Depth {
	const char *name;
	uint32_t entries;
	bool window;
	uint64_t operations; // about one or two milliseconds
};

constexpr Depth kDepths[] = {
	{"qd1", 1, false, 3000},
	{"qd8", 8, false, 8000},
	{"qd64", 64, false, 16000},
	{"qd64w", 64, true, 16000},
};

template <class Fill>
void run(accel_ring *ring, const Depth &depth, uint64_t operations, const Fill &fill)
{
	if (depth.window)
		run_window(ring, operations, depth.entries, fill);
	else
		run_closed(ring, operations, depth.entries, fill);
}

template <class Fill>
void sample(Partner &partner, Way &way, const char *what, const Depth &depth, const Fill &fill)
{
	accel_ring *ring = accel_queue_ring(way.queue);
	const std::string name = std::string("soft/") + what + "/" + depth.name + "/" + way.name;
	accel_queue_info before{.size = sizeof(before)};
	accel_queue_info after{.size = sizeof(after)};
	const double first = partner.ping_pong();

	run(ring, depth, 256, fill); // wakes the worker and fills its caches
	before = query(way.queue);
	const double aside = times_put_aside();
	const uint64_t from = now_ns();
	run(ring, depth, depth.operations, fill);
	const uint64_t ns = now_ns() - from;
	const double aside_after = times_put_aside();
	after = query(way.queue);
	wait_asleep(ring);
	emit(name, "ns", static_cast<double>(ns) / static_cast<double>(depth.operations),
	     {{"before", first},
	      {"after", partner.ping_pong()},
	      {"aside", aside_after - aside},
	      {"operations", static_cast<double>(depth.operations)},
	      {"kicks", static_cast<double>(after.kicks - before.kicks)}});
}

void sample_copies(Partner &partner, Way &way, const Depth &depth, const Buffers &buffers)
{
	const std::string what = "copy/" + std::to_string(buffers.bytes());

	sample(partner, way, what.c_str(), depth, [&](accel_soft_descriptor *d, uint64_t at) {
		accel_soft_copy(d, buffers.destination(at), buffers.source(at), buffers.bytes(), 0);
	});
	buffers.verify();
}

/// The same copies in a plain loop: on the worker's processor with the worker's buffers, and on the requester's
/// processor with buffers that no other thread uses.
void sample_bare(Partner &partner, const Buffers &buffers, const char *name, bool there)
{
	constexpr uint64_t kOperations = 20000;

	bracketed(partner, "bare/memcpy/" + std::to_string(buffers.bytes()) + "/" + name,
		  kOperations, [&] {
			  uint64_t ns = 0;
			  auto work = [&] {
				  for (uint64_t i = 0; i < kOperations + 256; i++) {
					  if (i == 256)
						  ns = now_ns();
					  std::memcpy(buffers.destination(i), buffers.source(i),
						      buffers.bytes());
					  keep(buffers.destination(i));
				  }
				  ns = now_ns() - ns;
			  };

			  if (there) {
				  partner.start(work);
				  partner.finish();
			  } else {
				  work();
			  }
			  return ns;
		  });
}

struct Probe {
	Soft soft;
	std::vector<Way> ways;
	Buffers own_small{64};
	Buffers own_large{kLargest};
	Partner partner;

	Probe()
	{
		ways.push_back({"worker", 0, kWorkerOnly, nullptr});
		ways.push_back({"phase", ACCEL_QUEUE_FLAGS_STATUS_PHASE, kWorkerOnly, nullptr});
		ways.push_back({"inline", 0, 0, nullptr});
		for (Way &way : ways)
			way.queue = soft.make_queue(64, way.flags, way.inline_limit);
	}

	~Probe()
	{
		for (Way &way : ways)
			accel_queue_destroy(way.queue, nullptr);
	}

	void round()
	{
		for (const Depth &depth : kDepths)
			for (Way &way : ways) {
				sample(partner, way, "nop", depth,
				       [](accel_soft_descriptor *d, uint64_t) {
					       accel_soft_nop(d, 0);
				       });
				sample_copies(partner, way, depth, *way.small);
				sample_copies(partner, way, depth, *way.large);
			}
		sample_bare(partner, *ways[0].small, "worker", true);
		sample_bare(partner, *ways[0].large, "worker", true);
		sample_bare(partner, own_small, "caller", false);
		sample_bare(partner, own_large, "caller", false);
	}
};

int hot_loop(uint64_t operations)
{
	Soft soft;
	accel_queue *queue = soft.make_queue(64, 0, kWorkerOnly);
	accel_ring *ring = accel_queue_ring(queue);
	auto fill = [](accel_soft_descriptor *d, uint64_t) { accel_soft_nop(d, 0); };

	run(ring, kDepths[3], 256, fill);
	run(ring, kDepths[3], operations, fill);
	emit("hot-loop", "kicks", static_cast<double>(query(queue).kicks));
	accel_queue_destroy(queue, nullptr);
	return 0;
}

} // namespace

int main(int argc, char **argv)
{
	raise_priority();
	if (argc == 3 && std::string(argv[1]) == "hot-loop")
		return hot_loop(std::strtoull(argv[2], nullptr, 10));

	Probe probe;

	return serve([&](unsigned samples) {
		while (samples--)
			probe.round();
	});
}
