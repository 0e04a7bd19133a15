# SPDX-License-Identifier: MIT
"""Refusals by the schema, with the place and the allowed values."""
import pytest
import yaml

from gen.load.documents import SCHEMA, TOP, read_yaml

from .conftest import DELETE

REFUSED = [
    # unknown keys
    ("soft", "extra", 1, "spec/soft.yaml: unknown key 'extra', allowed: constants, doc, enums, errnos,"),
    ("soft", "objects.0.colour", 1, "spec/soft.yaml: objects[0]: unknown key 'colour', allowed: doc,"),
    ("soft", "objects.0.methods.1.attributes.0.min", 1,
     "spec/soft.yaml: objects[0].methods[1].attributes[0]: unknown key 'min', allowed: direction, doc,"),
    ("soft", "enums.0.members.0.number", 1, "spec/soft.yaml: enums[0].members[0]: unknown key 'number'"),
    ("soft", "structs.0.fields.0.width", 1, "spec/soft.yaml: structs[0].fields[0]: unknown key 'width'"),
    ("soft", "structs.0.fields.4.variants.0.size", 8,
     "spec/soft.yaml: structs[0].fields[4].variants[0]: unknown key 'size'"),
    ("sample", "transport", {}, "spec/sample.yaml: unknown key 'transport'"),
    ("sample", "structs.1.fields.1.target.count", 1, "spec/sample.yaml: structs[1].fields[1].target: unknown"),
    ("ring", "objects", [], "spec/ring.yaml: unknown key 'objects'"),
    ("accel", "transport.ioctl.size", 4, "spec/accel.yaml: transport.ioctl: unknown key 'size'"),
    # a doc on everything
    *[(name, path + ".doc", DELETE, f"{place}: the key 'doc' is missing") for name, path, place in (
        ("soft", "constants.0", "constants[0]"), ("soft", "enums.0", "enums[0]"),
        ("soft", "enums.0.members.2", "enums[0].members[2]"), ("soft", "structs.1", "structs[1]"),
        ("soft", "structs.0.fields.1", "structs[0].fields[1]"),
        ("soft", "structs.0.fields.4", "structs[0].fields[4]"),
        ("soft", "structs.0.fields.4.variants.1", "structs[0].fields[4].variants[1]"),
        ("soft", "structs.0.fields.4.variants.1.fields.0", "structs[0].fields[4].variants[1].fields[0]"),
        ("soft", "objects.0", "objects[0]"), ("soft", "objects.0.methods.0", "objects[0].methods[0]"),
        ("soft", "objects.0.methods.0.attributes.0", "objects[0].methods[0].attributes[0]"),
        ("soft", "extend.0.attributes.0", "extend[0].attributes[0]"), ("accel", "errnos.0", "errnos[0]"),
        ("accel", "transport", "transport"), ("sample", "ioctls.0", "ioctls[0]"))],
    ("soft", "doc", DELETE, "spec/soft.yaml: the key 'doc' is missing"),
    ("soft", "doc", " ", "spec/soft.yaml: doc: ' ' is not allowed, it must match"),
    ("accel", "errnos.0.action", DELETE, "spec/accel.yaml: errnos[0]: the key 'action' is missing"),
    # every number is explicit
    *[(name, path, DELETE, "the key '%s' is missing" % path.split(".")[-1]) for name, path in (
        ("soft", "constants.0.value"), ("soft", "enums.0.members.0.value"), ("soft", "structs.0.size"),
        ("soft", "structs.0.fields.0.offset"), ("soft", "structs.0.fields.4.size"),
        ("soft", "structs.0.fields.4.offset"), ("soft", "objects.0.value"),
        ("soft", "objects.0.methods.0.value"), ("soft", "objects.0.methods.0.attributes.0.value"),
        ("soft", "extend.0.attributes.0.value"), ("sample", "ioctls.0.number"))],
    # words and numbers
    ("soft", "protocol", "netlink", "spec/soft.yaml: protocol: 'netlink' is not allowed, allowed: attribute,"),
    ("soft", "prefix", "accel", "spec/soft.yaml: prefix: 'accel' is not allowed, it must match"),
    ("soft", "header", "../soft.h", "spec/soft.yaml: header: '../soft.h' is not allowed"),
    ("soft", "objects.0.name", "Stream", "spec/soft.yaml: objects[0].name: 'Stream' is not allowed"),
    ("soft", "objects.0.value", 0, "spec/soft.yaml: objects[0].value: 0 is not allowed, allowed: 1 to 0xffff"),
    ("soft", "objects.0.value", 0x10000, "objects[0].value: 65536 is not allowed, allowed: 1 to 0xffff"),
    ("soft", "objects.0.value", "4", "objects[0].value: '4' is not of the type integer"),
    ("soft", "objects.0.methods.0.attributes.0.type", "u8",
     "objects[0].methods[0].attributes[0].type: 'u8' is not allowed, allowed: u32, u64, enum,"),
    ("soft", "objects.0.methods.0.attributes.0.direction", "both", "'both' is not allowed, allowed: in, out"),
    ("soft", "extend.0.attributes.0.minimum", -1, "minimum: -1 is not allowed, allowed: 0 to 0xffff"),
    ("soft", "enums.0.members.0.value", 1 << 64, "enums[0].members[0].value: 18446744073709551616 is not"),
    ("soft", "enums.0.kind", "set", "spec/soft.yaml: enums[0].kind: 'set' is not allowed, allowed: enum, flags"),
    ("soft", "enums.0.members", [], "spec/soft.yaml: enums[0].members: [] is not allowed, allowed: at least"),
    ("soft", "structs.0.fields.0.type", "f32", "structs[0].fields[0].type: 'f32' is not allowed"),
    ("soft", "structs.0.fields.0.count", 0, "structs[0].fields[0].count: 0 is not allowed"),
    ("sample", "ioctls", [], "spec/sample.yaml: ioctls: [] is not allowed, allowed: at least one ioctl"),
    ("sample", "ioctls.0.type", "SS", "ioctls[0].type: 'SS' is not allowed, it must match"),
    ("sample", "ioctls.0.type", 256, "ioctls[0].type: 256 is not allowed, allowed: one character or a number"),
    ("sample", "ioctls.0.number", 256, "ioctls[0].number: 256 is not allowed, allowed: 0 to 0xff"),
    ("sample", "ioctls.0.direction", "both", "ioctls[0].direction: 'both' is not allowed, allowed: none, in"),
    ("accel", "errnos.0.name", "BAD", "spec/accel.yaml: errnos[0].name: 'BAD' is not allowed"),
]


