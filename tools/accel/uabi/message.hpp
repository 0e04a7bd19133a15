// SPDX-License-Identifier: MIT
// One message of the attribute uABI, created from text by the description of the device.
#pragma once

#include "uabi/policy.hpp"

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

	/// Adds an input, parsed by its type. Throws a usage Failure with the allowed values.
	void add_text(uint32_t attribute, const std::string &text);
	void add_number(uint32_t attribute, uint64_t value);
	/// Adds all missing outputs, with the room that the policy allows.
	void add_outputs();

	/// Delivers the message. Throws if the device refuses it.
	void deliver(const accel::Device &device, const std::string &name);

	/// Returns the first handle output: the object that a creating method created.
	uint64_t created() const;

	/// Returns (name, value) of each output as text.
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
		files_; // created here; open until the program ends, since the device may use them
};

/// Returns the bytes of a file ("@FILE") or of hexadecimal digits; nullopt if the text is neither.
std::optional<std::string> read_bytes(const std::string &text);

} // namespace cli
