# SPDX-License-Identifier: MIT
"""Everything that is made from spec/*.yaml. Run from the top of the tree: python3 -m gen --help."""
