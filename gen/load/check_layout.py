# SPDX-License-Identifier: MIT
"""The rules for structures: offsets, alignment, sizes, unions, pointers."""
UNSIGNED = ("u8", "u16", "u32", "u64")


def _placed(problems, struct):
    """Fields must be in order, aligned, without overlap, inside the structure."""
    end = struct.base
    for item in struct.fields:
        if item.offset < end:
            problems.add(item.where, f"offset {item.offset} overlaps the field before it, "
                                     f"allowed: {end} or more")
        if item.offset % item.alignment:
            problems.add(item.where, f"offset {item.offset} is not a multiple of {item.alignment}, "
                                     "as its type requires")
        end = max(end, item.offset + item.size)
    if end > struct.base + struct.size:
        problems.add(struct.where, f"the fields end at byte {end}, allowed: {struct.base + struct.size}, "
                                   "which is the size")
    if struct.size % struct.alignment:
        problems.add(struct.where, f"the size {struct.size} is not a multiple of {struct.alignment}, "
                                   "the alignment of its fields")


def _member_names(struct):
    for item in struct.layout:
        if item.is_union:
            yield from ((variant.snake, variant.where) for variant in item.variants)
        else:
            yield item.snake, getattr(item, "where", struct.where)


def _names(problems, struct):
    seen = {}
    for name, where in _member_names(struct):
        if name in seen:
            problems.add(where, f"the name '{name}' is taken by {seen[name]}")
        seen[name] = where


def _enum(problems, field):
    if not field.enum:
        return
    if field.type not in UNSIGNED:
        problems.add(field.where, f"a field of the type {field.type} cannot hold an enum, "
                                  f"allowed: {', '.join(UNSIGNED)}")
    elif max(member.value for member in field.enum.members) >= 1 << 8 * field.element_size:
        problems.add(field.where, f"a {field.type} cannot hold every member of '{field.enum.name}'")


def _keys(problems, field, protocol):
    if field.type == "char" and field.count is None:
        problems.add(field.where, "a char needs the key 'count'; a single byte is u8")
    if field.atomic and (field.type not in ("u32", "u64") or field.count is not None):
        problems.add(field.where, "only a single u32 or u64 can be atomic")
    if field.struct and field.type != "struct":
        problems.add(field.where, f"the key 'struct' does not go with the type {field.type}")
    if field.type == "pointer" and protocol != "ioctl":
        problems.add(field.where, f"the protocol {protocol} has no pointers in structures, allowed: u64")
    if (field.target is not None) != (field.type == "pointer"):
        problems.add(field.where, "the key 'target' and the type pointer go together")


def _selected(problems, where, struct, name, wanted, key):
    """The field `name` selects a member; each of `wanted` must be a member."""
    field = struct.chooser(name)
    enum = getattr(field, "enum", None)
    if enum is None:
        problems.add(where, f"selector: '{name}' is not a field of '{struct.name}' with an enum")
        return
    members = [member.name for member in enum.members]
    for member in wanted:
        if member not in members:
            problems.add(where, f"{key}: '{member}' is not a member of '{enum.name}', "
                                f"allowed: {', '.join(members)}")


TARGET_NEEDS = {
    "bytes": {"length-field"}, "struct": {"struct"}, "choice": {"selector", "cases"},
    "list": {"header", "selector", "cases", "size-field", "length-field", "count-field"},
}
TARGET_MAY_HAVE = {"struct": {"length-field"}, "choice": {"length-field"}, "list": {"answers", "room"}}
TARGET_KEYS = ("struct", "selector", "cases", "answers", "header", "size-field", "length-field", "count-field",
               "room")


def _target_keys(problems, field):
    target = field.target
    needs = TARGET_NEEDS[target.kind]
    for key in TARGET_KEYS:
        given = bool(getattr(target, key.replace("-", "_")))
        if key in needs and not given:
            problems.add(field.where, f"target: the kind {target.kind} needs the key '{key}'")
        if given and key not in needs | TARGET_MAY_HAVE.get(target.kind, set()):
            problems.add(field.where, f"target: the kind {target.kind} cannot have the key '{key}'")
    if target.unit == "elements" and target.kind != "struct":
        problems.add(field.where, "target: only structures are counted in elements")


def _unsigned(problems, where, struct, path, key):
    field = struct.follow(path)
    if field is None or field.is_union or field.type not in UNSIGNED:
        problems.add(where, f"target: {key}: '{path}' is not an unsigned field of '{struct.name}'")


def _target(problems, field, struct):
    target = field.target
    _target_keys(problems, field)
    for key in ("length-field", "count-field"):
        path = getattr(target, key.replace("-", "_"))
        if path:
            _unsigned(problems, field.where, struct, path, key)
    if target.kind == "list" and target.header:
        _list(problems, field.where, target)
    elif target.selector and target.cases:
        _selected(problems, field.where, struct, target.selector, target.cases, "cases")


def _list(problems, where, target):
    """Each structure of a list must begin with its header."""
    if target.size_field:
        _unsigned(problems, where, target.header, target.size_field, "size-field")
    for key in ("cases", "answers"):
        _selected(problems, where, target.header, target.selector, getattr(target, key), key)
        for struct in getattr(target, key).values():
            first = struct.fields[0]
            if first.is_union or first.struct is not target.header:
                problems.add(where, f"{key}: struct {struct.name} does not begin with "
                                    f"struct {target.header.name}")


def _union(problems, union, struct):
    for variant in union.variants:
        if bool(variant.when) != bool(union.selector):
            problems.add(variant.where, "the key 'when' of a variant and 'selector' of its union "
                                        "go together")
    wanted = [member for variant in union.variants for member in variant.when]
    for member in sorted({m for m in wanted if wanted.count(m) > 1}):
        problems.add(union.where, f"'{member}' selects more than one variant")
    if union.selector:
        _selected(problems, union.where, struct, union.selector, wanted, "when")


def _extensible(problems, struct):
    first = struct.fields[0]
    if first.is_union or (first.name, first.type, first.offset) != ("size", "u32", 0):
        problems.add(struct.where, "an extensible structure must begin with the u32 field 'size'")


def _struct(problems, struct, protocol):
    _placed(problems, struct)
    _names(problems, struct)
    if struct.extensible:
        _extensible(problems, struct)
    for item in struct.fields:
        if item.is_union:
            _union(problems, item, struct)
            for variant in item.variants:
                _struct(problems, variant, protocol)
            continue
        _enum(problems, item)
        _keys(problems, item, protocol)
        if item.target:
            _target(problems, item, struct)


def check(problems, uabi):
    for struct in uabi.structs:
        _struct(problems, struct, uabi.protocol)
