# SPDX-License-Identifier: MIT
"""The exception of the generator, with file, place and error."""


class SpecError(Exception):
    """A list of problems, each one line: `spec/soft.yaml: objects[0]: error, allowed values`."""

    def __init__(self, problems):
        self.problems = [problems] if isinstance(problems, str) else list(problems)
        super().__init__("\n".join(self.problems))


class Problems:
    """Collects problems, so that one run reports all of them."""

    def __init__(self):
        self.lines = []

    def add(self, where, text):
        self.lines.append(f"{where}: {text}")

    def unique(self, things, key, what):
        """Require that the keys are unique; the message names both places."""
        seen = {}
        for thing in things:
            value = key(thing)
            if value in seen:
                text = f"{value:#x}" if isinstance(value, int) else f"'{value}'"
                self.add(thing.where, f"the {what} {text} is taken by {seen[value].where}")
            else:
                seen[value] = thing

    def raise_if_any(self):
        if self.lines:
            raise SpecError(self.lines)
