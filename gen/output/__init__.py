# SPDX-License-Identifier: MIT
"""The texts that are generated from the specification; outputs.py has the list of the files."""
