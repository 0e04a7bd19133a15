# SPDX-License-Identifier: MIT
"""Tests of the generator: /usr/bin/python3 -m pytest gen/tests."""
