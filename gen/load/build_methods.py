# SPDX-License-Identifier: MIT
"""From the objects of a document, and the attributes that it adds to others, to those of model/methods.py."""
from ..model import names
from ..model.entries import U32_MAX, U64_MAX
from ..model.methods import Answer, AnswerMember, Attribute, Extension, Method, Object
from .source import Source

# Bytes of the value on the wire, for the types where it is always the same.
WIRE_SIZES = {"u32": 4, "u64": 8, "enum": 4, "flags": 8, "handle": 8, "fd": 4, "deadline": 8, "address": 8}
# The members that every answer begins with.
ANSWER_HEAD = ("size", "reserved", "given")


def _noun(doc):
    """'Return the state of a queue.' -> 'The state of a queue.': the doc of a method as that of its answer."""
    text = doc.removeprefix("Return ")
    return text[:1].upper() + text[1:]


class MethodBuilder(Source):
    def objects(self):
        own = []
        for place, entry in self.entries("objects"):
            obj = Object(**self.named(entry, place, self.c("object", entry["name"])), value=entry["value"],
                         parent=None, origin=self.uabi.name)
            own.append((obj, place, entry))
            self.uabi.objects.append(obj)
        for obj, place, entry in own:
            if "parent" in entry:
                obj.parent = self.known(self.uabi.object, "object", entry["parent"], f"{place}.parent")
            for number, method in enumerate(entry["methods"]):
                self.method(obj, method, f"{place}.methods[{number}]")

    def method(self, obj, entry, place):
        made = Method(**self.named(entry, place, self.c(obj.name, entry["name"])), value=entry["value"],
                      object=obj, creates=entry.get("creates", False),
                      destroys=entry.get("destroys", False), origin=self.uabi.name)
        made.attributes = self.attributes(entry.get("attributes", []), made.path, place)
        if "answer" in entry:
            made.answer = self.answer(made, entry["answer"], f"{place}.answer")
        obj.methods.append(made)

    def answer(self, method, name, place):
        here = {"where": self.where(place), "kernel": None}
        given = self.c(name, "given")
        members = []
        for a in sorted(method.outputs(), key=lambda a: a.value):
            # `size` of buffer.query becomes buffer_size: every answer begins with a size of its own.
            member = f"{method.object.name}-{a.name}" if a.name in ANSWER_HEAD else a.name
            members.append(AnswerMember(
                member, a.doc, c_name=f"{given}_{names.upper(member)}", value=a.value, attribute=a, **here))
        return Answer(name, f"{_noun(method.doc)} Spec: {method.path}.", c_name=self.c(name).lower(),
                            given=given, members=members, **here)

    def attributes(self, entries, path, place):
        return [self.attribute(entry, path, f"{place}.attributes[{number}]")
                for number, entry in enumerate(entries)]

    def attribute(self, entry, path, place):
        full = f"{path}.{entry['name']}"
        made = Attribute(
            **self.named(entry, place, self.c(full)), value=entry["value"], type=entry["type"],
            direction=entry["direction"], required=entry.get("required", False),
            power_of_two=entry.get("power-of-two", False), origin=self.uabi.name, path=full,
            length=entry.get("length", 0), given=frozenset(entry))
        for key, finder in (("object", self.uabi.object), ("enum", self.uabi.enum),
                            ("struct", self.uabi.struct)):
            if key in entry:
                setattr(made, key, self.known(finder, key, entry[key], f"{place}.{key}"))
        self.measure(made, entry, place)
        return made

    def measure(self, made, entry, place):
        """Set size and range, as in struct accel_policy_entry."""
        made.size = WIRE_SIZES.get(made.type, 0)
        if made.type == "struct" and made.struct:
            made.size = made.struct.size
        if made.type == "enum" and made.enum:
            made.minimum, made.maximum = made.enum.minimum, made.enum.maximum
        elif made.type == "flags" and made.enum:
            made.maximum = made.enum.mask
        elif made.type in ("u32", "fd"):
            made.maximum = U32_MAX
        elif made.type in ("u64", "handle", "deadline", "address"):
            made.maximum = U64_MAX
        for key in ("minimum", "maximum"):
            if key in entry:
                setattr(made, key, self.bound(entry[key], f"{place}.{key}"))

    def extend(self):
        for place, entry in self.entries("extend"):
            obj = self.known(self.uabi.object, "object", entry["object"], f"{place}.object")
            method = self.known(obj.find, "method", entry["method"], f"{place}.method")
            added = self.attributes(entry["attributes"], method.path, place)
            method.attributes.extend(added)
            self.uabi.extensions.append(Extension(method, added, self.where(place)))
