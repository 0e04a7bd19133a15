# SPDX-License-Identifier: MIT
"""The operations of a device, which core calls and providers implement: one for each method of the common
uABI, except those of a queue, which is a separate object (src/core)."""
from ..model import names

DESCRIBED_ELSEWHERE = ("device.describe",)
NUMBERS = {"u32": "uint32_t", "enum": "uint32_t", "fd": "int"}


def _is_memory(attribute):
    """The caller provides room for such an output."""
    return attribute.type in ("bytes", "string")


def _type(attribute):
    if attribute.type == "string":
        return "std::string_view"
    if attribute.type == "bytes":
        return "std::span<const std::byte>"
    return attribute.struct.c_name if attribute.struct else NUMBERS.get(attribute.type, "uint64_t")


class Member:
    """One member of an input or output structure."""

    def __init__(self, attribute, cpp_type, required, doc):
        self.attribute = attribute
        self.snake = attribute.snake
        self.type = cpp_type if required else f"std::optional<{cpp_type}>"
        self.optional = not required
        self.doc = doc
        number = cpp_type.startswith("uint") or cpp_type == "int"
        self.start = "0" if required and number else "{}"


class Operation:
    """The properties of a method for the templates."""

    def __init__(self, method):
        self.method = method
        self.path = method.path
        self.doc = method.doc
        self.camel = method.camel
        self.snake = names.snake(method.path.replace(".", "-"))
        self.answer = method.answer
        self.rooms = [a for a in method.outputs() if _is_memory(a) and not method.answer]
        self.inputs = [self._input(a) for a in method.attributes if a.is_in or a in self.rooms]
        self.outputs = [self._output(a) for a in method.outputs()]

    @staticmethod
    def _input(attribute):
        if attribute.is_in:
            return Member(attribute, _type(attribute), attribute.required, attribute.doc)
        element = "std::byte" if attribute.type == "bytes" else "char"
        return Member(attribute, f"std::span<{element}>", True, f"Room for it: {attribute.doc}")

    @staticmethod
    def _output(attribute):
        if _is_memory(attribute):
            return Member(attribute, "uint64_t", True, f"Bytes written: {attribute.doc}")
        return Member(attribute, _type(attribute), attribute.required, attribute.doc)

    @property
    def parameter(self):
        return f"const {self.camel}In &in" if self.inputs else ""

    @property
    def single(self):
        """The only output if the result is one number, or None."""
        if self.answer or len(self.outputs) != 1:
            return None
        only = self.outputs[0]
        return None if only.optional or _is_memory(only.attribute) or only.attribute.struct else only

    @property
    def result(self):
        if self.answer:
            return self.answer.c_name
        if not self.outputs:
            return "void"
        return self.single.type if self.single else f"{self.camel}Out"


def _methods(uabi):
    return [method for method in uabi.methods()
            if method.path not in DESCRIBED_ELSEWHERE and method.object.name != "queue"]


def operations(uabi):
    return [Operation(method) for method in _methods(uabi)]
