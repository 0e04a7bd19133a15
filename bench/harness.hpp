// SPDX-License-Identifier: MIT
// The common part of the probes: thread placement, the ping-pong before and after a sample, and JSON lines.
//
// A probe reads lines from standard input. Each line is the number of samples to take of each of its cases. The
// probe answers with one JSON line for each sample and {"end":1} at the end. bench/run asks all probes in turn,
// round after round, so that a disturbance of the machine affects all probes alike.
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

/// Returns CLOCK_MONOTONIC in nanoseconds.
uint64_t now_ns();

/// Prints the message on stderr and ends the probe with status 1. For errors that make its figures invalid.
[[noreturn]] void die(const char *format, ...) __attribute__((format(printf, 1, 2)));

/// Binds the calling thread, and the threads that it creates from now on, to one processor.
void pin(int cpu);

/// Sets nice -20 for the calling thread and the threads that it creates, if the system allows it, so that other
/// programs disturb less. ACCEL_BENCH_NICE=N sets another value.
void raise_priority();

/// Keeps the compiler from removing the computation of @value.
template <class T>
inline void keep(const T &value)
{
	asm volatile("" : : "r,m"(value) : "memory");
}

struct Number {
	const char *name;
	double value;
};

/// Returns how often the system has preempted a thread of this process so far. A sample during which that happened
/// is not usable: it carries the number ("aside"), and bench/run drops it.
double times_put_aside();

/// Prints one sample: @value in @unit, and its additional numbers.
void emit(std::string_view name, const char *unit, double value,
	  std::initializer_list<Number> more = {});

/// Prints one fact for the report, such as the version of a peer.
void emit_fact(std::string_view name, std::string_view text);

/// A thread on the worker's processor. It sleeps while it has no work, so that the worker of the measured library
/// has the processor for itself. Used by one thread.
class Partner {
public:
	Partner();
	~Partner();
	Partner(const Partner &) = delete;
	Partner &operator=(const Partner &) = delete;

	/// Starts @work on the partner and returns.
	void start(std::function<void()> work);
	/// Waits until the partner has finished its work.
	void finish();
	/// Returns the nanoseconds of a round trip of one cache line to the partner, without a pause in the loop.
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

/// Takes one sample between two ping-pongs and prints it. @timed executes @operations operations and returns their
/// time in nanoseconds; when it returns, the worker's processor must be idle.
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

/// Runs the main loop of a probe: calls @round with each number of samples that bench/run asks for.
int serve(const std::function<void(unsigned samples)> &round);

} // namespace bench
