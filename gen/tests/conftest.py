# SPDX-License-Identifier: MIT
"""Spec folders for tests: a copy of the real one, with additional uABIs that use all features."""
import copy
import pathlib
import pickle
import shutil

import pytest
import yaml

from gen.__main__ import main
from gen.load import documents, load
from gen.load.documents import TOP
from gen.model.errors import SpecError

DATA = pathlib.Path(__file__).parent / "data"
SPEC = TOP / "spec"
Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
Dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


@pytest.fixture(autouse=True, scope="session")
def read_once():
    """Most tests change one file of a folder of copies: a text that was read and found valid is not read again.
    A file of the tests has its own schema only where the test writes one, so the schema is part of the key."""
    read_yaml, check_schema = documents.read_yaml, documents.check_schema
    texts, valid = {}, set()

    def read(path):
        key = pathlib.Path(path).read_bytes() if pathlib.Path(path).is_file() else None
        if key is None:
            return read_yaml(path)
        if key not in texts:
            texts[key] = pickle.dumps(read_yaml(path))
        return pickle.loads(texts[key])

    def check(schema, document, file):
        key = pickle.dumps((schema, document))
        if key not in valid:
            check_schema(schema, document, file)
            valid.add(key)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(documents, "read_yaml", read)
        patch.setattr(documents, "check_schema", check)
        yield


class Folder:
    """A spec folder of a test: documents that can be changed, and the commands run on it."""

    def __init__(self, top, capsys):
        self.top = top
        self.spec = top / "spec"
        self._capsys = capsys

    def edit(self, name, change):
        """Call change(document) on a file's document, and write it back."""
        path = self.spec / f"{name}.yaml"
        document = copy.deepcopy(yaml.load(path.read_text(encoding="utf-8"), Loader=Loader))
        change(document)
        path.write_text(yaml.dump(document, Dumper=Dumper, sort_keys=False), encoding="utf-8")

    def set(self, name, path, value):
        """set("soft", "objects.0.value", 3); DELETE removes the key. In a list a word is the name of an entry:
        "objects.queue.value"."""
        def change(document):
            *way, last = [int(part) if part.isdigit() else part for part in path.split(".")]
            place = document
            for part in way:
                if isinstance(place, list) and isinstance(part, str):
                    part = [entry["name"] for entry in place].index(part)
                place = place[part]
            if value is DELETE:
                del place[last]
            elif last == len(place) and isinstance(place, list):
                place.append(value)
            else:
                place[last] = value
        self.edit(name, change)

    def load(self):
        return load(self.spec)

    def problems(self):
        """The errors of loading, one string per problem, without the path of the folder."""
        with pytest.raises(SpecError) as caught:
            self.load()
        return [line.replace(f"{self.top}/", "") for line in caught.value.problems]

    def expect_refusal(self, name, path, value, message):
        """Set a value; one of the problems that follow must have the message."""
        self.set(name, path, value)
        assert any(message in line for line in self.problems()), self.problems()

    def gen(self, *arguments):
        """Run the command; (exit status, stdout, stderr)."""
        status = main([*arguments, "--spec", str(self.spec)])
        output = self._capsys.readouterr()
        return status, output.out, output.err.replace(f"{self.top}/", "")


DELETE = object()


@pytest.fixture
def folder(tmp_path, capsys):
    made = Folder(tmp_path, capsys)
    made.spec.mkdir()
    for path in (*SPEC.glob("*.yaml"), *DATA.glob("*.yaml")):
        shutil.copy(path, made.spec)
    return made


@pytest.fixture(scope="session")
def real():
    """The specification of the tree."""
    return load()


@pytest.fixture(scope="session")
def full(tmp_path_factory):
    """The same with the uABIs of the tests."""
    spec = tmp_path_factory.mktemp("full") / "spec"
    spec.mkdir()
    for path in (*SPEC.glob("*.yaml"), *DATA.glob("*.yaml")):
        shutil.copy(path, spec)
    return load(spec)
