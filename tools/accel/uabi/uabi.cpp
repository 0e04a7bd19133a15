// SPDX-License-Identifier: MIT
// `accel uabi show` and `accel uabi call`.
#include "uabi/uabi.hpp"

#include "terminal/fail.hpp"
#include "uabi/message.hpp"
#include "uabi/policy.hpp"

#include <algorithm>
#include <cerrno>
#include <list>
#include <nlohmann/json.hpp>
#include <unistd.h>

namespace cli {

namespace {

/// One `accel uabi call`: the message, and the objects that were created for it.
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
	bool add_missing_handles(UabiMessage &message, uint32_t method, size_t skip);
	bool is_about_created_handle(const Failure &failure, uint32_t method) const;
	uint64_t create(uint16_t object, int depth, size_t skip = 0);
	UabiMessage &deliver(uint32_t method);
	bool try_create(UabiMessage &message, uint32_t method, size_t choice, int depth);
	bool fill(UabiMessage &message, uint32_t attribute, size_t choice, int depth);

	const UabiOptions &options_;
	const accel::Device &device_;
	Policy policy_;
	std::list<UabiMessage> created_; // the device may use their memory and files
};

uint32_t Call::find_method() const
{
	const std::string &path = options_.method;
	size_t dot = path.find('.');
	uint32_t object = policy_.find(kNoLine, ACCEL_POLICY_KIND_OBJECT, path.substr(0, dot));

	if (object == kNoLine)
		fail(Exit::usage, options_.subject, "unknown object '{}'; allowed: {}",
		     path.substr(0, dot), policy_.names(kNoLine, ACCEL_POLICY_KIND_OBJECT));
	std::string methods = policy_.names(object, ACCEL_POLICY_KIND_METHOD);

	if (dot == std::string::npos)
		fail(Exit::usage, options_.subject, "a method of {} is missing; allowed: {}", path,
		     methods);
	uint32_t method = policy_.find(object, ACCEL_POLICY_KIND_METHOD, path.substr(dot + 1));

	if (method == kNoLine)
		fail(Exit::usage, options_.subject, "unknown method '{}' of {}; allowed: {}",
		     path.substr(dot + 1), path.substr(0, dot), methods);
	return method;
}

void Call::add_arguments(UabiMessage &message, uint32_t method)
{
	const std::vector<std::string> &arguments = options_.arguments;

	for (size_t i = 0; i < arguments.size(); ++i) {
		if (!arguments[i].starts_with("--"))
			fail(Exit::usage, message.path(),
			     "'{}' is not an attribute; use --NAME VALUE", arguments[i]);
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
			fail(Exit::usage, message.path(), "unknown attribute '{}'; allowed: {}",
			     name, policy_.names(method, ACCEL_POLICY_KIND_ATTRIBUTE));
		if (!policy_.line(attribute).has(ACCEL_POLICY_FLAGS_IN))
			fail(Exit::usage, message.path(), "{} is an output", name);
		if (message.has(attribute))
			fail(Exit::usage, message.path(), "{} is given twice", name);
		message.add_text(attribute, value);
	}
}

/// Adds a value for a required input; returns false if there is no further choice. The caller uses the first value that
/// the device accepts.
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

/// Creates an object of that type with the required attributes of its creating method. @skip: number of accepted ways
/// to create it that do not suit the caller. Returns 0 if no other way is left.
uint64_t Call::create(uint16_t object, int depth, size_t skip)
{
	const size_t skipped = skip;

	uint32_t line = policy_.find_id(kNoLine, ACCEL_POLICY_KIND_OBJECT, object);
	std::optional<Failure> refused;

	if (line == kNoLine || depth > 4)
		fail(Exit::usage, options_.method, "cannot create an object of type {} for it",
		     object);
	for (uint32_t method : policy_.children(line, ACCEL_POLICY_KIND_METHOD)) {
		if (!policy_.line(method).has(ACCEL_POLICY_FLAGS_CREATES))
			continue;
		for (size_t choice = 0;; ++choice) {
			UabiMessage &message = created_.emplace_back(policy_, method);

			if (!try_create(message, method, choice, depth))
				break;
			message.add_outputs();
			try {
				message.deliver(device_, options_.subject);
			} catch (const Failure &failure) {
				refused = failure;
				continue;
			}
			if (skip) {
				skip--;
				continue;
			}
			if (options_.common.verbose)
				note(fmt::format("{} created {} 0x{:x} for this call",
						 message.path(), policy_.line(line).name,
						 message.created()));
			return message.created();
		}
	}
	if (skipped)
		return 0;
	if (refused)
		throw *refused;
	fail(Exit::usage, options_.method,
	     "it needs a handle of type {}; name one, since none can be created automatically",
	     policy_.line(line).name);
}

/// Adds created objects for required handles that are missing; returns false if one cannot be created in a further way.
bool Call::add_missing_handles(UabiMessage &message, uint32_t method, size_t skip)
{
	for (uint32_t at : policy_.children(method, ACCEL_POLICY_KIND_ATTRIBUTE)) {
		const Line &line = policy_.line(at);

		if (line.has(ACCEL_POLICY_FLAGS_IN) && line.has(ACCEL_POLICY_FLAGS_REQUIRED) &&
		    line.entry.type == ACCEL_ATTRIBUTE_TYPE_HANDLE && !message.has(at)) {
			uint64_t handle = create(line.entry.object, 0, skip);

			if (!handle)
				return false;
			message.add_number(at, handle);
		}
	}
	return true;
}

/// Returns whether the device refused an object that was created for the call, not an argument of the user.
bool Call::is_about_created_handle(const Failure &failure, uint32_t method) const
{
	if (!failure.record || failure.record->code != -EINVAL)
		return false;
	uint32_t at =
		policy_.find_id(method, ACCEL_POLICY_KIND_ATTRIBUTE, failure.record->attribute);
	if (at == kNoLine || policy_.line(at).entry.type != ACCEL_ATTRIBUTE_TYPE_HANDLE)
		return false;
	const std::string option = "--" + policy_.line(at).name;

	return std::ranges::none_of(options_.arguments, [&](const std::string &given) {
		return given == option || given.starts_with(option + "=");
	});
}

/// Delivers the message. An object that was created for it may be of a wrong kind: an address space without mappings
/// for address-space.map. Then the next way to create one is tried, until none is left.
UabiMessage &Call::deliver(uint32_t method)
{
	std::optional<Failure> first;

	for (size_t skip = 0;; ++skip) {
		UabiMessage &message = created_.emplace_back(policy_, method);

		add_arguments(message, method);
		if (!add_missing_handles(message, method, skip))
			throw *first;
		message.add_outputs();
		try {
			message.deliver(device_, options_.subject);
			return message;
		} catch (const Failure &failure) {
			if (!is_about_created_handle(failure, method))
				throw;
			if (!first)
				first = failure;
		}
	}
}

void Call::run()
{
	const UabiMessage &message = deliver(find_method());

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
	// No device name has these; a file in this folder may be written as ./NAME.
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
