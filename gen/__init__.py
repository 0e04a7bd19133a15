# SPDX-License-Identifier: MIT
"""Generates all outputs from spec/*.yaml. Run from the top of the tree: python3 -m gen --help."""
