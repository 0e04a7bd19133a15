# SPDX-License-Identifier: MIT
"""Compares the uABIs of the kernel with its headers."""
