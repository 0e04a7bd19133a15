# SPDX-License-Identifier: MIT
"""Reads the YAML files of a spec folder and validates them against spec/schema.yaml."""
import pathlib

import jsonschema
import yaml

from ..model.entries import Hex
from ..model.errors import Problems, SpecError

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
SCHEMA = "schema.yaml"


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    """As SafeLoader, but a duplicate key is an error."""

    def construct_mapping(self, node, deep=False):
        seen = set()
        for key, _ in node.value:
            if key.tag != "tag:yaml.org,2002:str":
                raise yaml.MarkedYAMLError(problem="a key is not a word", problem_mark=key.start_mark)
            if key.value in seen:
                raise yaml.MarkedYAMLError(
                    problem=f"duplicate key '{key.value}'", problem_mark=key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def _construct_int(loader, node):
    value = loader.construct_yaml_int(node)
    return Hex(value) if node.value.lower().startswith("0x") else value


_Loader.add_constructor("tag:yaml.org,2002:int", _construct_int)


def shown(path):
    """The path for messages: relative to the top of the tree if possible."""
    path = pathlib.Path(path).resolve()
    return str(path.relative_to(TOP)) if path.is_relative_to(TOP) else str(path)


def path_text(parts):
    """['objects', 0, 'name'] -> 'objects[0].name'."""
    text = ""
    for part in parts:
        text += f"[{part}]" if isinstance(part, int) else ("." if text else "") + str(part)
    return text


def read_yaml(path):
    try:
        text = pathlib.Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SpecError(f"{shown(path)}: cannot be read: {getattr(error, 'strerror', None) or error}")
    try:
        return yaml.load(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = f"line {mark.line + 1}: " if mark else ""
        raise SpecError(f"{shown(path)}: {line}not YAML: {error.problem}")
    except yaml.YAMLError as error:
        raise SpecError(f"{shown(path)}: not YAML: {error}")


def _explain(error):
    """A sentence with the error and the allowed values."""
    value = error.instance
    if error.validator == "additionalProperties":
        allowed = sorted(error.schema.get("properties", {}))
        unknown = sorted(set(value) - set(allowed))
        return f"unknown key '{unknown[0]}', allowed: {', '.join(allowed)}"
    if error.validator == "required":
        missing = [key for key in error.validator_value if key not in value]
        return f"the key '{missing[0]}' is missing"
    if error.validator == "enum":
        return f"'{value}' is not allowed, allowed: {', '.join(map(str, error.validator_value))}"
    if error.validator == "pattern":
        return f"'{value}' is not allowed, it must match {error.validator_value}"
    if error.validator == "type":
        return f"{value!r} is not of the type {error.validator_value}"
    if "allowed" in error.schema:
        return f"{value!r} is not allowed, allowed: {error.schema['allowed']}"
    return error.message


def check_schema(schema, document, file):
    validator = jsonschema.Draft202012Validator(schema)
    problems = Problems()
    for error in sorted(validator.iter_errors(document), key=lambda e: [str(p) for p in e.path]):
        place = path_text(error.absolute_path)
        problems.add(f"{file}: {place}" if place else file, _explain(error))
    problems.raise_if_any()


def read_folder(folder):
    """Every uABI of the folder as {name: (shown file, document)}, each validated against the schema."""
    folder = pathlib.Path(folder)
    if not folder.is_dir():
        raise SpecError(f"{shown(folder)}: is not a folder")
    schema_path = folder / SCHEMA
    schema = read_yaml(schema_path if schema_path.exists() else TOP / "spec" / SCHEMA)
    documents = {}
    for path in sorted(folder.glob("*.yaml")):
        if path.name == SCHEMA:
            continue
        file = shown(path)
        document = read_yaml(path)
        check_schema(schema, document, file)
        if document["name"] != path.stem:
            raise SpecError(f"{file}: name: '{document['name']}' must be the file's name, '{path.stem}'")
        documents[document["name"]] = (file, document)
    if not documents:
        raise SpecError(f"{shown(folder)}: no *.yaml file in it describes a uABI")
    return documents
