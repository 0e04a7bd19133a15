// SPDX-License-Identifier: MIT
// The ring of DPDK with elements of 64 bytes, one producer and one consumer, in the pattern of probe_post.cpp. It does
// not initialise DPDK's environment: the probe allocates the ring.
#include "harness.hpp"

#include <cstdlib>
#include <cstring>
#include <rte_ring.h>
#include <rte_ring_elem.h>
#include <rte_ring_peek_zc.h>

namespace {

using namespace bench;

constexpr unsigned kEntries = 1024;
constexpr unsigned kWindow = 512;
constexpr unsigned kWindows = 50;
constexpr uint64_t kSteady = 64000;
constexpr unsigned kMostAtOnce = 64;

struct alignas(64) Element {
	unsigned char bytes[64];
};

/// Writes as much as filling a descriptor does.
inline void fill(Element &element, uint64_t at)
{
	std::memset(&element, 0, sizeof(element));
	element.bytes[0] = static_cast<unsigned char>(at & 7);
}

rte_ring *make_ring(const char *name, unsigned element_size)
{
	const ssize_t bytes = rte_ring_get_memsize_elem(element_size, kEntries);
	void *memory = bytes > 0 ? std::aligned_alloc(4096, (size_t(bytes) + 4095) / 4096 * 4096) :
				   nullptr;
	auto *ring = static_cast<rte_ring *>(memory);

	if (!ring || rte_ring_init(ring, name, kEntries, RING_F_SP_ENQ | RING_F_SC_DEQ) < 0)
		die("cannot create a ring");
	return ring;
}

/// Takes all elements; reads each as a worker reads its descriptor.
void consume(rte_ring *ring, rte_ring *back, uint64_t count)
{
	Element elements[kMostAtOnce];
	uint64_t status[kMostAtOnce];

	while (count) {
		unsigned n = rte_ring_sc_dequeue_burst_elem(ring, elements, sizeof(Element),
							    kMostAtOnce, nullptr);

		for (unsigned i = 0; i < n; i++)
			status[i] = elements[i].bytes[0];
		keep(status);
		if (back && n)
			while (!rte_ring_sp_enqueue_bulk_elem(back, status, 8, n, nullptr))
				;
		count -= n;
	}
}

void enqueue(rte_ring *ring, uint64_t at, unsigned burst)
{
	Element elements[32];

	for (unsigned i = 0; i < burst; i++)
		fill(elements[i], at + i);
	while (!rte_ring_sp_enqueue_bulk_elem(ring, elements, sizeof(Element), burst, nullptr))
		;
}

/// Fills the elements in place, without a copy, as for soft0.
void enqueue_in_place(rte_ring *ring, uint64_t at, unsigned burst)
{
	rte_ring_zc_data place;

	while (!rte_ring_enqueue_zc_bulk_elem_start(ring, sizeof(Element), burst, &place, nullptr))
		;
	for (unsigned i = 0; i < burst; i++)
		fill(i < place.n1 ? static_cast<Element *>(place.ptr1)[i] :
				    static_cast<Element *>(place.ptr2)[i - place.n1],
		     at + i);
	rte_ring_enqueue_zc_elem_finish(ring, burst);
}

template <class Enqueue>
uint64_t post_windows(Partner &partner, rte_ring *ring, unsigned burst, Enqueue put)
{
	uint64_t ns = 0;

	partner.start([&] { consume(ring, nullptr, uint64_t{kWindow} * kWindows + 1); });
	put(ring, 0, 1);
	while (!rte_ring_empty(ring))
		;
	for (unsigned window = 0; window < kWindows; window++) {
		const uint64_t from = now_ns();

		for (unsigned i = 0; i < kWindow; i += burst)
			put(ring, i, burst);
		ns += now_ns() - from;
		while (!rte_ring_empty(ring))
			;
	}
	partner.finish();
	return ns;
}

uint64_t steady(Partner &partner, rte_ring *ring, rte_ring *back, unsigned burst)
{
	uint64_t status[kMostAtOnce];

	partner.start([&] { consume(ring, back, kSteady + burst); });
	enqueue(ring, 0, burst);
	while (!rte_ring_empty(ring))
		;

	auto take_back = [&] {
		while (back &&
		       rte_ring_sc_dequeue_burst_elem(back, status, 8, kMostAtOnce, nullptr))
			keep(status);
	};
	const uint64_t from = now_ns();
	for (uint64_t posted = 0; posted < kSteady; posted += burst) {
		// Not for each burst, so that many returned elements are taken at once.
		if (back && rte_ring_count(back) > kEntries / 2)
			take_back();
		enqueue(ring, posted, burst);
	}
	while (!rte_ring_empty(ring))
		take_back();
	const uint64_t ns = now_ns() - from;

	partner.finish();
	take_back();
	return ns;
}

} // namespace

int main()
{
	raise_priority();
	pin(kRequesterCpu);

	rte_ring *ring = make_ring("forth", sizeof(Element));
	rte_ring *back = make_ring("back", 8);
	Partner partner;

	return serve([&](unsigned samples) {
		while (samples--)
			for (unsigned burst : {1U, 32U}) {
				const std::string end = "/burst" + std::to_string(burst);
				const uint64_t count = uint64_t{kWindow} * kWindows;

				bracketed(partner, "rte_ring/post" + end, count, [&] {
					return post_windows(partner, ring, burst, enqueue);
				});
				bracketed(partner, "rte_ring/post" + end + "/in-place", count, [&] {
					return post_windows(partner, ring, burst, enqueue_in_place);
				});
				bracketed(partner, "rte_ring/steady" + end, kSteady,
					  [&] { return steady(partner, ring, nullptr, burst); });
				bracketed(partner, "rte_ring/steady" + end + "/and-back", kSteady,
					  [&] { return steady(partner, ring, back, burst); });
			}
	});
}
