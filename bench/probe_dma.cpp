// SPDX-License-Identifier: MIT
// DPDK's dmadev interface with its software driver dma_skeleton: the copies of probe_ring.cpp. Its worker
// thread is bound to the worker's processor and runs only during a sample.
#include "harness.hpp"

#include <cstdlib>
#include <cstring>
#include <rte_dmadev.h>
#include <rte_eal.h>
#include <rte_errno.h>

namespace {

using namespace bench;

constexpr uint32_t kBuffers = 64;
constexpr uint16_t kDescriptors = 1024;

struct Depth {
	const char *name;
	uint16_t entries;
	bool window;
	uint64_t operations;
};

constexpr Depth kDepths[] = {
	{"qd1", 1, false, 3000},
	{"qd8", 8, false, 8000},
	{"qd64", 64, false, 6400},
	{"qd64w", 64, true, 6400},
};

/// One channel of the device, and the buffers.
class Dma {
public:
	Dma() : id_(static_cast<int16_t>(rte_dma_get_dev_id_by_name("dma_skeleton0")))
	{
		rte_dma_conf device = {};
		rte_dma_vchan_conf channel = {};

		device.nb_vchans = 1;
		channel.direction = RTE_DMA_DIR_MEM_TO_MEM;
		channel.nb_desc = kDescriptors;
		if (id_ < 0 || rte_dma_configure(id_, &device) < 0 ||
		    rte_dma_vchan_setup(id_, 0, &channel) < 0)
			die("cannot set up dma_skeleton");
		memory_ = static_cast<unsigned char *>(std::aligned_alloc(4096, 2 * kSpan));
		if (!memory_)
			die("no memory");
		for (size_t i = 0; i < kSpan; i++)
			memory_[i] = static_cast<unsigned char>(i * 7 + i / 4096);
	}

	void start() const
	{
		if (rte_dma_start(id_) < 0)
			die("cannot start dma_skeleton");
	}
	void stop() const
	{
		if (rte_dma_stop(id_) < 0)
			die("cannot stop dma_skeleton");
	}

	/// Submits @count copies of @bytes bytes as one batch.
	void submit(uint16_t count, uint64_t at, uint32_t bytes) const
	{
		for (uint16_t i = 0; i < count; i++) {
			auto from =
				reinterpret_cast<rte_iova_t>(memory_) + (at + i) % kBuffers * bytes;

			if (rte_dma_copy(id_, 0, from, from + kSpan, bytes, 0) < 0)
				die("dma_skeleton accepts no descriptor");
		}
		rte_dma_submit(id_, 0);
	}

	uint16_t completed() const
	{
		uint16_t last;
		bool error = false;
		uint16_t n = rte_dma_completed(id_, 0, 64, &last, &error);

		if (error)
			die("a copy of dma_skeleton failed");
		return n;
	}

	void verify(uint32_t bytes) const
	{
		if (std::memcmp(memory_, memory_ + kSpan, size_t{kBuffers} * bytes) != 0)
			die("a copy of %u bytes differs from its source", bytes);
	}

private:
	static constexpr size_t kSpan = size_t{kBuffers} * 4096;
	int16_t id_;
	unsigned char *memory_;
};

void run_closed(const Dma &dma, uint64_t operations, uint16_t depth, uint32_t bytes)
{
	for (uint64_t done = 0; done < operations; done += depth) {
		dma.submit(depth, done, bytes);
		for (uint16_t got = 0; got < depth;)
			got = static_cast<uint16_t>(got + dma.completed());
	}
}

void run_window(const Dma &dma, uint64_t operations, uint16_t depth, uint32_t bytes)
{
	uint64_t posted = depth;

	dma.submit(depth, 0, bytes);
	for (uint64_t done = 0; done < posted;) {
		uint16_t n = dma.completed();

		done += n;
		if (n && posted < operations) {
			dma.submit(n, posted, bytes);
			posted += n;
		}
	}
}

uint64_t run(const Dma &dma, const Depth &depth, uint64_t operations, uint32_t bytes)
{
	const uint64_t from = now_ns();

	if (depth.window)
		run_window(dma, operations, depth.entries, bytes);
	else
		run_closed(dma, operations, depth.entries, bytes);
	return now_ns() - from;
}

void round(const Dma &dma, Partner &partner)
{
	for (const Depth &depth : kDepths)
		for (uint32_t bytes : {64U, 4096U}) {
			bracketed(partner, "dma/copy/" + std::to_string(bytes) + "/" + depth.name,
				  depth.operations, [&] {
					  // Its thread polls, so it must not run during a ping-pong.
					  dma.start();
					  run(dma, depth, 256, bytes);
					  uint64_t ns = run(dma, depth, depth.operations, bytes);
					  dma.stop();
					  return ns;
				  });
			dma.verify(bytes);
		}
}

} // namespace

int main(int, char **argv)
{
	const char *arguments[] = {argv[0],
				   "-l",
				   "0,1",
				   "--main-lcore=0",
				   "--no-shconf",
				   "--no-huge",
				   "--no-pci",
				   "--no-telemetry",
				   "-m",
				   "64",
				   "--log-level=error",
				   "--vdev=dma_skeleton0,lcore=1"};

	raise_priority();
	if (rte_eal_init(std::size(arguments), const_cast<char **>(arguments)) < 0)
		die("rte_eal_init: %s", rte_strerror(rte_errno));
	pin(kRequesterCpu);

	Dma dma;
	Partner partner;

	return serve([&](unsigned samples) {
		while (samples--)
			round(dma, partner);
	});
}
