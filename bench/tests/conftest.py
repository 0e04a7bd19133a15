# SPDX-License-Identifier: MIT
"""Adds the folder of the package `measure` to the path."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
