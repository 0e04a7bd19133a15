// SPDX-License-Identifier: MIT
// The timed loop of `accel bench`: a fixed number of descriptors in flight.
#include "verbs/soft/bench/measure.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>

namespace cli {

namespace {

using Clock = std::chrono::steady_clock;

constexpr double kWarmUp = 0.125; // part of the time, not measured
constexpr uint64_t kPieces = 24;  // of the measured time

double since(Clock::time_point begin)
{
	return std::chrono::duration<double>(Clock::now() - begin).count();
}

/// Publishes the descriptors of the slots in turn, and each again after its completion.
class Window {
public:
	Window(Accelerator &accelerator, BenchWork &work, uint32_t depth)
		: accelerator_(accelerator), ring_(accelerator.ring()), work_(work), depth_(depth)
	{}

	void publish(uint32_t count)
	{
		uint64_t sequence = 0;

		// This never fails: the ring has at least as many entries as descriptors are in flight.
		if (!accel_ring_reserve(ring_, count, &sequence))
			return;
		for (uint32_t i = 0; i < count; ++i) {
			memcpy(accel_ring_entry(ring_, sequence + i),
			       &work_.descriptor(to_publish_), sizeof(accel_soft_descriptor));
			to_publish_ = to_publish_ + 1 == depth_ ? 0 : to_publish_ + 1;
		}
		accel_ring_publish(ring_, sequence, count);
		in_flight_ += count;
	}

	/// Takes at least one completion; returns the number.
	uint32_t take()
	{
		accel_completion completions[kMost];
		uint32_t count;

		while (!(count = accel_ring_poll(ring_, completions, kMost)))
			accelerator_.wait();
		in_flight_ -= count;
		for (uint32_t i = 0; i < count; ++i) {
			work_.take(to_take_, completions[i]);
			to_take_ = to_take_ + 1 == depth_ ? 0 : to_take_ + 1;
		}
		return count;
	}

	/// Runs for @seconds. Appends the seconds per operation of each piece of @piece operations; returns the number
	/// of all operations.
	uint64_t run(double seconds, uint64_t piece, std::vector<double> &pieces)
	{
		Clock::time_point begin = Clock::now();
		double last = 0;
		uint64_t all = 0;
		uint64_t done = 0;

		while (last < seconds) {
			uint32_t count = take();

			all += count;
			done += count;
			if (done >= piece) {
				// Read the clock before publishing the next descriptors, which belong to the next
				// piece.
				double now = since(begin);

				pieces.push_back((now - last) / static_cast<double>(done));
				last = now;
				done = 0;
			}
			publish(count);
		}
		return all;
	}

	void drain()
	{
		while (in_flight_)
			take();
	}

private:
	static constexpr uint32_t kMost = 64;

	Accelerator &accelerator_;
	accel_ring *ring_;
	BenchWork &work_;
	uint32_t depth_;
	uint32_t to_publish_ = 0; // slots
	uint32_t to_take_ = 0;
	uint32_t in_flight_ = 0;
};

} // namespace

BenchTimes measure(Accelerator &accelerator, BenchWork &work, uint32_t depth, double seconds)
{
	Window window(accelerator, work, depth);
	std::vector<double> pieces;

	work.corrupt();
	window.publish(depth);
	double warm = seconds * kWarmUp;
	uint64_t operations = window.run(warm, 1, pieces);
	uint64_t piece = static_cast<uint64_t>(static_cast<double>(operations) / kWarmUp) / kPieces;

	pieces.clear();
	operations = window.run(seconds - warm, std::max<uint64_t>(piece, 1), pieces);
	window.drain();
	work.check(depth);

	std::ranges::sort(pieces);
	return {.median = pieces[pieces.size() / 2] * 1e9,
		.minimum = pieces.front() * 1e9,
		.maximum = pieces.back() * 1e9,
		.operations = operations,
		.depth = depth};
}

} // namespace cli