@pytest.mark.parametrize("name, path, value, message", REFUSED)
def test_refused(folder, name, path, value, message):
    folder.expect_refusal(name, path, value, message)


def test_all_problems_of_a_file_are_named(folder):
    folder.set("soft", "objects.0.value", 0)
    folder.set("soft", "enums.0.kind", "set")
    assert len(folder.problems()) == 2


def test_real_files_pass(real):
    assert {uabi.name: uabi.protocol for uabi in real} == {
        "accel": "attribute", "counters": "memory", "ring": "memory", "soft": "attribute", "fwctl": "ioctl",
        "drm": "ioctl", "qaic": "ioctl", "idxd": "memory"}


def test_schema_is_a_schema():
    import jsonschema
    jsonschema.Draft202012Validator.check_schema(read_yaml(TOP / "spec" / SCHEMA))


def _objects(node, path="$"):
    """Every place of the schema that defines the keys of a mapping."""
    if isinstance(node, dict):
        if "properties" in node and node.get("type") == "object":
            yield path, node
        for key, value in node.items():
            yield from _objects(value, f"{path}.{key}")
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from _objects(value, f"{path}[{index}]")


def test_every_mapping_is_closed():
    schema = yaml.safe_load((TOP / "spec" / SCHEMA).read_text(encoding="utf-8"))
    open_ones = [path for path, node in _objects(schema)
                 if path != "$" and node.get("additionalProperties") is not False]
    assert not open_ones
