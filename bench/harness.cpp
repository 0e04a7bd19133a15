// SPDX-License-Identifier: MIT
// Thread placement, the ping-pong, and the lines that bench/run reads.
#include "harness.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <sched.h>
#include <sys/resource.h>

namespace bench {

namespace {

constexpr uint32_t kTrips = 200; // in one part of a ping-pong
constexpr size_t kParts = 9;	 // of which the median counts

} // namespace

uint64_t now_ns()
{
	timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return static_cast<uint64_t>(t.tv_sec) * 1'000'000'000 + static_cast<uint64_t>(t.tv_nsec);
}

void die(const char *format, ...)
{
	va_list arguments;

	std::fprintf(stderr, "%s: ", program_invocation_short_name);
	va_start(arguments, format);
	std::vfprintf(stderr, format, arguments);
	va_end(arguments);
	std::fputc('\n', stderr);
	// Not exit(): a worker of the measured library may still be running.
	std::fflush(nullptr);
	std::_Exit(1);
}

void pin(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set) < 0)
		die("cannot run on processor %d: %s; processors 0 and 1 are needed", cpu,
		    strerror(errno));
}

void raise_priority()
{
	const char *wanted = getenv("ACCEL_BENCH_NICE");

	// An error is ignored: without the permission the samples are only noisier.
	(void)setpriority(PRIO_PROCESS, 0, wanted ? atoi(wanted) : -20);
}

double times_put_aside()
{
	rusage usage = {};

	getrusage(RUSAGE_SELF, &usage);
	return static_cast<double>(usage.ru_nivcsw);
}

void emit(std::string_view name, const char *unit, double value, std::initializer_list<Number> more)
{
	std::printf(R"({"case":"%.*s","unit":"%s","value":%.9g)", static_cast<int>(name.size()),
		    name.data(), unit, value);
	for (const Number &number : more)
		std::printf(R"(,"%s":%.9g)", number.name, number.value);
	std::puts("}");
}

void emit_fact(std::string_view name, std::string_view text)
{
	std::printf(R"({"fact":"%.*s","text":"%.*s"})"
		    "\n",
		    static_cast<int>(name.size()), name.data(), static_cast<int>(text.size()),
		    text.data());
}

Partner::Partner()
	: thread_([this] {
		  pin(kWorkerCpu);
		  loop();
	  })
{}

Partner::~Partner()
{
	{
		std::lock_guard lock(mutex_);

		stop_ = true;
	}
	wake_.notify_one();
	thread_.join();
}

void Partner::start(std::function<void()> work)
{
	busy_.store(true, std::memory_order_relaxed);
	{
		std::lock_guard lock(mutex_);

		work_ = std::move(work);
	}
	wake_.notify_one();
}

void Partner::finish()
{
	while (busy_.load(std::memory_order_acquire))
		sched_yield();
}

void Partner::loop()
{
	std::unique_lock lock(mutex_);

	for (;;) {
		wake_.wait(lock, [this] { return stop_ || work_; });
		if (stop_)
			return;
		auto work = std::exchange(work_, nullptr);

		lock.unlock();
		work();
		busy_.store(false, std::memory_order_release);
		lock.lock();
	}
}

void Partner::answer(uint32_t trips)
{
	for (uint32_t i = 0; i <= trips; i++) {
		while (line_.load(std::memory_order_acquire) != 2 * i + 1)
			;
		line_.store(2 * i + 2, std::memory_order_release);
	}
}

double Partner::ping_pong()
{
	std::array<double, kParts> parts;
	auto trip = [this](uint32_t i) {
		line_.store(2 * i + 1, std::memory_order_release);
		while (line_.load(std::memory_order_acquire) != 2 * i + 2)
			;
	};

	line_.store(0, std::memory_order_relaxed);
	start([this] { answer(kTrips * kParts); });
	trip(0); // until the partner is awake
	for (size_t part = 0; part < kParts; part++) {
		uint64_t from = now_ns();

		for (uint32_t i = 1; i <= kTrips; i++)
			trip(static_cast<uint32_t>(part) * kTrips + i);
		parts[part] = static_cast<double>(now_ns() - from) / kTrips;
	}
	finish();
	std::ranges::nth_element(parts, parts.begin() + kParts / 2);
	return parts[kParts / 2];
}

int serve(const std::function<void(unsigned samples)> &round)
{
	char line[32];

	while (std::fgets(line, sizeof(line), stdin)) {
		int samples = atoi(line);

		if (samples < 1)
			die("'%s' is not a number of samples", line);
		round(static_cast<unsigned>(samples));
		std::puts(R"({"end":1})");
		std::fflush(stdout);
	}
	return 0;
}

} // namespace bench
