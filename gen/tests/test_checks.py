# SPDX-License-Identifier: MIT
"""Refusals by the rules across entries."""
import pytest

from .conftest import DELETE

ATTRIBUTE = {"name": "hint", "value": 9, "type": "u32", "direction": "in", "doc": "A hint."}
CHANGE = "objects.0.methods.1.attributes"  # of the file extra: every type, a to p

REFUSED = [
    # names and numbers are unique
    ("accel", "objects.1.value", 1, "objects[1]: the number 0x1 is taken by spec/accel.yaml: objects[0]"),
    ("accel", "objects.3.methods.1.value", 1, "objects[3].methods[1]: the number 0x1 is taken by"),
    ("accel", "objects.3.methods.1.name", "create", "objects[3].methods[1]: the name 'create' is taken by"),
    ("accel", "objects.3.methods.0.attributes.1.value", 1,
     "objects[3].methods[0].attributes[1]: the number 0x1 is taken by"),
    ("accel", "objects.3.methods.0.attributes.3.name", "entries",
     "objects[3].methods[0].attributes[3]: the name 'entries' is taken by"),
    ("soft", "extend.0.attributes.0.name", "entries",
     "extend[0].attributes[0]: the name 'entries' is taken by spec/accel.yaml: objects[3].methods[0]"),
    ("soft", "enums.0.members.1.value", 0, "enums[0].members[1]: the number 0x0 is taken by"),
    ("soft", "enums.0.members.1.name", "nop", "enums[0].members[1]: the name 'nop' is taken by"),
    ("soft", "enums.2.name", "op", "enums[2]: the name 'op' is taken by spec/soft.yaml: enums[0]"),
    ("soft", "constants.1.name", "descriptor-size", "constants[1]: the name 'descriptor-size' is taken by"),
    ("soft", "structs.2.name", "command-request", "structs[2]: the name 'command-request' is taken by"),
    ("soft", "structs.1.fields.1.name", "opcode", "structs[1].fields[1]: the name 'opcode' is taken by"),
    ("sample", "ioctls.1.number", 3, "ioctls[2]: the number 0xfe03 is taken by spec/sample.yaml: ioctls[1]"),
    ("accel", "errnos.1.name", "OK", "errnos[1]: the name 'OK' is taken by"),
    # identifiers are unique in all headers together
    ("ring", "constants.1.name", "status-success",
     "the identifier 'ACCEL_RING_STATUS_SUCCESS' is taken by spec/ring.yaml:"),
    ("accel", "constants.2.name", "object-device",
     "objects[0]: the identifier 'ACCEL_OBJECT_DEVICE' is taken by spec/accel.yaml: constants[2]"),
    ("soft", "prefix", "ACCEL", "enums[4]: the identifier 'accel_feature' is taken by spec/accel.yaml: enums["),
    ("soft", "header", "accel.h", "spec/soft.yaml: header: 'accel.h' is taken by spec/accel.yaml"),
    # the namespaces
    ("accel", "objects.5.value", 0x8000, "objects[5]: 0x8000 belongs to drivers that extend this uABI, allowed: 1 to 0x7fff"),
    ("accel", "objects.5.methods.0.value", 0x8000, "objects[5].methods[0]: 0x8000 belongs to drivers"),
    ("accel", "objects.5.methods.0.attributes.1.value", 0x8000, "attributes[1]: 0x8000 belongs to drivers"),
    ("soft", "objects.0.value", 0x7fff, "objects[0]: 0x7fff belongs to the common uABI, allowed for a driver"),
    ("soft", "extend.0.attributes.0.value", 12, "extend[0].attributes[0]: 0xc belongs to the common uABI"),
    ("soft", "objects.0.methods.0.attributes.0.value", 0x8000, "0x8000 belongs to drivers that extend this"),
    # enums, errnos, scopes
    ("soft", "enums.1.members.0.value", 3, "enums[1].members[0]: 0x3 is not one bit"),
    ("soft", "enums.1.members.0.value", 0, "enums[1].members[0]: 0x0 is not one bit"),
    ("soft", "enums.0.members.0.value", 0x80000000, "enums[0].members[0]: 0x80000000 does not fit into an enum"),
    ("accel", "errnos.1.name", "EWRONG", "errnos[1]: 'EWRONG' is not an errno of Linux"),
    ("accel", "errnos.2", DELETE, "the errno ENOTTY is not among errnos, allowed: E2BIG, EACCES,"),
    ("soft", "enums.3.members.0.scope", "all", "enums[3].members[0]: unknown scope 'all', allowed: configur"),
    # requirements of the generator
    ("accel", "enums.1.members.10", DELETE, "enums: the common uABI must have 'attribute-type' with struct"),
    ("accel", "structs.6.name", "policy-line", "structs: the common uABI must have 'policy-entry' with flags,"),
    ("accel", "constants.1.value", 0x4000, "constants: the common uABI must have 'driver-namespace' of 0x8000"),
    # lifetimes
    ("accel", "objects.3.methods.0.attributes.0", DELETE,
     "objects[3].methods[0]: it must have a required handle(queue), direction out"),
    ("accel", "objects.3.methods.0.attributes.0.required", False, "it must have a required handle(queue), dir"),
    ("accel", "objects.3.methods.1.attributes.0.object", "event", "it must have a required handle(queue), dir"),
    ("accel", "objects.3.methods.1.creates", True, "it has 'creates' and 'destroys', allowed: one of them"),
    ("accel", "objects.1.parent", "queue", "objects[1]: its parents form a cycle: address-space, queue"),
    # attributes: keys for the type
    ("extra", CHANGE + ".0.length", 4, "attributes[0]: the key 'length' does not go with the type u32, allowed:"),
    ("extra", CHANGE + ".5.minimum", 4, "the key 'minimum' does not go with the type fd, allowed: none"),
    ("extra", CHANGE + ".2.enum", DELETE, "attributes[2]: the type enum needs the key 'enum'"),
    ("extra", CHANGE + ".4.object", DELETE, "attributes[4]: the type handle needs the key 'object'"),
    ("extra", CHANGE + ".8.length", DELETE, "attributes[8]: the type string needs the key 'length'"),
    ("extra", CHANGE + ".10.struct", DELETE, "attributes[10]: the type struct needs the key 'struct'"),
    ("extra", CHANGE + ".10.object", "shelf", "attributes[10]: the key 'object' does not go with the type struct"),
    ("extra", CHANGE + ".2.enum", "wish", "attributes[2]: 'wish' is of the kind flags, allowed: one of the kind"),
    ("extra", CHANGE + ".3.enum", "colour", "attributes[3]: 'colour' is of the kind enum, allowed: one of the"),
    ("extra", CHANGE + ".1.value", 1, "attributes[1]: the number 0x1 is taken by"),
    # attributes: ranges and lengths
    ("extra", CHANGE + ".0.minimum", 64, "attributes[0]: the range 64..32 is wrong, allowed: minimum <= maximum"),
    ("extra", CHANGE + ".0.maximum", 1 << 32, "the range 4..4294967296 is wrong, allowed: minimum <= maximum <="),
    ("extra", CHANGE + ".0.minimum", 3, "attributes[0]: minimum 3 is not a power of two, as required for the value"),
    ("extra", CHANGE + ".0.minimum", 0, "attributes[0]: minimum 0 is not a power of two"),
    ("extra", CHANGE + ".0.maximum", 33, "attributes[0]: maximum 33 is not a power of two"),
    # structures
    ("soft", "structs.1.fields.1.offset", 2, "structs[1].fields[1]: offset 2 overlaps the field before it, allowed"),
    ("soft", "structs.1.fields.2.offset", 9, "structs[1].fields[2]: offset 9 is not a multiple of 8, as its type"),
    ("soft", "structs.1.size", 24, "structs[1]: the fields end at byte 32, allowed: 24, which is the size"),
    ("soft", "structs.2.size", 20, "structs[2]: the size 20 is not a multiple of 8, the alignment of its fields"),
    ("soft", "structs.0.fields.4.offset", 4, "fields[4]: offset 4 overlaps the field before it, allowed: 8 or more"),
    ("soft", "structs.0.fields.4.size", 40, "variants[2]: the fields end at byte 56, allowed: 48"),
    ("soft", "structs.0.fields.4.variants.3.fields.0.offset", 0, "offset 0 overlaps the field before it, allowed: 8"),
    ("soft", "structs.0.fields.4.selector", DELETE, "the key 'when' of a variant and 'selector' of its union go"),
    ("soft", "structs.0.fields.4.selector", "param", "selector: 'param' is not a field of 'descriptor' with an"),
    ("soft", "structs.0.fields.4.variants.3.when", ["bunch"], "when: 'bunch' is not a member of 'op', allowed: nop"),
    ("soft", "structs.0.fields.4.variants.3.when", ["copy"], "'copy' selects more than one variant"),
    ("soft", "structs.0.fields.2.name", "batch", "the name 'batch' is taken by"),
    ("ring", "structs.0.fields.0.type", "u16", "structs[0].fields[0]: only a single u32 or u64 can be atomic"),
    ("ring", "structs.0.fields.0.count", 2, "structs[0].fields[0]: only a single u32 or u64 can be atomic"),
    ("soft", "structs.3.fields.0.count", DELETE, "structs[3].fields[0]: a char needs the key 'count'"),
    ("soft", "structs.1.fields.0.type", "s32", "structs[1].fields[0]: a field of the type s32 cannot hold an enum"),
    ("soft", "enums.0.members.9.value", 256, "structs[0].fields[0]: a u8 cannot hold every member of 'op'"),
    ("soft", "structs.1.fields.0.struct", "identity", "fields[0]: the key 'struct' does not go with the type u32"),
    # pointers
    ("soft", "structs.1.fields.2.type", "pointer", "the protocol attribute has no pointers in structures, allow"),
    ("sample", "structs.1.fields.1.target", DELETE, "the key 'target' and the type pointer go together"),
    ("sample", "structs.1.fields.1.target.length-field", DELETE, "the kind bytes needs the key 'length-field'"),
    ("sample", "structs.1.fields.1.target.length-field", "at", "'at' is not an unsigned field of 'part'"),
    ("sample", "structs.1.fields.1.target.length-field", "none", "'none' is not an unsigned field of 'part'"),
    ("sample", "structs.1.fields.1.target.struct", "point", "the kind bytes cannot have the key 'struct'"),
    ("sample", "structs.1.fields.1.target.unit", "elements", "only structures are counted in elements"),
    ("sample", "structs.2.fields.9.target.selector", DELETE, "the kind choice needs the key 'selector'"),
    ("sample", "structs.2.fields.9.target.cases", {"fly": "point"}, "cases: 'fly' is not a member of 'kind', allow"),
    ("sample", "structs.2.fields.0.name", "bytes", "an extensible structure must begin with the u32 field 'size'"),
    # ioctl numbers have 14 bits for the size
    ("sample", "structs.0", {"name": "point", "size": 16384, "doc": "Big.", "fields": [
        {"name": "x", "type": "u8", "count": 16384, "offset": 0, "doc": "X."}]},
     "ioctls[1]: struct point has 16384 bytes, allowed: at most 16383"),
]


