# SPDX-License-Identifier: MIT
"""The merged view and the names that templates use."""
from gen.model import names


def test_names():
    assert names.snake("map-offset") == "map_offset"
    assert names.snake("register") == "register_"
    assert names.upper("out-of-range") == "OUT_OF_RANGE"
    assert names.camel("address-space") == "AddressSpace"
    assert names.constant("crc32c") == "kCrc32c"


def test_merged_view_has_the_core_first(real):
    soft = real["soft"]
    assert [obj.name for obj in soft.objects] == [obj.name for obj in real["accel"].objects] + ["stream"]
    assert [obj.name for obj in soft.own_objects] == ["stream"]
    create = soft.object("queue").find("create")
    assert [a.name for a in create.attributes if a.origin == "soft"] == ["parallel", "inline-limit"]
    assert [a.origin for a in create.attributes] == ["accel"] * (len(create.attributes) - 2) + ["soft"] * 2


def test_core_does_not_have_what_drivers_add(full):
    core = full["accel"].object("queue").find("create")
    assert core.find("parallel") is None and core.find("colour") is None
    assert full["soft"].object("queue").find("create").find("colour") is None
    assert [e.method.path for e in full["extra"].extensions] == ["queue.create", "event.destroy"]


def test_merged_view_is_one_tree(real):
    soft = real["soft"]
    stream = soft.object("stream")
    assert stream.parent is soft.object("device")
    assert soft.object("queue").find("create").find("address-space").object is soft.object("address-space")
    assert all(method.object is obj for obj in soft.objects for method in obj.methods)
    assert soft.object("queue").find("create").find("layout").struct is real["ring"].struct("layout")


def test_identifiers(full):
    create = full["soft"].object("queue").find("create")
    assert (create.c_name, create.camel, create.path) == ("ACCEL_QUEUE_CREATE", "QueueCreate", "queue.create")
    assert create.find("entries").c_name == "ACCEL_QUEUE_CREATE_ENTRIES"
    assert create.find("parallel").c_name == "ACCEL_SOFT_QUEUE_CREATE_PARALLEL"
    assert full["soft"].object("stream").c_name == "ACCEL_SOFT_OBJECT_STREAM"
    assert full["accel"].enum("reason").members[9].c_name == "ACCEL_REASON_OUT_OF_RANGE"
    assert full["extra"].object("shelf").find("change").find("l").c_name == "ACCEL_EXTRA_SHELF_CHANGE_L"


def test_sizes_and_ranges(full):
    change = full["extra"].object("shelf").find("change")

    def measured(name):
        a = change.find(name)
        return a.size, a.length, a.minimum, a.maximum

    top32, top64 = 2**32 - 1, 2**64 - 1
    assert measured("a") == (4, 0, 4, 32)
    assert measured("b") == (8, 0, 1, top64)
    assert measured("c") == (4, 0, 3, 9)
    assert measured("d") == (8, 0, 0, 0x8000000000000010)
    assert measured("e") == (8, 0, 0, top64)
    assert measured("f") == (4, 0, 0, top32)
    assert measured("g") == measured("h") == (8, 0, 0, top64)
    assert measured("i") == (0, 12, 0, 0)
    assert measured("k") == (8, 0, 0, 0)
    assert measured("l") == (80, 0, 0, 0)
    assert [a.name for a in change.attributes if a.is_inline] == list("abcdefgh")
    assert [a.name for a in change.outputs()] == ["j", "l"]


def test_ioctl_codes(full):
    assert {i.name: i.code for i in full["sample"].ioctls} == {
        "submit": 0xC0585301, "place": 0x4008FE02, "where": 0x8008FE03}
    assert {i.name: i.code for i in full["fwctl"].ioctls} == {"info": 0x9A00, "rpc": 0x9A01}
    assert full["accel"].ioctls[0].code == 0xC028A7C0


def test_layout_names_every_byte(full):
    for uabi in full:
        for struct in uabi.structs:
            end = 0
            for item in struct.layout:
                assert item.offset == end
                end += item.size
            assert end == struct.size
