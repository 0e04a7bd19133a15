// SPDX-License-Identifier: MIT
// What every probe stands on: places for threads, the ping-pong that brackets a sample, and JSON lines.
//
// A probe is a program that reads lines from standard input, each a number of samples to take of each
// of its cases, and answers with one JSON line for each sample and {"end":1} at last. bench/run asks
// all probes in turn, round after round, so that what the machine does in the meantime hits all alike.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace bench {

constexpr int kRequesterCpu = 0;
constexpr int kWorkerCpu = 1;

/// CLOCK_MONOTONIC, nanoseconds.
uint64_t now_ns();

/// Say on stderr what is wrong, and end the probe with status 1. For what makes its figures void.
[[noreturn]] void die(const char *format, ...) __attribute__((format(printf, 1, 2)));

/// Bind the calling thread, and the threads that it makes from now on, to one processor.
void pin(int cpu);

/// Nice -20 for the calling thread and those that it makes, if the system allows it, so that others of
/// the machine disturb less. ACCEL_BENCH_NICE=N asks for another value.
void raise_priority();

/// Keep the compiler from leaving out what makes @value.
template <class T>
inline void keep(const T &value)
{
	asm volatile("" : : "r,m"(value) : "memory");
}

struct Number {
	const char *name;
	double value;
};

/// How often so far the system has put a thread of this process aside for somebody else's. A sample in
/// which it did so says nothing, so it carries the number ("aside"), and bench/run drops it.
double times_put_aside();

/// Print one sample: @value in @unit, and whatever else belongs to it.
void emit(std::string_view name, const char *unit, double value,
	  std::initializer_list<Number> more = {});

/// Print one fact for the report, such as the version of a peer.
void emit_fact(std::string_view name, std::string_view text);

/// The thread on the worker's processor. It sleeps unless it is told to do something, so that the worker
/// of whoever is measured has the processor for itself. Used by one thread.
class Partner {
public:
	Partner();
	~Partner();
	Partner(const Partner &) = delete;
	Partner &operator=(const Partner &) = delete;

	/// Have the partner run @work, and go on meanwhile.
	void start(std::function<void()> work);
	/// Wait until it is done.
	void finish();
	/// Nanoseconds for one line of memory to go to the partner and back, without a pause in the loop.
	double ping_pong();

private:
	void loop();
	void answer(uint32_t trips);

	std::mutex mutex_;
	std::condition_variable wake_;
	std::function<void()> work_;
	bool stop_ = false;
	std::atomic<bool> busy_{false};
	alignas(128) std::atomic<uint32_t> line_{0};
	alignas(128) std::thread thread_;
};

/// Take one sample between two ping-pongs and print it. @timed does @operations operations and returns
/// how many nanoseconds they took; when it returns the worker's processor is free again.
template <class Timed>
void bracketed(Partner &partner, std::string_view name, uint64_t operations, Timed &&timed)
{
	const double before = partner.ping_pong();
	const double aside = times_put_aside();
	const auto ns = static_cast<double>(timed());
	const double aside_after = times_put_aside();

	emit(name, "ns", ns / static_cast<double>(operations),
	     {{"before", before},
	      {"after", partner.ping_pong()},
	      {"aside", aside_after - aside},
	      {"operations", static_cast<double>(operations)}});
}

/// The main loop of a probe: calls @round with the number of samples that bench/run asks for.
int serve(const std::function<void(unsigned samples)> &round);

} // namespace bench
