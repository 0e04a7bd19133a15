# SPDX-License-Identifier: MIT
"""Tests of bench/measure."""
