// SPDX-License-Identifier: MIT
// Lists of structures of different kinds: the list that the program sent, and the answer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

namespace accel::core::mock {

/// One structure of a list, with the bytes that follow it.
template <class T>
struct Item {
	T value;
	std::span<const std::byte> tail;
};

/// The answer to a list. It is copied to the program if the handler returns 0 or calls deliver().
class ListAnswer {
public:
	explicit ListAnswer(size_t room) : room_(room) {}

	/// Adds bytes that count as one structure; false: there is not enough room.
	bool add_bytes(std::span<const std::byte> head, std::span<const std::byte> tail = {})
	{
		if (head.size() + tail.size() > room_ - bytes_.size())
			return false;
		bytes_.insert(bytes_.end(), head.begin(), head.end());
		bytes_.insert(bytes_.end(), tail.begin(), tail.end());
		count++;
		return true;
	}
	/// Copies the answer to the program although the handler fails.
	void deliver() { delivered_ = true; }
	bool delivered() const { return delivered_; }

	std::span<std::byte> bytes() { return bytes_; }

	uint64_t count = 0; // reported to the program; a broken device may lie
	/// The reported length: the number of bytes, unless the device lies.
	void claim(uint64_t length) { claimed_ = length; }
	uint64_t length() const { return claimed_ == UINT64_MAX ? bytes_.size() : claimed_; }

private:
	size_t room_;
	std::vector<std::byte> bytes_;
	uint64_t claimed_ = UINT64_MAX;
	bool delivered_ = false;
};

} // namespace accel::core::mock
