# SPDX-License-Identifier: MIT
"""Creates a variant of today's specification, and generates headers and codec from it.

usage: python3 variant.py NAME DIR     from the top of the tree

yesterday: fewer attributes and methods, shorter structures. tomorrow: more attributes, methods and objects, longer
structures. types: today's, and one more uABI, tests/uabi/types.yaml, with every attribute type in every direction.
A program of that version is built with DIR/include/uapi/accel/*.h and DIR/gen/accel/uabi/*.
"""
import pathlib
import shutil
import subprocess
import sys

import yaml

TOP = pathlib.Path(__file__).resolve().parent.parent.parent


def named(things, name):
    return next(thing for thing in things if thing.get("name") == name)


def method(uabi, obj, name):
    return named(named(uabi["objects"], obj)["methods"], name)


def remove(things, *names):
    for name in names:
        things.remove(named(things, name))


def yesterday(specs):
    accel, ring, soft = specs["accel"], specs["ring"], specs["soft"]
    remove(method(accel, "queue", "create")["attributes"], "flags", "event")
    remove(method(accel, "address-space", "create")["attributes"], "pasid")
    remove(named(accel["objects"], "queue")["methods"], "resume")
    soft["extend"] = [entry for entry in soft["extend"] if entry["object"] != "queue"]
    record = named(accel["structs"], "error-record")
    record["size"] = 128
    named(record["fields"], "text")["count"] = 88
    buffer_range = named(accel["structs"], "buffer-range")
    buffer_range["size"] = 16
    remove(buffer_range["fields"], "length")
    layout = named(ring["structs"], "layout")
    layout["size"] = 56
    remove(layout["fields"], "tail-mask", "reserved3", "register-or", "register-address")


def number(name, value, **more):
    return {"name": name, "value": value, "type": "u32", "doc": "Something new.", **more}


def longer(uabi, struct, name):
    struct = named(uabi["structs"], struct)
    struct["fields"].append({"name": name, "type": "u64", "offset": struct["size"], "doc": "Something new."})
    struct["size"] += 8


def tomorrow(specs):
    accel, ring = specs["accel"], specs["ring"]
    create = method(accel, "queue", "create")["attributes"]
    create.append(number("priority", 0x7001, direction="in"))
    create.append(number("weight", 0x7002, direction="in"))
    create.append(number("color", 0x7003, direction="out"))
    handle = dict(method(accel, "queue", "kick")["attributes"][0])
    named(accel["objects"], "queue")["methods"].append(
        {"name": "pause", "value": 0x7001, "doc": "Something new.", "attributes": [handle]})
    accel["objects"].append(
        {"name": "fabric", "value": 0x7001, "parent": "device", "doc": "Something new.", "methods": [
            {"name": "scan", "value": 1, "doc": "Something new.", "attributes": []}]})
    longer(accel, "call", "hint")
    longer(accel, "error-record", "advice")
    longer(accel, "buffer-range", "stride")
    longer(ring, "layout", "extra")


def types(specs):
    specs["types"] = yaml.safe_load((TOP / "tests/uabi/types.yaml").read_text(encoding="utf-8"))


def main(name, folder):
    folder = pathlib.Path(folder)
    specs = {path.stem: yaml.safe_load(path.read_text(encoding="utf-8"))
             for path in sorted((TOP / "spec").glob("*.yaml"))}
    schema = specs.pop("schema")
    {"yesterday": yesterday, "tomorrow": tomorrow, "types": types}[name](specs)
    shutil.rmtree(folder / "spec", ignore_errors=True)
    (folder / "spec").mkdir(parents=True)
    for stem, document in {**specs, "schema": schema}.items():
        text = "# SPDX-License-Identifier: MIT\n" + yaml.safe_dump(document, sort_keys=False, width=1000)
        (folder / "spec" / f"{stem}.yaml").write_text(text, encoding="utf-8")
    for action in (["--update"], ["--build", str(folder / "gen")]):
        subprocess.run([sys.executable, "-m", "gen", "--spec", str(folder / "spec"), *action],
                       cwd=TOP, check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    main(*sys.argv[1:])