@pytest.mark.parametrize("name, path, value, message", REFUSED)
def test_refused(folder, name, path, value, message):
    folder.expect_refusal(name, path, value, message)


def test_message_names_the_file_the_place_and_what_is_allowed(folder):
    folder.set("soft", "objects.0.methods.1.attributes.0.value", 0x9000)
    assert folder.problems() == [
        "spec/soft.yaml: objects[0].methods[1].attributes[0]: 0x9000 belongs to drivers that extend this uABI, "
        "allowed: 1 to 0x7fff"]


def test_mistakes_of_all_files_are_told_at_once(folder):
    folder.set("soft", "objects.0.value", 12)
    folder.set("ring", "structs.0.size", 641)
    assert {line.split(":")[0] for line in folder.problems()} == {"spec/soft.yaml", "spec/ring.yaml"}


def test_two_drivers_may_use_the_same_ids(folder):
    """soft and extra both have object 0x8001 and attribute 0x8001 of queue.create: each its own device."""
    spec = folder.load()
    assert spec["soft"].object("stream").value == spec["extra"].object("shelf").value


def test_made_up_files_pass(folder):
    folder.set("accel", "objects.3.methods.2.attributes.1", ATTRIBUTE)
    assert folder.load()["soft"].object("queue").find("kick").find("hint").value == 9
