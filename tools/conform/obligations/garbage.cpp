// SPDX-License-Identifier: MIT
// Obligations: random messages. Their addresses are memory of the process, so that only the device can fail.
#include "conform/policy.hpp"
#include "conform/tests.hpp"
#include "conform/work.hpp"

#include <algorithm>
#include <array>
#include <cerrno>

namespace accel::conform::tests {

namespace {

constexpr int kMessages = 4000;

/* Builds random messages from the description, valid or corrupt. */
class Garbage {
public:
	Garbage(Test &test, const Policy &policy) : test_(test), policy_(policy)
	{
		for_each_method(policy, [&](const PolicyLine &method) {
			/* The firmware may execute valid requests, which are not garbage. */
			if (policy.parent(method).entry.id != ACCEL_OBJECT_COMMAND)
				methods_.push_back(&method);
		});
	}

	void send(accel_device *device)
	{
		const PolicyLine &method = *methods_[test_.pick(0, methods_.size() - 1)];
		PolicyMessage message(policy_, method);

		for (uint32_t child : method.children)
			if (test_.pick(0, 2) == 0)
				message.set_good(policy_.lines[child]);
		std::ranges::shuffle(message.attributes, test_.random());
		for (accel_attribute &attribute : message.attributes)
			corrupt(attribute);
		if (test_.pick(0, 7) == 0 && !message.attributes.empty())
			message.attributes.push_back(accel_attribute(message.attributes[0]));
		if (test_.pick(0, 15) == 0)
			message.header.method = static_cast<uint16_t>(test_.pick(0, 9));
		/* Raw checks that the answer is in the contract. */
		message.call(device);
		note_handles(message);
	}

private:
	void corrupt(accel_attribute &a)
	{
		switch (test_.pick(0, 15)) {
		case 0:
			a.value = random_value();
			a.flags = 0;
			break;
		case 1:
			a.length = static_cast<uint32_t>(test_.pick(0, 40));
			bound(a);
			break;
		case 2: a.id = static_cast<uint16_t>(test_.pick(0, 12)); break;
		case 3: a.flags ^= static_cast<uint16_t>(1u << test_.pick(0, 1)); break;
		case 4:
		case 5:
		case 6: use_handle(a); break;
		case 7:
			a.value = test_.pick(1, 70000);
			a.flags = 0;
			break;
		case 8:
			a.flags = ACCEL_ATTRIBUTE_FLAGS_INDIRECT;
			a.value = arena();
			break;
		default: break;
		}
		/* Addresses are in the memory of the process, where the device may access them. */
		if (a.flags & ACCEL_ATTRIBUTE_FLAGS_INDIRECT && a.value && !inside(a))
			a.value = arena();
	}

	void bound(accel_attribute &a)
	{
		if (a.flags & ACCEL_ATTRIBUTE_FLAGS_INDIRECT)
			a.value = arena();
	}

	uint64_t random_value() { return test_.random()() >> test_.pick(0, 63); }

	void use_handle(accel_attribute &a)
	{
		if (!handles_.empty() && !(a.flags & ACCEL_ATTRIBUTE_FLAGS_INDIRECT))
			a.value = handles_[test_.pick(0, handles_.size() - 1)];
	}

	uint64_t arena() const { return reinterpret_cast<uintptr_t>(arena_.data()); }

	bool inside(const accel_attribute &a) const
	{
		return a.value >= arena() && a.length <= arena_.size() &&
		       a.value - arena() <= arena_.size() - a.length;
	}

	void note_handles(const Raw &raw)
	{
		for (const accel_attribute &a : raw.attributes)
			if (a.id == 1 && a.flags == ACCEL_ATTRIBUTE_FLAGS_WRITTEN && a.length == 8)
				handles_.push_back(a.value);
		if (handles_.size() > 64)
			handles_.erase(handles_.begin(), handles_.begin() + 32);
	}

	Test &test_;
	const Policy &policy_;
	std::vector<const PolicyLine *> methods_;
	std::vector<uint64_t> handles_;
	std::array<unsigned char, 8192> arena_{};
};

} // namespace

void random_messages(Test &test)
{
	Policy policy = read_policy(test, test.device());
	auto before = describe(test.device());
	uint32_t queues = test.caps().queues;
	Device victim = test.open();
	Garbage garbage(test, policy);

	for (int i = 0; i < kMessages; i++)
		garbage.send(victim.get());
	CHECK(describe(test.device()) == before, "random messages changed the description");
	victim.close();
	CHECK_QUEUES(test.device(), queues);
	/* A client that sends no random messages is not affected. */
	Space space = test.any_space();

	Runner(test, space).run_nop();
}

} // namespace accel::conform::tests
