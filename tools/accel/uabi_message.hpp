// SPDX-License-Identifier: MIT
// One message of the attribute uABI made from text, by what the device itself describes.
#pragma once

#include "policy.hpp"

#include <accel/accel.hpp>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cli {

/// A method of the policy, and the attributes for one call of it.
class UabiMessage {
public:
	/// @method: its line. The policy must outlive the message.
	UabiMessage(const Policy &policy, uint32_t method);

	/// "queue.create"
	std::string path() const;
	bool has(uint32_t attribute) const;

	/// Add an input, parsed by its type. Throws a usage Failure that says what is allowed.
	void add_text(uint32_t attribute, const std::string &text);
	void add_number(uint32_t attribute, uint64_t value);
	/// Give every output that is not there yet as much room as the policy allows.
	void add_outputs();

	/// Deliver it; throws if the device refuses.
	void deliver(const accel::Device &device, const std::string &name);

	/// The first handle output: what a creating method made.
	uint64_t created() const;

	/// What came back, for people: (name, value) for each output.
	std::vector<std::pair<std::string, std::string>> answers() const;
	Json answers_json() const;

private:
	struct Freer {
		void operator()(void *memory) const { free(memory); }
	};

	[[noreturn]] void refuse(uint32_t attribute, const std::string &text,
				 const std::string &allowed) const;
	void *memory(size_t bytes);
	void add_bytes(uint32_t attribute, const std::string &bytes);
	void add_value(uint32_t attribute, uint64_t value, uint32_t size);
	uint64_t named_number(uint32_t attribute, const std::string &text) const;
	uint64_t address(uint32_t attribute, const std::string &text);
	uint64_t file(uint32_t attribute, const std::string &text);
	std::string bytes(uint32_t attribute, const std::string &text) const;
	std::string words(uint32_t attribute, const std::string &text) const;
	std::string member_names(uint32_t attribute, uint64_t value) const;
	std::string answer_bytes(size_t position) const;
	std::string number_answer(size_t position) const;
	std::string answer(size_t position) const;
	Json answer_json(size_t position) const;

	const Policy &policy_;
	uint32_t method_;
	std::vector<accel_attribute> attributes_;
	std::vector<uint32_t> lines_; // of each attribute
	std::vector<std::unique_ptr<void, Freer>> memory_;
	std::vector<int>
		files_; // made here; they live until the program ends, as the device may use them
};

/// Bytes of a file ("@FILE") or hexadecimal digits; nullopt if it is neither.
std::optional<std::string> read_bytes(const std::string &text);

} // namespace cli
