// SPDX-License-Identifier: MIT
// `accel uabi show` and `accel uabi call`.
#include "fail.hpp"
#include "options.hpp"
#include "policy.hpp"
#include "uabi_message.hpp"

#include <algorithm>
#include <list>
#include <nlohmann/json.hpp>
#include <unistd.h>

namespace cli {

namespace {

/// One `accel uabi call`: the message asked for, and the objects that had to be made for it.
class Call {
public:
	Call(const UabiOptions &options, const accel::Device &device)
		: options_(options),
		  device_(device),
		  policy_(Policy::of_device(device, options.subject))
	{}

	void run();

private:
	uint32_t find_method() const;
	void add_arguments(UabiMessage &message, uint32_t method);
	void add_missing_handles(UabiMessage &message, uint32_t method, int depth);
	uint64_t create(uint16_t object, int depth);
	bool try_create(UabiMessage &message, uint32_t method, size_t choice, int depth);
	bool fill(UabiMessage &message, uint32_t attribute, size_t choice, int depth);

	const UabiOptions &options_;
	const accel::Device &device_;
	Policy policy_;
	std::list<UabiMessage> made_; // their memory and files must last
};

uint32_t Call::find_method() const
{
	const std::string &path = options_.method;
	size_t dot = path.find('.');
	uint32_t object = policy_.find(kNoLine, ACCEL_POLICY_KIND_OBJECT, path.substr(0, dot));

	if (object == kNoLine)
		fail(Exit::usage, options_.subject, "there is no object '{}'; there are: {}",
		     path.substr(0, dot), policy_.names(kNoLine, ACCEL_POLICY_KIND_OBJECT));
	std::string methods = policy_.names(object, ACCEL_POLICY_KIND_METHOD);

	if (dot == std::string::npos)
		fail(Exit::usage, options_.subject, "say which method of {}: {}", path, methods);
	uint32_t method = policy_.find(object, ACCEL_POLICY_KIND_METHOD, path.substr(dot + 1));

	if (method == kNoLine)
		fail(Exit::usage, options_.subject, "there is no method '{}' of {}; there are: {}",
		     path.substr(dot + 1), path.substr(0, dot), methods);
	return method;
}

void Call::add_arguments(UabiMessage &message, uint32_t method)
{
	const std::vector<std::string> &arguments = options_.arguments;

	for (size_t i = 0; i < arguments.size(); ++i) {
		if (!arguments[i].starts_with("--"))
			fail(Exit::usage, message.path(),
			     "'{}' is no attribute: write --NAME VALUE", arguments[i]);
		std::string name = arguments[i].substr(2);
		std::string value;

		if (size_t equals = name.find('='); equals != std::string::npos) {
			value = name.substr(equals + 1);
			name.resize(equals);
		} else if (i + 1 < arguments.size()) {
			value = arguments[++i];
		} else {
			fail(Exit::usage, message.path(), "--{} needs a value", name);
		}
		uint32_t attribute = policy_.find(method, ACCEL_POLICY_KIND_ATTRIBUTE, name);

		if (attribute == kNoLine)
			fail(Exit::usage, message.path(),
			     "there is no attribute '{}'; there are: {}", name,
			     policy_.names(method, ACCEL_POLICY_KIND_ATTRIBUTE));
		if (!policy_.line(attribute).has(ACCEL_POLICY_FLAGS_IN))
			fail(Exit::usage, message.path(), "{} is an output", name);
		if (message.has(attribute))
			fail(Exit::usage, message.path(), "{} is given twice", name);
		message.add_text(attribute, value);
	}
}

/// A value that a required input may have: the first that the device takes is good enough.
bool Call::fill(UabiMessage &message, uint32_t attribute, size_t choice, int depth)
{
	const Line &line = policy_.line(attribute);

	switch (line.entry.type) {
	case ACCEL_ATTRIBUTE_TYPE_HANDLE:
		message.add_number(attribute, create(line.entry.object, depth + 1));
		return true;
	case ACCEL_ATTRIBUTE_TYPE_ENUM: {
		std::vector<uint32_t> members =
			policy_.children(attribute, ACCEL_POLICY_KIND_MEMBER);

		if (choice >= members.size())
			return false;
		message.add_number(attribute, policy_.line(members[choice]).entry.minimum);
		return true;
	}
	case ACCEL_ATTRIBUTE_TYPE_U32:
	case ACCEL_ATTRIBUTE_TYPE_U64:
		message.add_number(attribute, line.entry.minimum);
		return choice == 0;
	case ACCEL_ATTRIBUTE_TYPE_FLAGS:
		message.add_number(attribute, line.entry.maximum);
		return choice == 0;
	case ACCEL_ATTRIBUTE_TYPE_FD:
		message.add_text(attribute, choice ? "memfd" : "eventfd");
		return choice < 2;
	default: return false;
	}
}

bool Call::try_create(UabiMessage &message, uint32_t method, size_t choice, int depth)
{
	bool has_choice = choice == 0;

	for (uint32_t at : policy_.children(method, ACCEL_POLICY_KIND_ATTRIBUTE)) {
		const Line &line = policy_.line(at);
		bool chosen = line.entry.type == ACCEL_ATTRIBUTE_TYPE_ENUM ||
			      line.entry.type == ACCEL_ATTRIBUTE_TYPE_FD;

		if (!line.has(ACCEL_POLICY_FLAGS_IN) || !line.has(ACCEL_POLICY_FLAGS_REQUIRED))
			continue;
		has_choice |= chosen;
		if (!fill(message, at, chosen ? choice : 0, depth))
			return false;
	}
	return has_choice;
}

/// Make an object of that type, with the least that its creating method needs.
uint64_t Call::create(uint16_t object, int depth)
{
	uint32_t line = policy_.find_id(kNoLine, ACCEL_POLICY_KIND_OBJECT, object);
	std::optional<Failure> refused;

	if (line == kNoLine || depth > 4)
		fail(Exit::usage, options_.method, "an object of type {} cannot be made for it",
		     object);
	for (uint32_t method : policy_.children(line, ACCEL_POLICY_KIND_METHOD)) {
		if (!policy_.line(method).has(ACCEL_POLICY_FLAGS_CREATES))
			continue;
		for (size_t choice = 0;; ++choice) {
			UabiMessage &message = made_.emplace_back(policy_, method);

			if (!try_create(message, method, choice, depth))
				break;
			message.add_outputs();
			try {
				message.deliver(device_, options_.subject);
			} catch (const Failure &failure) {
				refused = failure;
				continue;
			}
			if (options_.common.verbose)
				note(fmt::format("{} made {} 0x{:x} for this call", message.path(),
						 policy_.line(line).name, message.created()));
			return message.created();
		}
	}
	if (refused)
		throw *refused;
	fail(Exit::usage, options_.method,
	     "it needs a {}, which cannot be made without more information",
	     policy_.line(line).name);
}

void Call::add_missing_handles(UabiMessage &message, uint32_t method, int depth)
{
	for (uint32_t at : policy_.children(method, ACCEL_POLICY_KIND_ATTRIBUTE)) {
		const Line &line = policy_.line(at);

		if (line.has(ACCEL_POLICY_FLAGS_IN) && line.has(ACCEL_POLICY_FLAGS_REQUIRED) &&
		    line.entry.type == ACCEL_ATTRIBUTE_TYPE_HANDLE && !message.has(at))
			message.add_number(at, create(line.entry.object, depth));
	}
}

void Call::run()
{
	uint32_t method = find_method();
	UabiMessage message(policy_, method);

	add_arguments(message, method);
	add_missing_handles(message, method, 0);
	message.add_outputs();
	message.deliver(device_, options_.subject);
	if (options_.common.json) {
		print_json({{"device", options_.subject},
			    {"method", message.path()},
			    {"answer", message.answers_json()}});
		return;
	}
	Table table;

	for (const auto &[name, value] : message.answers())
		table.add({name, value});
	table.print(false);
}

} // namespace

int uabi_call_command(const UabiOptions &options)
{
	accel::Device device = open_device(options.subject, options.common);

	Call(options, device).run();
	return 0;
}

int uabi_show_command(const UabiOptions &options)
{
	// A name of a device has neither; a file in this folder may be written as ./NAME.
	bool is_file = options.subject.ends_with(".yaml") ||
		       options.subject.find('/') != std::string::npos;
	Policy policy;

	if (is_file) {
		policy = Policy::of_file(options.subject);
	} else {
		accel::Device device = open_device(options.subject, options.common);

		policy = Policy::of_device(device, options.subject);
	}
	if (options.common.json)
		print_json(policy.json());
	else
		print(policy.text());
	return 0;
}

} // namespace cli
