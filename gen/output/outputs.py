# SPDX-License-Identifier: MIT
"""The output files: the committed ones and those of a build."""
from . import answers, mock, tables
from .fuzz import dictionary
from .header import header
from .operations import operations
from .pages import pages
from .policy import Policy
from .render import TEMPLATES, render

HEADERS = "include/uapi/accel"
PAGES = "docs/reference"
ANSWERS = "include/accel/answers.h"
NAMES = "include/accel"


def committed(spec):
    """{path from the top of the tree: text} of all committed outputs."""
    files = {f"{HEADERS}/{uabi.header}": header(uabi) for uabi in spec}
    if spec.core:
        files[ANSWERS] = answers.header(spec.core)
    files |= {f"{NAMES}/{name}": text for name, text in tables.headers(spec).items()}
    files |= {f"{PAGES}/{name}": text for name, text in pages(spec).items()}
    return files


def _cpp(spec):
    """One file for each cpp_NAME.j2; one for each attribute uABI for each cpp_each_NAME.j2."""
    policies = {uabi.name: Policy(uabi) for uabi in spec.of_protocol("attribute")}
    common = operations(spec.core) if spec.core else []
    for template in sorted(TEMPLATES.glob("cpp_*.j2")):
        name = template.name.removeprefix("cpp_").removesuffix(".j2")
        if name.startswith("mock"):
            continue
        if not name.startswith("each_"):
            yield f"accel/uabi/{name}", render(template.name, spec=spec, policies=policies, operations=common)
            continue
        for uabi in spec.of_protocol("attribute"):
            yield (f"accel/uabi/{uabi.snake}_{name.removeprefix('each_')}",
                   render(template.name, spec=spec, policies=policies, uabi=uabi,
                          policy=policies[uabi.name]))


def _mocks(spec):
    """The checks, copies and objects of each driver's mock, for the devices of mock/."""
    for uabi in mock.served(spec):
        for kind in ("hpp", "cpp"):
            yield (f"{mock.FOLDER}/{uabi.snake}_mock.{kind}",
                   render(f"cpp_mock.{kind}.j2", uabi=uabi, bases=mock.bases(spec, uabi), m=mock))


def built(spec):
    """{path in the build's folder: text} of the outputs of a build."""
    files = dict(_cpp(spec)) | dict(_mocks(spec))
    for uabi in spec.of_protocol("attribute"):
        files[f"{uabi.name}.dict"] = dictionary(uabi)
    return files
