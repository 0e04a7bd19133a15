// SPDX-License-Identifier: MIT
// Many queues on one worker: the cost of a descriptor when 1, 16 or 256 queues are busy, or one of them. With the
// argument "memory" it prints once the memory of an idle queue and the memory and files left after 10 000 creations.
#include "soft_client.hpp"

#include <cstring>
#include <dirent.h>
#include <fstream>
#include <vector>

namespace {

using namespace bench;

constexpr uint32_t kEntries = 64;
constexpr uint32_t kBurst = 32;
constexpr uint64_t kOperations = 64000;
constexpr unsigned kMost = 256;
constexpr unsigned kCycles = 10000;

void fill(accel_soft_descriptor *d, uint64_t)
{
	accel_soft_nop(d, 0);
}

using Queues = std::vector<accel_queue *>;

void drain(const Queues &queues)
{
	for (accel_queue *queue : queues) {
		accel_ring *ring = accel_queue_ring(queue);

		collect(ring, static_cast<uint32_t>(accel_ring_outstanding(ring)));
	}
}

/// Visits the first @count queues in turn: takes completions, and publishes a burst if half of the ring is free.
void go_around(const Queues &queues, unsigned count, uint64_t operations)
{
	uint64_t done = 0;

	while (done < operations)
		for (unsigned i = 0; i < count; i++) {
			accel_ring *ring = accel_queue_ring(queues[i]);

			done += poll_some(ring);
			if (accel_ring_outstanding(ring) <= kEntries - kBurst)
				post(ring, kBurst, fill);
		}
}

uint64_t run(const Queues &queues, unsigned count)
{
	go_around(queues, count,
		  uint64_t{count} * kBurst * 2); // puts all of them on the worker's list
	const uint64_t from = now_ns();
	go_around(queues, count, kOperations);
	const uint64_t ns = now_ns() - from;

	drain(queues);
	for (unsigned i = 0; i < count; i++)
		wait_asleep(accel_queue_ring(queues[i]));
	return ns;
}

void sample(Partner &partner, const Queues &queues, const char *name, unsigned count)
{
	bracketed(partner, name + std::to_string(queues.size()), kOperations,
		  [&] { return run(queues, count); });
}

Queues make(Soft &soft, unsigned count)
{
	Queues queues;

	while (queues.size() < count)
		queues.push_back(soft.make_queue(kEntries, 0, kWorkerOnly));
	return queues;
}

void destroy(const Queues &queues)
{
	for (accel_queue *queue : queues)
		accel_queue_destroy(queue, nullptr);
}

/// Returns a value of /proc/self/status, in KiB.
double kib(const char *key)
{
	std::ifstream status("/proc/self/status");
	std::string word;

	while (status >> word)
		if (word == key) {
			double value = 0;

			status >> value;
			return value;
		}
	die("/proc/self/status has no %s", key);
}

double open_files()
{
	DIR *directory = opendir("/proc/self/fd");
	double n = 0;

	if (!directory)
		die("cannot read /proc/self/fd");
	while (readdir(directory))
		n++;
	closedir(directory);
	return n;
}

void measure_memory()
{
	Soft soft;
	Queues first = make(soft, 8); // starts the worker and allocates what is allocated once
	const double rss = kib("VmRSS:");
	Queues queues = make(soft, kMost);

	emit("memory/idle-queue", "KiB", (kib("VmRSS:") - rss) / kMost);
	destroy(queues);
	destroy(first);

	for (unsigned i = 0; i < 200; i++)
		destroy(make(soft, 1));
	const double rss_before = kib("VmRSS:");
	const double files_before = open_files();
	const uint64_t from = now_ns();
	for (unsigned i = 0; i < kCycles; i++)
		destroy(make(soft, 1));
	emit("memory/cycle", "ns", static_cast<double>(now_ns() - from) / kCycles);
	emit("memory/cycles-rss", "KiB", kib("VmRSS:") - rss_before, {{"cycles", kCycles}});
	emit("memory/cycles-files", "files", open_files() - files_before, {{"cycles", kCycles}});
}

} // namespace

int main(int argc, char **argv)
{
	raise_priority();
	if (argc == 2 && std::string(argv[1]) == "memory") {
		measure_memory();
		return 0;
	}

	Soft soft;
	Queues sets[] = {make(soft, 1), make(soft, 16), make(soft, kMost)};
	Partner partner;

	int status = serve([&](unsigned samples) {
		while (samples--)
			for (const Queues &queues : sets) {
				sample(partner, queues, "soft/queues/busy/",
				       static_cast<unsigned>(queues.size()));
				sample(partner, queues, "soft/queues/one-busy-of/", 1);
			}
	});
	for (const Queues &queues : sets)
		destroy(queues);
	return status;
}
