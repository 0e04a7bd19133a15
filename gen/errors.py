# SPDX-License-Identifier: MIT
"""The one exception of the generator: what is wrong in which place of which file."""


class SpecError(Exception):
    """A list of problems, each one line: `spec/soft.yaml: objects[0]: what is wrong, what is allowed`."""

    def __init__(self, problems):
        self.problems = [problems] if isinstance(problems, str) else list(problems)
        super().__init__("\n".join(self.problems))


class Problems:
    """Collects problems, so that one run names all of them."""

    def __init__(self):
        self.lines = []

    def add(self, where, text):
        self.lines.append(f"{where}: {text}")

    def raise_if_any(self):
        if self.lines:
            raise SpecError(self.lines)
