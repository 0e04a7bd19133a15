// SPDX-License-Identifier: MIT
// The progress bar: on stderr if it is a terminal, after half a second.
#include "terminal/progress.hpp"

#include "terminal/output.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <unistd.h>

namespace cli {

namespace {

constexpr std::chrono::milliseconds kDelay(500);
constexpr std::chrono::milliseconds kInterval(100);
constexpr size_t kBarWidth = 24;

} // namespace

std::string duration_text(double seconds)
{
	uint64_t all = static_cast<uint64_t>(std::llround(seconds));

	if (all >= 3600)
		return fmt::format("{}:{:02}:{:02}", all / 3600, all / 60 % 60, all % 60);
	return fmt::format("{}:{:02}", all / 60, all % 60);
}

Progress::Progress(std::optional<uint64_t> total)
	: next_(begin_ + kDelay), total_(total), is_terminal_(is_colourful(STDERR_FILENO))
{}

Progress::~Progress()
{
	if (is_drawn_)
		fputs("\r\033[K", stderr);
}

double Progress::seconds() const
{
	return std::chrono::duration<double>(Clock::now() - begin_).count();
}

std::string Progress::line(uint64_t done, double seconds) const
{
	double rate = static_cast<double>(done) / seconds;
	std::string speed = size_text(rate) + "/s";

	if (!total_ || *total_ == 0)
		return fmt::format("{}  {}  {}", size_text(static_cast<double>(done)), speed,
				   duration_text(seconds));
	double part = std::min(1.0, static_cast<double>(done) / static_cast<double>(*total_));
	size_t full = static_cast<size_t>(part * kBarWidth);
	std::string left =
		rate > 0 ? duration_text((static_cast<double>(*total_) * (1 - part)) / rate) :
			   "-:--";

	return fmt::format("{:3.0f} % [{}{}]  {} of {}  {}  {} left", 100 * part,
			   std::string(full, '='), std::string(kBarWidth - full, ' '),
			   size_text(static_cast<double>(done)),
			   size_text(static_cast<double>(*total_)), speed, left);
}

void Progress::update(uint64_t done)
{
	if (!is_terminal_ || Clock::now() < next_)
		return;
	next_ = Clock::now() + kInterval;
	is_drawn_ = true;
	std::string text = "\r" + line(done, seconds()) + "\033[K";

	fwrite(text.data(), 1, text.size(), stderr);
}

} // namespace cli
