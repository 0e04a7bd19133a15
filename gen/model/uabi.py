# SPDX-License-Identifier: MIT
"""The specification as objects, for templates and checks: the uABIs with their ioctls and files of sysfs.

entries.py has the basic entries, layout.py the structures, methods.py the entries of attribute uABIs.
"""
from dataclasses import dataclass, field

from . import names
from .entries import Constant, Enum, Errno, Handle, Named
from .layout import Struct
from .methods import Extension, Object


@dataclass
class Kernel:
    """The kernel's headers that declare the same as a uABI. `covers` is whole or part."""
    headers: list[str]
    covers: str
    leaves_out: dict[str, str]  # {name: reason}
    macros: dict[str, int]  # macros that the headers use and do not declare


@dataclass
class Ioctl(Named):
    """`type` is the magic number, `number` the command, `direction` none, in, out or inout."""
    type: int
    type_text: str  # as in the specification: "'d'" or "0x9A"
    number: int
    direction: str
    struct: Struct
    creates: Handle | None = None
    destroys: Handle | None = None
    waits: str | None = None  # path of the field that limits how long it sleeps
    errnos: list[Errno] = field(default_factory=list)

    @property
    def macro(self):
        return {"none": "_IO", "in": "_IOW", "out": "_IOR", "inout": "_IOWR"}[self.direction]

    @property
    def code(self):
        """The number for ioctl(), as on x86 and arm."""
        bits = {"none": 0, "in": 1, "out": 2, "inout": 3}[self.direction]
        size = self.struct.size if bits else 0
        return bits << 30 | size << 16 | self.type << 8 | self.number


@dataclass
class SysfsFile(Named):
    """One file; `type` is number, hex, flag, word, text or bitmap. `words` is {word: meaning}."""
    file: str
    type: str
    unit: str | None
    bits: int
    enum: Enum | None
    words: dict[str, str]
    writable: bool
    optional: str


@dataclass
class SysfsFolder(Named):
    """A folder of sysfs that a driver creates; `path` has <n> for each number."""
    path: str
    files: list[SysfsFile] = field(default_factory=list)


@dataclass
class Uabi(names.Spelled):
    """One file of the specification.

    `objects` is the merged view: those of the uABI that it extends, in its order, each method with the
    attributes added here after its own, then those of this file. `own_objects` is this file's part.
    """
    name: str
    protocol: str  # attribute, ioctl, memory
    header: str
    prefix: str
    doc: str
    file: str
    kernel: Kernel | None = None
    base: "Uabi | None" = None
    uses: list["Uabi"] = field(default_factory=list)
    constants: list[Constant] = field(default_factory=list)
    enums: list[Enum] = field(default_factory=list)
    structs: list[Struct] = field(default_factory=list)
    errnos: list[Errno] = field(default_factory=list)
    handles: list[Handle] = field(default_factory=list)
    ioctls: list[Ioctl] = field(default_factory=list)
    sysfs: list[SysfsFolder] = field(default_factory=list)
    objects: list[Object] = field(default_factory=list)
    extensions: list[Extension] = field(default_factory=list)

    @property
    def own_objects(self):
        return [o for o in self.objects if o.origin == self.name]

    def methods(self):
        """Every method of the merged view, in order."""
        return [method for obj in self.objects for method in obj.methods]

    def _find(self, kind, name):
        """An entry of this uABI, of the one that it extends, or `ring.layout` of one that it uses."""
        if "." in name:
            other, _, name = name.partition(".")
            uabi = next((u for u in self.uses if u.name == other), None)
            return uabi._find(kind, name) if uabi else None
        found = next((thing for thing in getattr(self, kind) if thing.name == name), None)
        return found or (self.base._find(kind, name) if self.base else None)

    def constant(self, name):
        return self._find("constants", name)

    def enum(self, name):
        return self._find("enums", name)

    def struct(self, name):
        return self._find("structs", name)

    def handle(self, name):
        return self._find("handles", name)

    def object(self, name):
        return self._find("objects", name)


@dataclass
class Spec:
    """All uABIs by name, each one after those that it extends or uses."""
    uabis: dict[str, Uabi]
    folder: str

    def __getitem__(self, name):
        return self.uabis[name]

    def __iter__(self):
        return iter(self.uabis.values())

    def of_protocol(self, protocol):
        return [uabi for uabi in self if uabi.protocol == protocol]

    @property
    def core(self):
        """The common attribute uABI, which extends no other."""
        return next((u for u in self.of_protocol("attribute") if u.base is None), None)

    @property
    def drivers(self):
        return [u for u in self.of_protocol("attribute") if u.base is not None]
