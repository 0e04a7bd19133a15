# SPDX-License-Identifier: MIT
"""check-tap finds each kind of fault."""
import pathlib
import subprocess
import sys
import unittest

CHECK = pathlib.Path(__file__).with_name("check-tap")
GOOD = "TAP version 14\n1..2\n# device x\nok 1 - P-001 a: b\nok 2 - P-002 c: d # SKIP not here\n"


def check(text: str, status: int = 0, least: int = 1) -> int:
    """The exit status of check-tap for a command that prints text."""
    command = [sys.executable, "-c", f"import sys; sys.stdout.write({text!r}); sys.exit({status})"]
    return subprocess.run([sys.executable, CHECK, str(least), *command], check=False,
                          capture_output=True).returncode


class CheckTap(unittest.TestCase):
    """One method for each kind of run."""

    def test_good(self) -> None:
        """A good run passes."""
        self.assertEqual(check(GOOD), 0)

    def test_not_ok(self) -> None:
        """A failed test is a fault, whatever the exit status."""
        bad = GOOD.replace("ok 1", "not ok 1")
        self.assertEqual(check(bad, 1), 1)
        self.assertEqual(check(bad, 0), 1)

    def test_too_few(self) -> None:
        """A skipped test does not count as run."""
        self.assertEqual(check(GOOD, least=2), 1)

    def test_cut(self) -> None:
        """A run that ends early is a fault."""
        self.assertEqual(check(GOOD[:GOOD.index("ok 2")]), 1)
        self.assertEqual(check(""), 1)

    def test_numbers(self) -> None:
        """Results out of order are a fault."""
        self.assertEqual(check(GOOD.replace("ok 2", "ok 3")), 1)

    def test_bail_out(self) -> None:
        """A bail-out is a fault."""
        self.assertEqual(check("TAP version 14\nBail out! no device\n", 2, 0), 1)

    def test_status(self) -> None:
        """An exit status that contradicts the results is a fault."""
        self.assertEqual(check(GOOD, 1), 1)

    def test_skip_without_reason(self) -> None:
        """A skip needs a reason."""
        self.assertEqual(check(GOOD.replace("SKIP not here", "SKIP  ")), 1)


if __name__ == "__main__":
    unittest.main()
