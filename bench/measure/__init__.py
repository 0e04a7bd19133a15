# SPDX-License-Identifier: MIT
"""What bench/run is made of: asking the probes, statistics, goals, plots, pages."""
