# SPDX-License-Identifier: MIT
"""Files that cannot be read, are not YAML, or are inconsistent."""
import pytest

from gen.load import load
from gen.model.errors import SpecError

from .conftest import DELETE


def test_folder_is_missing(tmp_path):
    with pytest.raises(SpecError, match="none: is not a folder"):
        load(tmp_path / "none")


def test_folder_is_empty(tmp_path):
    with pytest.raises(SpecError, match="no .*yaml file in it describes a uABI"):
        load(tmp_path)


def test_duplicate_key(folder):
    path = folder.spec / "soft.yaml"
    path.write_text(path.read_text() + "\nname: soft\n")
    assert folder.problems()[0].startswith("spec/soft.yaml: line ")
    assert folder.problems()[0].endswith("not YAML: duplicate key 'name'")


def test_not_yaml(folder):
    (folder.spec / "soft.yaml").write_text("name: [\n")
    assert folder.problems()[0].startswith("spec/soft.yaml: line 2: not YAML: ")


def test_tab_or_control_character(folder):
    (folder.spec / "soft.yaml").write_text("name: \x07\n")
    assert folder.problems()[0].startswith("spec/soft.yaml: not YAML")


def test_not_utf8(folder):
    (folder.spec / "soft.yaml").write_bytes(b"name: \xff\n")
    assert folder.problems()[0].startswith("spec/soft.yaml: cannot be read")


def test_not_a_mapping(folder):
    (folder.spec / "soft.yaml").write_text("- 1\n")
    assert folder.problems()[0] == "spec/soft.yaml: [1] is not of the type object"


def test_key_that_is_no_text(folder):
    (folder.spec / "soft.yaml").write_text("? [1]\n: 2\n")
    assert folder.problems() == ["spec/soft.yaml: line 1: not YAML: a key is not a word"]


def test_name_is_the_files_name(folder):
    folder.set("soft", "name", "hard")
    assert folder.problems() == ["spec/soft.yaml: name: 'hard' must be the file's name, 'soft'"]


def test_extends_what_is_not_there(folder):
    folder.set("soft", "extends", "axel")
    assert folder.problems()[0].startswith("spec/soft.yaml: extends or uses 'axel', which is not in")


def test_extends_a_driver(folder):
    folder.set("extra", "extends", "soft")
    assert folder.problems() == [
        "spec/extra.yaml: extends: 'soft' cannot be extended, only a common attribute uABI"]


def test_circle(folder):
    folder.set("ring", "uses", ["accel"])
    assert "extend or use each other in a circle" in folder.problems()[0]


def test_extends_an_unknown_method(folder):
    folder.set("soft", "extend.0.method", "make")
    assert folder.problems() == ["spec/soft.yaml: extend[0].method: unknown method 'make'"]


@pytest.mark.parametrize("name, path, value, message", [
    ("accel", "objects.1.methods.0.attributes.1.enum", "mode",
     "objects[1].methods[0].attributes[1].enum: unknown enum 'mode'"),
    ("accel", "objects.1.methods.0.attributes.0.object", "space",
     "objects[1].methods[0].attributes[0].object: unknown object 'space'"),
    ("accel", "objects.3.methods.0.attributes.6.struct", "ring.lay",
     "objects[3].methods[0].attributes[6].struct: unknown struct 'ring.lay'"),
    ("accel", "uses", DELETE, "objects[3].methods[0].attributes[6].struct: unknown struct 'ring.layout'"),
    ("accel", "objects.1.parent", "root", "objects[1].parent: unknown object 'root'"),
    ("accel", "transport.ioctl.struct", "message", "transport.struct: unknown struct 'message'"),
    ("soft", "structs.0.fields.0.enum", "ops", "structs[0].fields[0].enum: unknown enum 'ops'"),
    ("soft", "extend.0.attributes.0.maximum", "max", "maximum: unknown constant 'max'"),
    ("sample", "structs.1.fields.0.struct", "place", "structs[1].fields[0].struct: unknown struct 'place'"),
    ("sample", "structs.1.fields.0.struct", DELETE, "structs[1].fields[0]: the key 'struct' is missing"),
    ("sample", "structs.1.fields.0.struct", "part", "structs[1].fields[0].struct: 'part' must stand before"),
    ("sample", "structs.0.fields.0", {"name": "x", "type": "struct", "struct": "job", "offset": 0, "doc": "X."},
     "structs[0].fields[0].struct: 'job' must stand before what contains it"),
    ("sample", "structs.2.fields.8.target.struct", "jobs", "target.struct: unknown struct 'jobs'"),
    ("sample", "structs.2.fields.9.target.cases.wait", "sleep", "target.cases.wait: unknown struct 'sleep'"),
])
def test_what_is_named_must_be_there(folder, name, path, value, message):
    folder.set(name, path, value)
    assert any(f"spec/{name}.yaml: " in line and message in line for line in folder.problems())
