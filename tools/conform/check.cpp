// SPDX-License-Identifier: MIT
// The checks of an obligation: their texts, and the calling thread's error record.
#include "conform/check.hpp"

#include <cerrno>
#include <cstring>

namespace accel::conform {

namespace {

Place *progress;
thread_local accel_error thread_error;

const char *base_name(const char *file)
{
	const char *slash = std::strrchr(file, '/');

	return slash ? slash + 1 : file;
}

bool terminated(const accel_error_record &record)
{
	return std::memchr(record.text, 0, sizeof(record.text)) != nullptr;
}

} // namespace

void set_progress(Place *place) noexcept
{
	progress = place;
}

void passed(Place place) noexcept
{
	/* Several threads may store at once; a file and a line of two different checks are still useful. */
	if (progress) {
		__atomic_store_n(&progress->file, place.file, __ATOMIC_RELAXED);
		__atomic_store_n(&progress->line, place.line, __ATOMIC_RELAXED);
	}
}

void fail(Place place, const std::string &text)
{
	throw Failed{fmt::format("{}:{}: {}", base_name(place.file), place.line, text)};
}

void skip(const std::string &reason)
{
	throw Skipped{reason};
}

accel_error *err() noexcept
{
	thread_error = {};
	return &thread_error;
}

const accel_error_record &last_error() noexcept
{
	return thread_error.record;
}

std::string code_text(int result)
{
	if (result >= 0)
		return fmt::format("{}", result);
	return fmt::format("-{} ({})", accel_errno_name(result), result);
}

std::string record_text(const accel_error_record &r)
{
	return fmt::format(
		"reason {}, object {}, method {}, attribute {}, value {}, allowed {} to {}: {}",
		accel_reason_name(r.reason), r.object, r.method, r.attribute, r.value, r.minimum,
		r.maximum, terminated(r) ? std::string(r.text) : "(text is not terminated)");
}

void check_ok(int result, const char *call, Place place)
{
	if (result)
		fail(place, fmt::format("{}: expected 0, got {}: {}", call, code_text(result),
					record_text(last_error())));
	passed(place);
}

void need_ok(int result, const char *call, Place place)
{
	if (result == -EOPNOTSUPP)
		skip(last_error().text);
	check_ok(result, call, place);
}

int keep(const Error &error) noexcept
{
	*err() = error.raw();
	return error.raw().record.code;
}

void check_errno(int result, int code, unsigned reason, const char *call, Place place)
{
	const accel_error_record &record = last_error();

	if (result != -code)
		fail(place, fmt::format("{}: expected {}, got {}: {}", call, code_text(-code),
					code_text(result), record_text(record)));
	if (record.code != result)
		fail(place, fmt::format("{}: returned {}, but the code of its error record is {}",
					call, code_text(result), code_text(record.code)));
	if (accel_reason_errno(record.reason) != code)
		fail(place, fmt::format("{}: {} does not belong to {}", call, record_text(record),
					accel_errno_name(code)));
	if (reason && record.reason != reason)
		fail(place, fmt::format("{}: expected reason {}, got {}", call,
					accel_reason_name(reason), record_text(record)));
	if (!terminated(record) || !record.text[0])
		fail(place, fmt::format("{}: the error record has no text", call));
	passed(place);
}

} // namespace accel::conform
