# SPDX-License-Identifier: MIT
"""From the structures of a document to those of model/layout.py."""
from ..model import names
from ..model.layout import Bits, Field, Struct, Tail, Target, Union
from .source import Source


class StructBuilder(Source):
    def __init__(self, uabi, document):
        super().__init__(uabi, document)
        # The structures that have their fields, and so a size that another structure may use.
        self.filled = {struct.c_name for other in uabi.uses + [uabi.base] * bool(uabi.base)
                       for struct in other.structs}

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
