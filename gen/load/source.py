# SPDX-License-Identifier: MIT
"""One document, which the schema has accepted, and the uABI that is built from it."""
from ..model import names
from ..model.errors import SpecError


class Source:
    """What the builders of all kinds of entries use: places for messages, names, references and numbers."""

    def __init__(self, uabi, document):
        self.uabi = uabi
        self.document = document

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

    def bound(self, value, place):
        """A number, or that of a constant; None for None."""
        return self.known(self.uabi.constant, "constant", value, place).value if isinstance(value, str) \
            else value

    def reference(self, made, entry, place, *keys):
        """Set the kinds of objects of an entry."""
        for key in keys:
            if key in entry:
                setattr(made, key, self.known(self.uabi.handle, "handle", entry[key], f"{place}.{key}"))
