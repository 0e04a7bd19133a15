# SPDX-License-Identifier: MIT
"""What a schema cannot say: unique names and numbers, ranges, layouts."""


def check(spec):
    return spec
