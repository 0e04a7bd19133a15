# SPDX-License-Identifier: MIT
"""From YAML documents, which the schema has accepted, to the objects of gen/model/."""
import copy

from ..model.entries import Constant, Enum, Errno, Handle, Member
from ..model.errors import SpecError
from ..model.uabi import Ioctl, Kernel, Spec, SysfsFile, SysfsFolder, Uabi
from .build_methods import MethodBuilder
from .build_structs import StructBuilder
from .source import Source


class _Builder(Source):
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
    StructBuilder(uabi, document).structs()
    builder.ioctls()
    builder.sysfs()
    methods = MethodBuilder(uabi, document)
    methods.objects()
    methods.extend()
    return uabi


def build(documents, folder):
    """documents as read_folder() returns them -> Spec."""
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
