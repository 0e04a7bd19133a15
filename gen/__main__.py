# SPDX-License-Identifier: MIT
"""The command line of the generator."""
import argparse
import os
import pathlib
import sys

from . import files, lock
from .drift import drift
from .load import load
from .load.documents import TOP
from .model.errors import SpecError
from .output import outputs
from .output.policy import Policy
from .output.show import listing


def _arguments(argv):
    parser = argparse.ArgumentParser(
        prog="python3 -m gen", description="Generates all outputs from spec/*.yaml.",
        epilog="Exit status: 0 done, 1 an output is stale or an error occurred (see stderr), 2 wrong usage.")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--check", action="store_true",
                      help="fail if a committed output or the number lock is stale")
    what.add_argument("--update", action="store_true",
                      help="write the committed outputs and append new numbers to the lock")
    what.add_argument("--build", metavar="DIR", help="write the outputs of a build under DIR")
    what.add_argument("--show", metavar="NAME", help="print the policy of an attribute uABI")
    what.add_argument("--kernel", metavar="DIR",
                      help="compare the uABIs of the kernel with its headers below DIR, in both directions")
    what.add_argument("--describe", metavar="NAME",
                      help="write the bytes of the answer of device.describe")
    parser.add_argument("--spec", metavar="DIR", default=str(TOP / "spec"),
                        help="spec folder to read; its parent has the committed outputs (default: %(default)s)")
    return parser.parse_args(argv)


def _policy(spec, name):
    names = [uabi.name for uabi in spec.of_protocol("attribute")]
    if name not in names:
        raise SpecError(f"'{name}' has no policy, allowed: {', '.join(names)}")
    return Policy(spec[name])


def _check(spec, folder):
    problems = lock.problems(spec, folder)
    problems += files.compare(folder.parent, outputs.committed(spec), (outputs.HEADERS, outputs.PAGES))
    if problems:
        raise SpecError(problems)


def _update(spec, folder):
    added = lock.update(spec, folder)
    for name in files.write(folder.parent, outputs.committed(spec)):
        print(f"wrote {name}")
    for line in added:
        print(f"locked {line}")


def _kernel(spec, include):
    """Print one line for each uABI of the kernel, with the number of compared items."""
    described, problems = [uabi for uabi in spec if uabi.kernel], []
    for uabi in described:
        counts, found = drift.check(uabi, include)
        problems += found
        print(f"{uabi.name}: {', '.join(f'{number} {what}' for what, number in counts.items())}; "
              f"{'the same' if not found else f'{len(found)} differences'}")
    if not described:
        raise SpecError(f"{spec.folder}: contains no uABI of the kernel")
    sys.stdout.flush()
    if problems:
        raise SpecError(problems)


def run(argv):
    arguments = _arguments(argv)
    folder = pathlib.Path(arguments.spec).resolve()
    spec = load(folder)
    if arguments.check:
        _check(spec, folder)
    elif arguments.update:
        _update(spec, folder)
    elif arguments.build:
        files.write_build(pathlib.Path(arguments.build), outputs.built(spec))
    elif arguments.kernel:
        _kernel(spec, pathlib.Path(arguments.kernel).resolve())
    elif arguments.show:
        sys.stdout.write(listing(_policy(spec, arguments.show)))
    else:
        sys.stdout.buffer.write(_policy(spec, arguments.describe).blob())
    sys.stdout.flush()


def main(argv=None):
    try:
        run(argv)
    except SpecError as error:
        print(error, file=sys.stderr)
        return 1
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
