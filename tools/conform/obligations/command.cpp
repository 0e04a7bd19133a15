// SPDX-License-Identifier: MIT
// Obligations: command channels.
#include "conform/raw.hpp"
#include "conform/test.hpp"
#include "conform/tests.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <vector>

namespace accel::conform::tests {

namespace {

constexpr size_t kRoom = 65536;

struct Answer {
	int result;
	std::vector<std::byte> bytes;
	size_t size;
};

Answer execute(accel_command *command, std::span<const std::byte> request, size_t room = kRoom)
{
	Answer answer{0, std::vector<std::byte>(std::max<size_t>(room, 1), std::byte{0xee}), room};

	answer.result = accel_command_execute(command, request.data(), request.size(),
					      answer.bytes.data(), &answer.size, err());
	return answer;
}

std::span<const std::byte> given(const Answer &answer)
{
	return std::span(answer.bytes).first(std::min(answer.size, answer.bytes.size()));
}

std::span<const CommandSample> samples(Test &test)
{
	auto commands = test.workload().commands;

	if (commands.empty())
		skip("the workload of this provider has no commands");
	return commands;
}

} // namespace

void scope_is_enforced(Test &test)
{
	auto commands = samples(test);

	for (accel_scope scope : {ACCEL_SCOPE_CONFIGURATION, ACCEL_SCOPE_DEBUG_READ,
				  ACCEL_SCOPE_DEBUG_WRITE, ACCEL_SCOPE_DEBUG_FULL}) {
		auto command = Command::create(test.owner(), static_cast<Scope>(scope));
		int code = command ? 0 : command.error().code();

		/* Wide scopes may need a privilege. */
		if (scope != ACCEL_SCOPE_CONFIGURATION && (code == EPERM || code == EACCES))
			continue;
		Command owner = NEED(std::move(command));
		accel_command *made = owner.get();

		for (const CommandSample &sample : commands) {
			if (sample.scope > scope) {
				CHECK_ERRNO(execute(made, sample.request).result, EPERM,
					    ACCEL_REASON_SCOPE);
				CHECK(last_error().text[0], "the record has no text");
				continue;
			}
			Answer answer = execute(made, sample.request);

			check_ok(answer.result, sample.name, CONFORM_HERE);
			CHECK(test.workload().accepted(given(answer)),
			      "{} was not accepted in scope {}", sample.name,
			      static_cast<int>(scope));
		}
	}
}

void unknown_scope(Test &test)
{
	accel_command *made = nullptr;

	test.command(ACCEL_SCOPE_CONFIGURATION);
	/* A C++ program can only get such a value by a cast. */
	for (unsigned scope : {0u, 5u, 7u}) {
		CHECK_ERRNO(accel_command_create(test.device(), static_cast<accel_scope>(scope),
						 &made, err()),
			    EINVAL, ACCEL_REASON_UNKNOWN_MEMBER);
		CHECK_EQ(last_error().attribute, ACCEL_COMMAND_CREATE_SCOPE);
		CHECK_EQ(last_error().value, scope);
	}
	CHECK_EQ(made, nullptr);
}

void answers_are_stable(Test &test)
{
	const CommandSample &sample = samples(test).front();
	Command command = test.command(sample.scope);
	Answer first = execute(command.get(), sample.request);

	check_ok(first.result, sample.name, CONFORM_HERE);
	CHECK(!sample.response_size || first.size == sample.response_size,
	      "{} answers {} bytes, not {}", sample.name, first.size, sample.response_size);
	for (int i = 0; i < 50; i++) {
		Answer again = execute(command.get(), sample.request);

		check_ok(again.result, sample.name, CONFORM_HERE);
		CHECK(std::ranges::equal(given(first), given(again)), "the answers of {} differ",
		      sample.name);
	}
	for (size_t i = first.size; i < first.bytes.size(); i++)
		CHECK(first.bytes[i] == std::byte{0xee}, "byte {} after the answer was written", i);
}

void answer_does_not_fit(Test &test)
{
	const CommandSample &sample = samples(test).front();
	Command command = test.command(sample.scope);
	Answer whole = execute(command.get(), sample.request);

	check_ok(whole.result, sample.name, CONFORM_HERE);
	for (size_t room : {size_t{0}, size_t{1}, whole.size / 2, whole.size - 1}) {
		Answer cut = execute(command.get(), sample.request, room);

		CHECK_ERRNO(cut.result, EMSGSIZE, ACCEL_REASON_NO_ROOM);
		CHECK_EQ(cut.size, whole.size);
		for (size_t i = room; i < cut.bytes.size(); i++)
			CHECK(cut.bytes[i] == std::byte{0xee},
			      "a byte after a room of {} was written", room);
	}
	Answer exact = execute(command.get(), sample.request, whole.size);

	check_ok(exact.result, sample.name, CONFORM_HERE);
	CHECK(std::ranges::equal(given(exact), given(whole)), "with exact room the answer differs");
}

void unknown_command(Test &test)
{
	samples(test);
	Command command = test.command(ACCEL_SCOPE_CONFIGURATION);
	Answer answer = execute(command.get(), test.workload().unknown_command);

	if (answer.result == 0)
		CHECK(!test.workload().accepted(given(answer)), "an unknown command was accepted");
	else
		CHECK(answer.result == -EINVAL || answer.result == -EIO || answer.result == -EPERM,
		      "{}", code_text(answer.result));
	/* The channel works as before. */
	Answer known = execute(command.get(), samples(test).front().request);

	check_ok(known.result, "a known command after it", CONFORM_HERE);
}

void short_requests(Test &test)
{
	const CommandSample &sample = samples(test).front();
	Command command = test.command(sample.scope);

	for (size_t bytes = 0; bytes < sample.request.size(); bytes++) {
		Answer answer = execute(command.get(), sample.request.first(bytes));

		if (answer.result == 0)
			CHECK(!test.workload().accepted(given(answer)),
			      "{} bytes of {} were accepted", bytes, sample.request.size());
		else
			CHECK_ERRNO(answer.result, EINVAL, 0);
	}
}

void huge_requests(Test &test)
{
	samples(test);
	Command command = test.command(ACCEL_SCOPE_CONFIGURATION);
	std::vector<std::byte> request((1 << 23) + 1);

	Answer answer = execute(command.get(), request);

	CHECK_ERRNO(answer.result, EINVAL, ACCEL_REASON_WRONG_LENGTH);
	CHECK_EQ(last_error().attribute, ACCEL_COMMAND_EXECUTE_REQUEST);
}

void null_requests(Test &test)
{
	samples(test);
	Command command = test.command(ACCEL_SCOPE_CONFIGURATION);
	std::byte room[64];
	size_t size = sizeof(room);

	CHECK_ERRNO(accel_command_execute(command.get(), nullptr, 32, room, &size, err()), EFAULT,
		    ACCEL_REASON_BAD_POINTER);
	CHECK_EQ(size, sizeof(room));
	auto request = samples(test).front().request;

	/* An answer that is lost must be an error. */
	int result = accel_command_execute(command.get(), request.data(), request.size(), nullptr,
					   &size, err());
	CHECK(result == -EFAULT || result == -EMSGSIZE, "{}", code_text(result));
	CHECK_ERRNO(accel_command_execute(command.get(), request.data(), request.size(), room,
					  nullptr, err()),
		    EFAULT, ACCEL_REASON_BAD_POINTER);
}

void channels_are_independent(Test &test)
{
	auto commands = samples(test);
	const CommandSample &narrow = commands.front(), &wide = commands.back();

	if (wide.scope == narrow.scope)
		skip("the workload's commands all have the same scope");
	Command wide_channel = test.command(wide.scope);
	Command narrow_channel = test.command(narrow.scope);

	/* What one channel permits, another does not, also after the first was closed. */
	check_ok(execute(wide_channel.get(), wide.request).result, wide.name, CONFORM_HERE);
	CHECK_ERRNO(execute(narrow_channel.get(), wide.request).result, EPERM, ACCEL_REASON_SCOPE);
	(void)wide_channel.destroy();
	CHECK_ERRNO(execute(narrow_channel.get(), wide.request).result, EPERM, ACCEL_REASON_SCOPE);
	check_ok(execute(narrow_channel.get(), narrow.request).result, narrow.name, CONFORM_HERE);
}

} // namespace accel::conform::tests
