// SPDX-License-Identifier: MIT
// Messages of every method of soft, valid or mutated, in memory that ends at inaccessible pages.
#pragma once

#include "hostile/memory.hpp"
#include "hostile/options.hpp"
#include "uabi/policy.hpp"

#include <array>
#include <map>
#include <memory>
#include <vector>

namespace accel::hostile {

/// Any number; small ones are as probable as large ones.
inline std::uint64_t any_number(Random &random)
{
	return random() >> below(random, 64);
}

class MessageMaker {
public:
	explicit MessageMaker(Random &random);
	/// Closes the files that the device created.
	~MessageMaker();
	MessageMaker(const MessageMaker &) = delete;
	MessageMaker &operator=(const MessageMaker &) = delete;

	/// Returns the next message, valid until the following call.
	accel_call *next();
	/// Checks the answer to this message, and keeps the handles of new objects for later messages.
	void check(int result);

private:
	std::uint64_t number(const accel_policy_entry &entry);
	std::uint64_t handle(std::uint16_t object);
	std::uint64_t address();
	std::uint32_t file();
	accel_attribute valid_attribute(std::uint32_t line);
	void valid_message(std::uint32_t method);
	void mutate_header();
	void mutate_attribute();
	void mutate_list();
	void place_attributes();
	void place_value(accel_attribute &attribute, Guarded &room);
	void fill(std::span<std::byte> bytes);
	void place_header();
	void take_outputs();

	static constexpr std::uint64_t kNull = 1;	    // becomes 0 when the message is placed
	static constexpr std::uint64_t kPlaced = 2;	    // becomes an address at that time
	static constexpr std::uint64_t kWraps = UINT64_MAX; // refused for any number of bytes
	static constexpr std::uint16_t kUnknown = 0x4000;   // an id of nothing
	static constexpr std::size_t kRoom = 32 << 10;
	static constexpr std::uint8_t kBeforeRecord =
		0x5a; // the bytes in front of the error record

	Random &random_;
	std::vector<std::uint32_t> methods_;
	std::map<std::uint16_t, std::vector<std::uint64_t>> handles_; // by type of object
	std::vector<int> files_;
	accel_call header_{}, sent_{};
	std::vector<accel_attribute> attributes_;
	Guarded headers_{2 * kPage}, list_{kPage}, record_{2 * kPage}, target_{16 * kPage};
	std::array<Guarded, 12> rooms_;
	std::unique_ptr<std::byte[]> odd_header_; // of exactly its size, for AddressSanitizer
	accel_call *call_ = nullptr;
};

} // namespace accel::hostile
