// SPDX-License-Identifier: MIT
// The firmware: execution of commands and their answers.
#include "soft/device/firmware.hpp"

#include "soft/device/devices.hpp"
#include "soft/execute/self_test.hpp"

#include <array>
#include <cstring>
#include <iterator>
#include <uapi/accel/accel.h>

namespace accel::core::softdev {

namespace {

constexpr const char *kModel = "soft accelerator";
constexpr const char *kFirmware = ACCEL_SOFT_VERSION;
constexpr const char *kEngines = "ISA-L, oneDNN";

struct Form {
	uint32_t scope; // required
	size_t payload; // bytes of the answer without the head; for a log page the minimum
};

/* By opcode. */
constexpr Form kForms[] = {
	{},
	{ACCEL_SCOPE_CONFIGURATION, sizeof(accel_soft_identity)},	// identify
	{ACCEL_SCOPE_CONFIGURATION, sizeof(accel_soft_feature_value)},	// get-feature
	{ACCEL_SCOPE_CONFIGURATION, sizeof(accel_soft_feature_value)},	// set-feature
	{ACCEL_SCOPE_DEBUG_READ, 0},					// get-log
	{ACCEL_SCOPE_DEBUG_WRITE, sizeof(accel_soft_self_test_result)}, // self-test
	{ACCEL_SCOPE_DEBUG_FULL, 0},					// inject-fault
};

constexpr size_t kHead = sizeof(accel_soft_command_response);

const Form &form_of(uint32_t opcode)
{
	return kForms[opcode < std::size(kForms) ? opcode : 0];
}

template <size_t N>
void set_text(char (&to)[N], const char *text)
{
	strncpy(to, text, N - 1);
}

} // namespace

uint32_t Firmware::scope_of(uint32_t opcode)
{
	return form_of(opcode).scope;
}

size_t Firmware::answer_bytes(uint32_t opcode)
{
	return kHead + form_of(opcode).payload;
}

Firmware::Firmware(Device &device) : device_(device)
{
	answer_.reserve(kHead + ErrorLog::kMost * sizeof(accel_soft_error_entry));
}

void Firmware::reply(uint32_t status, const void *payload, size_t bytes)
{
	const accel_soft_command_response head{
		.status = status, .length = static_cast<uint32_t>(bytes), .reserved = 0};

	status_ = status;
	answer_.resize(kHead + bytes);
	memcpy(answer_.data(), &head, kHead);
	if (bytes)
		memcpy(answer_.data() + kHead, payload, bytes);
}

void Firmware::execute(const accel_soft_command_request &request, bool clean)
{
	request_ = request;
	if (!scope_of(request.opcode))
		return reply(ACCEL_SOFT_COMMAND_STATUS_UNKNOWN_OPCODE);
	if (!clean || request.reserved[0] || request.reserved[1])
		return refuse();
	switch (request.opcode) {
	case ACCEL_SOFT_OPCODE_IDENTIFY: return identify();
	case ACCEL_SOFT_OPCODE_GET_FEATURE: return get_feature();
	case ACCEL_SOFT_OPCODE_SET_FEATURE: return set_feature();
	case ACCEL_SOFT_OPCODE_GET_LOG: return get_log();
	case ACCEL_SOFT_OPCODE_SELF_TEST: return self_test();
	default: return inject_fault(); /* the only remaining opcode with a scope */
	}
}

void Firmware::identify()
{
	accel_soft_identity identity{};

	if (request_.argument || request_.value)
		return refuse();
	set_text(identity.model, kModel);
	set_text(identity.firmware, kFirmware);
	set_text(identity.engines, kEngines);
	identity.workers = device_.counts().workers;
	identity.operations = (1u << kOperations) - 1;
	succeed(identity);
}

void Firmware::get_feature()
{
	accel_soft_feature_value answer{};

	if (request_.value)
		return refuse();
	answer.feature = request_.argument;
	switch (request_.argument) {
	case ACCEL_SOFT_FEATURE_WORKERS: answer.value = device_.counts().workers; break;
	case ACCEL_SOFT_FEATURE_SPIN_NS: answer.value = device_.resources().tuning.spin_ns(); break;
	case ACCEL_SOFT_FEATURE_COUNTERS: answer.value = device_.counters(); break;
	default: return refuse();
	}
	succeed(answer);
}

void Firmware::set_feature()
{
	accel_soft_feature_value answer{};

	answer.feature = request_.argument;
	answer.value = request_.value;
	switch (request_.argument) {
	case ACCEL_SOFT_FEATURE_WORKERS:
		if (!request_.value || request_.value > ACCEL_SOFT_MAX_WORKERS)
			return refuse();
		if (!device_.resources().pool.set_workers(static_cast<uint32_t>(request_.value)))
			return reply(ACCEL_SOFT_COMMAND_STATUS_BUSY);
		break;
	case ACCEL_SOFT_FEATURE_SPIN_NS:
		if (request_.value > Tuning::kMaxSpinNs)
			return refuse();
		device_.resources().tuning.set_spin_ns(request_.value);
		break;
	case ACCEL_SOFT_FEATURE_COUNTERS:
		if (request_.value > 1)
			return refuse();
		stop_devices_at_exit();
		device_.set_counters(request_.value);
		break;
	default: return refuse();
	}
	succeed(answer);
}

void Firmware::get_log()
{
	std::array<accel_soft_error_entry, ErrorLog::kMost> entries;

	if (request_.value)
		return refuse();
	switch (request_.argument) {
	case ACCEL_SOFT_LOG_PAGE_HEALTH: return succeed(device_.health());
	case ACCEL_SOFT_LOG_PAGE_ERRORS:
		return reply(ACCEL_SOFT_COMMAND_STATUS_SUCCESS, entries.data(),
			     device_.resources().errors.read(entries) * sizeof(entries[0]));
	default: return refuse();
	}
}

void Firmware::self_test()
{
	if (request_.argument || request_.value)
		return refuse();
	const accel_soft_self_test_result result = run_self_test();

	reply(result.failed ? ACCEL_SOFT_COMMAND_STATUS_FAILED : ACCEL_SOFT_COMMAND_STATUS_SUCCESS,
	      &result, sizeof(result));
}

void Firmware::inject_fault()
{
	if (request_.argument >= kOperations)
		return refuse();
	device_.resources().injection.set(request_.argument, request_.value);
	reply(ACCEL_SOFT_COMMAND_STATUS_SUCCESS);
}

} // namespace accel::core::softdev
