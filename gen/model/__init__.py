# SPDX-License-Identifier: MIT
"""The specification as objects, for templates and checks; uabi.py has the uABIs and the whole."""
