# SPDX-License-Identifier: MIT
"""jinja2 with the filters that templates need."""
import pathlib
import textwrap

import jinja2

from ..model import names
from ..model.errors import SpecError

TEMPLATES = pathlib.Path(__file__).resolve().parent.parent / "templates"
WIDTH = 100


def c_number(value):
    """A number for `#define`: plain if an int can hold it, otherwise unsigned with a suffix."""
    return str(value) if 0 <= value <= 0x7FFFFFFF else f"0x{value:X}ULL"


def c_hex(value):
    """The same in hexadecimal."""
    return f"0x{value:x}" if value <= 0x7FFFFFFF else f"0x{value:X}ULL"


def comment(text, indent=""):
    """`/* text */`, in several lines if it is long."""
    one = f"{indent}/* {text} */"
    columns = WIDTH - indent.count("\t") * 7
    if len(one) <= columns:
        return one
    lines = textwrap.wrap(text, columns - len(indent) - 3, break_long_words=False,
                          break_on_hyphens=False)
    return f"{indent}/*\n" + "".join(f"{indent} * {line}\n" for line in lines) + f"{indent} */"


def kernel_doc(text, lead=""):
    """The content of a kernel-doc comment; with `lead`, lines after the first are indented."""
    lines = textwrap.wrap(lead + text, WIDTH - 3, subsequent_indent="  " if lead else "",
                          break_long_words=False, break_on_hyphens=False)
    return "\n".join(f" * {line}" for line in lines)


def line_doc(text, indent=""):
    """`/// text`, in as many lines as needed."""
    lines = textwrap.wrap(text, WIDTH - indent.count("\t") * 8 - 4, break_long_words=False, break_on_hyphens=False)
    return "\n".join(f"{indent}/// {line}" for line in lines)


def table_cell(text):
    """Text inside a table of a Markdown page."""
    return str(text).replace("|", "\\|").replace("\n", " ")


def _environment():
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES), undefined=jinja2.StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, keep_trailing_newline=True, autoescape=False)
    environment.filters.update(
        snake=names.snake, upper=names.upper, camel=names.camel, constant=names.constant,
        c_number=c_number, c_hex=c_hex, c_id=names.id_text, comment=comment, kernel_doc=kernel_doc,
        line_doc=line_doc, cell=table_cell)
    return environment


_ENVIRONMENT = _environment()


def render(template, **variables):
    """The output of the template; an error in a template is a SpecError with its name."""
    try:
        return _ENVIRONMENT.get_template(template).render(**variables)
    except jinja2.TemplateError as error:
        line = getattr(error, "lineno", None)
        raise SpecError(f"gen/templates/{template}:{line or ''} {error}") from error
