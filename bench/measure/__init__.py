# SPDX-License-Identifier: MIT
"""The parts of bench/run: probes, statistics, goals, plots, pages."""
