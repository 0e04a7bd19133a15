# SPDX-License-Identifier: MIT
"""The operations of a device: their C++ types, and that methods of every kind compile."""
import shutil
import subprocess

import pytest

from gen.load.documents import TOP
from gen.output import outputs
from gen.output.operations import operations

TYPES = ("string", "bytes", "struct", "u32", "u64", "enum", "flags", "fd", "deadline", "address", "handle")
EXTRA = {"string": {"length": 16}, "bytes": {"length": 64}, "struct": {"struct": "buffer-range"},
         "enum": {"enum": "scope"}, "flags": {"enum": "access"}, "handle": {"object": "event"}}


@pytest.fixture(scope="module")
def made(real):
    return {operation.path: operation for operation in operations(real["accel"])}


def test_every_method_but_those_of_queues_and_describe(real, made):
    assert set(made) == {m.path for m in real["accel"].methods()
                         if m.object.name != "queue" and m.path != "device.describe"}
    assert made["buffer.register"].snake == "buffer_register"


@pytest.mark.parametrize("path, result, inputs, results", [
    ("device.query", "accel_device_caps", {}, None),
    ("buffer.query", "accel_buffer_info", {"handle": "uint64_t"}, None),
    ("buffer.destroy", "void", {"handle": "uint64_t"}, {}),
    ("event.create", "uint64_t", {"fd": "int"}, None),
    ("address-space.create", "AddressSpaceCreateOut", {"mode": "uint32_t"},
     {"handle": "uint64_t", "pasid": "std::optional<uint32_t>"}),
    ("address-space.map", "uint64_t",
     {"handle": "uint64_t", "address": "std::optional<uint64_t>", "length": "std::optional<uint64_t>",
      "range": "std::optional<accel_buffer_range>", "access": "uint64_t",
      "fixed_iova": "std::optional<uint64_t>"}, None),
    ("buffer.create", "BufferCreateOut", {"size": "uint64_t", "flags": "std::optional<uint64_t>"},
     {"handle": "uint64_t", "map_offset": "uint64_t", "actual_size": "std::optional<uint64_t>",
      "device_address": "std::optional<uint64_t>"}),
    ("buffer.export", "BufferExportOut", {"handle": "uint64_t"},
     {"fd": "int", "kind": "std::optional<uint32_t>"}),
    ("command.execute", "CommandExecuteOut",
     {"handle": "uint64_t", "request": "std::span<const std::byte>", "response": "std::span<std::byte>"},
     {"response": "uint64_t"}),
])
def test_types(made, path, result, inputs, results):
    operation = made[path]
    assert operation.result == result
    assert {member.snake: member.type for member in operation.inputs} == inputs
    if results is not None:
        assert {member.snake: member.type for member in operation.outputs} == results


def every_kind():
    """A method with an input and an output of each type, required and not."""
    attributes = []
    for direction in ("in", "out"):
        for kind in TYPES:
            for required in (True, False):
                attributes.append({
                    "name": f"{direction}-{kind}-{'must' if required else 'may'}", "value": len(attributes) + 1,
                    "type": kind, "direction": direction, "required": required, "doc": "A part.",
                    **EXTRA.get(kind, {})})
    return {"name": "tidy", "value": 30, "doc": "Tidy up.", "attributes": attributes}


def single(number, kind):
    return {"name": f"one-{kind}", "value": number, "doc": "One.", "attributes": [
        {"name": "what", "value": 1, "type": kind, "direction": "out", "required": True, "doc": "What.",
         **EXTRA.get(kind, {})}]}


def test_methods_of_every_kind_compile(folder):
    """A new method of the specification needs no hand-written code below core."""
    if not shutil.which("g++"):
        pytest.skip("g++ is not installed")
    folder.edit("accel", lambda d: d["objects"][0]["methods"].extend(
        [every_kind(), *(single(31 + i, kind) for i, kind in enumerate(TYPES))]))
    assert folder.gen("--update")[0] == 0
    assert folder.gen("--build", str(folder.top / "build"))[0] == 0
    code = """
        #include <accel/uabi/attribute_operations.hpp>
        #include <accel/uabi/operations.cpp>
        struct Carrier : accel::core::Operations {
            Carrier() : Operations("it only compiles") {}
            virtual int call(accel_call &message) noexcept = 0;
        };
        template class accel::core::AttributeOperations<Carrier>;
        using namespace accel::core;
        template <class T>
        using Returns = Result<T> (Operations::*)();
        static_assert(std::is_same_v<decltype(&Operations::device_one_fd), Returns<int>>);
        static_assert(std::is_same_v<decltype(&Operations::device_one_enum), Returns<uint32_t>>);
        static_assert(std::is_same_v<decltype(&Operations::device_one_u64), Returns<uint64_t>>);
        static_assert(std::is_same_v<decltype(&Operations::device_one_struct), Returns<DeviceOneStructOut>>);
        """
    done = subprocess.run(
        ["g++", "-std=c++23", "-Wall", "-Wextra", "-Wno-missing-field-initializers", "-Werror",
         "-fsyntax-only", f"-I{folder.top}/include", f"-I{folder.top}/build", f"-I{TOP}/src", "-x", "c++",
         "-"],
        input=code, text=True, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_form(real):
    files = outputs.built(real)
    for name in ("operations.hpp", "operations.cpp", "attribute_operations.hpp"):
        text = files[f"accel/uabi/{name}"]
        assert "\n\n\n" not in text and "{{" not in text
        assert all(line == line.rstrip() for line in text.splitlines()), name
