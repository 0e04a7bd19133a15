# SPDX-License-Identifier: MIT
"""From YAML documents, which the schema has accepted, to the objects of model.py."""
import copy

from . import model, names
from .errors import SpecError
from .layout import Bits, Field, Struct, Tail, Target, Union
from .model import (U32_MAX, U64_MAX, Attribute, Constant, Enum, Errno, Extension, Handle, Ioctl, Kernel,
                    Member, Method, Object, Spec, SysfsFile, SysfsFolder, Uabi)

# Bytes of the value on the wire, for the types where it is always the same.
WIRE_SIZES = {"u32": 4, "u64": 8, "enum": 4, "flags": 8, "handle": 8, "fd": 4, "deadline": 8, "address": 8}
# The members that every answer begins with.
ANSWER_HEAD = ("size", "reserved", "given")


def _noun(doc):
    """'Return the state of a queue.' -> 'The state of a queue.': the doc of a method as that of its answer."""
    text = doc.removeprefix("Return ")
    return text[:1].upper() + text[1:]


class _Builder:
    def __init__(self, uabi, document):
        self.uabi = uabi
        self.document = document
        self.filled = {struct.c_name for other in uabi.uses + [uabi.base] * bool(uabi.base)
                       for struct in other.structs}

    def where(self, place):
        return f"{self.uabi.file}: {place}"

    def fail(self, place, text):
        raise SpecError(f"{self.where(place)}: {text}")

    def c(self, *parts):
        return "_".join([self.uabi.prefix, *(names.upper(part) for part in parts)])

    def named(self, entry, place, c_name):
        return {"name": entry["name"], "doc": " ".join(entry["doc"].split()), "where": self.where(place),
                "c_name": c_name, "kernel": entry.get("kernel")}

    def known(self, finder, kind, name, place):
        thing = finder(name)
        if thing is None:
            self.fail(place, f"unknown {kind} '{name}'")
        return thing

    def entries(self, key):
        for number, entry in enumerate(self.document.get(key, [])):
            yield f"{key}[{number}]", entry

    def constants(self):
        for place, entry in self.entries("constants"):
            self.uabi.constants.append(Constant(
                **self.named(entry, place, self.c(entry["name"])), value=entry["value"],
                limit=entry.get("limit", False), unit=entry.get("unit")))

    def enums(self):
        for place, entry in self.entries("enums"):
            members = [
                Member(**self.named(m, f"{place}.members[{i}]", self.c(entry["name"], m["name"])),
                       value=m["value"], errno=m.get("errno"), scope=m.get("scope"),
                       **{key: self.bound(m[key], f"{place}.members[{i}].{key}")
                          for key in ("minimum", "maximum") if key in m})
                for i, m in enumerate(entry["members"])]
            self.uabi.enums.append(Enum(
                **self.named(entry, place, self.c(entry["name"]).lower()), kind=entry["kind"],
                members=members))

    def errnos(self):
        for place, entry in self.entries("errnos"):
            self.uabi.errnos.append(Errno(
                **self.named(entry, place, entry["name"]), action=" ".join(entry["action"].split())))

    def handles(self):
        for place, entry in self.entries("handles"):
            self.uabi.handles.append(Handle(
                **self.named(entry, place, self.c("handle", entry["name"])), errno=entry["errno"],
                maximum=self.bound(entry.get("maximum"), f"{place}.maximum")))

    def reference(self, made, entry, place, *keys):
        """Set the kinds of objects of an entry."""
        for key in keys:
            if key in entry:
                setattr(made, key, self.known(self.uabi.handle, "handle", entry[key], f"{place}.{key}"))

    def structs(self):
        # All of them first, because a pointer may refer to a later structure. A structure inside another one
        # must precede it, as in C.
        for place, entry in self.entries("structs"):
            self.uabi.structs.append(Struct(
                **self.named(entry, place, self.c(entry["name"]).lower()), size=entry["size"],
                extensible=entry.get("extensible", False)))
        for struct, (place, entry) in zip(self.uabi.structs, self.entries("structs")):
            self.reference(struct, entry, place, "creates", "destroys")
            if "tail" in entry:
                tail = entry["tail"]
                struct.tail = Tail(tail["name"], " ".join(tail["doc"].split()), tail.get("multiple-of", 1))
            self.fields(struct, entry["fields"], f"{place}.fields")
            self.filled.add(struct.c_name)

    def fields(self, struct, entries, place):
        for number, entry in enumerate(entries):
            here = f"{place}[{number}]"
            struct.fields.append(
                self.union(struct, entry, here) if "union" in entry else self.field(struct, entry, here))

    def union(self, struct, entry, place):
        union = Union(entry["union"], " ".join(entry["doc"].split()), self.where(place), entry["offset"],
                      entry["size"], entry.get("selector"))
        for number, variant in enumerate(entry["variants"]):
            here = f"{place}.variants[{number}]"
            inner = Struct(**self.named(variant, here, f"{struct.c_name}_{names.snake(variant['name'])}"),
                           size=entry["size"], base=entry["offset"], when=variant.get("when", []))
            self.fields(inner, variant["fields"], f"{here}.fields")
            union.variants.append(inner)
        return union

    def field(self, struct, entry, place):
        made = Field(entry["name"], " ".join(entry["doc"].split()), self.where(place), entry["type"],
                     entry["offset"], entry.get("count"), atomic=entry.get("atomic", False),
                     direction=entry.get("direction", "in"),
                     unit=entry.get("unit"), reserved=entry.get("reserved", False),
                     ignored=entry.get("ignored", False), errno=entry.get("errno"))
        kernel = entry.get("kernel", [])
        made.kernel = [kernel] if isinstance(kernel, str) else kernel
        for key in ("minimum", "maximum"):
            setattr(made, key, self.bound(entry.get(key), f"{place}.{key}"))
        self.reference(made, entry, place, "handle")
        made.bits = [self.bits(struct, entry, part, f"{place}.bits[{i}]")
                     for i, part in enumerate(entry.get("bits", []))]
        if "enum" in entry:
            made.enum = self.known(self.uabi.enum, "enum", entry["enum"], f"{place}.enum")
        if "struct" in entry:
            made.struct = self.known(self.uabi.struct, "struct", entry["struct"], f"{place}.struct")
        if entry["type"] == "struct":
            if not made.struct:
                self.fail(place, "the key 'struct' is missing: which structure it is")
            if made.struct.c_name not in self.filled:
                self.fail(f"{place}.struct", f"'{entry['struct']}' must stand before what contains it")
        if "target" in entry:
            made.target = self.target(entry["target"], f"{place}.target")
        return made

    def bits(self, struct, field, entry, place):
        made = Bits(entry["name"], " ".join(entry["doc"].split()), self.where(place),
                    f"{struct.c_name}_{names.snake(field['name'])}_{names.snake(entry['name'])}".upper(),
                    entry["first"], entry["width"], reserved=entry.get("reserved", False),
                    kernel=entry.get("kernel"))
        if "enum" in entry:
            made.enum = self.known(self.uabi.enum, "enum", entry["enum"], f"{place}.enum")
        return made

    def target(self, entry, place):
        made = Target(entry["kind"], entry["direction"], entry.get("length-field"),
                      entry.get("unit", "bytes"), selector=entry.get("selector"),
                      size_field=entry.get("size-field"), count_field=entry.get("count-field"),
                      room=self.bound(entry.get("room"), f"{place}.room"))
        for key in ("struct", "header"):
            if key in entry:
                setattr(made, key, self.known(self.uabi.struct, "struct", entry[key], f"{place}.{key}"))
        for key in ("cases", "answers"):
            for member, name in entry.get(key, {}).items():
                getattr(made, key)[member] = self.known(self.uabi.struct, "struct", name,
                                                        f"{place}.{key}.{member}")
        return made

    def ioctls(self):
        entries = list(self.entries("ioctls"))
        if "transport" in self.document:
            transport = self.document["transport"]
            entries.append(("transport", dict(transport["ioctl"], doc=transport["doc"])))
        for place, entry in entries:
            kind = entry["type"]
            made = Ioctl(
                **self.named(entry, place, self.c("ioctl", entry["name"])),
                type=ord(kind) if isinstance(kind, str) else kind,
                type_text=f"'{kind}'" if isinstance(kind, str) else f"0x{kind:X}",
                number=entry["number"], direction=entry["direction"],
                struct=self.known(self.uabi.struct, "struct", entry["struct"], f"{place}.struct"),
                waits=entry.get("waits"))
            self.reference(made, entry, place, "creates", "destroys")
            made.errnos = [Errno(**self.named(e, f"{place}.errnos[{i}]", e["name"]))
                           for i, e in enumerate(entry.get("errnos", []))]
            self.uabi.ioctls.append(made)

    def sysfs(self):
        for place, entry in self.entries("sysfs"):
            folder = SysfsFolder(**self.named(entry, place, self.c("sysfs", entry["name"])), path=entry["path"])
            for number, file in enumerate(entry["files"]):
                here = f"{place}.files[{number}]"
                made = SysfsFile(
                    **self.named(file, here, self.c("sysfs", entry["name"], file["name"])), file=file["file"],
                    type=file["type"], unit=file.get("unit"), bits=file.get("bits", 0), enum=None,
                    words={word["name"]: " ".join(word["doc"].split()) for word in file.get("words", [])},
                    writable=file.get("writable", False), optional=" ".join(file.get("optional", "").split()))
                if "enum" in file:
                    made.enum = self.known(self.uabi.enum, "enum", file["enum"], f"{here}.enum")
                folder.files.append(made)
            self.uabi.sysfs.append(folder)

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
            members.append(model.AnswerMember(
                member, a.doc, c_name=f"{given}_{names.upper(member)}", value=a.value, attribute=a, **here))
        return model.Answer(name, f"{_noun(method.doc)} Spec: {method.path}.", c_name=self.c(name).lower(),
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

    def bound(self, value, place):
        """A number, or that of a constant; None for None."""
        return self.known(self.uabi.constant, "constant", value, place).value if isinstance(value, str) \
            else value

    def extend(self):
        for place, entry in self.entries("extend"):
            obj = self.known(self.uabi.object, "object", entry["object"], f"{place}.object")
            method = self.known(obj.find, "method", entry["method"], f"{place}.method")
            added = self.attributes(entry["attributes"], method.path, place)
            method.attributes.extend(added)
            self.uabi.extensions.append(Extension(method, added, self.where(place)))


def _inherit(uabi, base):
    """A copy of the base's objects that this uABI may add to."""
    shared = [thing for owner in (base, *base.uses) for thing in (*owner.enums, *owner.structs)]
    memo = {id(thing): thing for thing in shared}
    uabi.objects = copy.deepcopy(base.objects, memo)


def _kernel(entry):
    if entry is None:
        return None
    return Kernel(entry["headers"], entry["covers"],
                  {left["name"]: " ".join(left["doc"].split()) for left in entry.get("leaves-out", [])},
                  {macro["name"]: macro["value"] for macro in entry.get("macros", [])})


def _build_one(name, file, document, done):
    uabi = Uabi(name, document["protocol"], document["header"], document["prefix"],
                " ".join(document["doc"].split()), file, _kernel(document.get("kernel")))
    uabi.uses = [done[other] for other in document.get("uses", [])]
    if "extends" in document:
        uabi.base = done[document["extends"]]
        if uabi.base.protocol != "attribute" or uabi.base.base:
            raise SpecError(f"{file}: extends: '{uabi.base.name}' cannot be extended, "
                            "only a common attribute uABI")
        _inherit(uabi, uabi.base)
    builder = _Builder(uabi, document)
    builder.constants()
    builder.enums()
    builder.errnos()
    builder.handles()
    builder.structs()
    builder.ioctls()
    builder.sysfs()
    builder.objects()
    builder.extend()
    return uabi


def build(documents, folder):
    """documents as load.read_folder() returns them -> Spec."""
    done, waiting = {}, dict(documents)
    while waiting:
        ready = None
        for name, (file, document) in waiting.items():
            needs = [*document.get("uses", []), *([document["extends"]] if "extends" in document else [])]
            missing = [need for need in needs if need not in documents]
            if missing:
                raise SpecError(f"{file}: extends or uses '{missing[0]}', which is not in {folder}")
            if all(need in done for need in needs):
                ready = name
                break
        if ready is None:
            raise SpecError(f"{folder}: these extend or use each other in a circle: {', '.join(waiting)}")
        file, document = waiting.pop(ready)
        done[ready] = _build_one(ready, file, document, done)
    return Spec(done, folder)
