# SPDX-License-Identifier: MIT
"""bench/run finds the package beside itself; the tests find it here."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
