# SPDX-License-Identifier: MIT
"""The measured system: the machine, and the versions of the peers."""
from __future__ import annotations

import os
import pathlib
import platform
import subprocess

PEERS = {"DPDK": "librte-eal23", "liburing": "liburing2", "ISA-L": "libisal2", "oneDNN": "libdnnl2",
         "OpenBLAS": "libopenblas0-pthread", "zlib": "zlib1g", "libdeflate": "libdeflate0",
         "gzip": "gzip", "pigz": "pigz", "Google Benchmark": "libbenchmark1debian", "glibc": "libc6"}


def first_line(command: list[str]) -> str:
    """The first line that a command prints, or nothing."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.splitlines()[0] if done.returncode == 0 and done.stdout else ""


def package_version(name: str) -> str:
    """Version of a Debian package, or "not installed"."""
    return first_line(["dpkg-query", "-W", "-f", "${Version}", name]) or "not installed"


def processor() -> str:
    """Name, family and model of the processor."""
    found: dict[str, str] = {}
    for line in pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        key, _, value = line.partition(":")
        found.setdefault(key.strip(), value.strip())
    return (f"{found.get('model name', platform.machine())}, family {found.get('cpu family', '?')}, "
            f"model {found.get('model', '?')}")


def describe(top: pathlib.Path) -> dict[str, str]:
    """All facts, as lines of a table."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    flags = pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8")
    facts = {
        "processor": processor(),
        "processors": f"{os.cpu_count()}" + (", of a virtual machine" if " hypervisor" in flags else ""),
        "memory": f"{memory:.0f} GiB",
        "kernel": platform.release(),
        "compiler": first_line(["c++", "--version"]),
        "commit": first_line(["git", "-C", str(top), "describe", "--always", "--dirty"]),
    }
    return facts | {name: package_version(package) for name, package in PEERS.items()}
