// SPDX-License-Identifier: MIT
// The progress bar: on stderr if it is a terminal, after half a second.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace cli {

class Progress {
public:
	/// @total: bytes to process, if known.
	explicit Progress(std::optional<uint64_t> total);
	~Progress();
	Progress(const Progress &) = delete;
	Progress &operator=(const Progress &) = delete;

	/// Shows that @done bytes are processed.
	void update(uint64_t done);

	double seconds() const;

private:
	std::string line(uint64_t done, double seconds) const;

	using Clock = std::chrono::steady_clock;

	Clock::time_point begin_ = Clock::now();
	Clock::time_point next_;
	std::optional<uint64_t> total_;
	bool is_terminal_;
	bool is_drawn_ = false;
};

/// 75 -> "1:15".
std::string duration_text(double seconds);

} // namespace cli
