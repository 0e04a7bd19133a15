# SPDX-License-Identifier: MIT
"""From a name of the specification (`address-space`) to the names of C and C++."""

CPP_KEYWORDS = frozenset("""
alignas alignof and and_eq asm auto bitand bitor bool break case catch char class compl concept const
consteval constexpr constinit const_cast continue co_await co_return co_yield decltype default delete
do double dynamic_cast else enum explicit export extern false float for friend goto if inline int long
mutable namespace new noexcept not not_eq nullptr operator or or_eq private protected public register
reinterpret_cast requires return short signed sizeof static static_assert static_cast struct switch
template this thread_local throw true try typedef typeid typename union unsigned using virtual void
volatile wchar_t while xor xor_eq
""".split())


# First id of drivers. The common uABI has the same constant; a check compares them.
DRIVER_NAMESPACE = 0x8000


def id_text(value):
    """An id for all outputs: decimal for the common uABI, hexadecimal for a driver's."""
    return f"0x{value:x}" if value >= DRIVER_NAMESPACE else str(value)


def snake(name):
    """`map-offset` -> `map_offset`; a keyword of C++ gets an underscore: `register` -> `register_`."""
    word = name.replace("-", "_").replace(".", "_")
    return word + "_" if word in CPP_KEYWORDS else word


def upper(name):
    """`map-offset` -> `MAP_OFFSET`."""
    return name.replace("-", "_").replace(".", "_").upper()


def camel(name):
    """`map-offset` -> `MapOffset`."""
    return "".join(part[:1].upper() + part[1:] for part in name.replace(".", "-").split("-"))


def constant(name):
    """`map-offset` -> `kMapOffset`."""
    return "k" + camel(name)


class Spelled:
    """An entry with a `name` from the specification, and its spellings in C and C++."""
    name: str

    @property
    def snake(self):
        return snake(self.name)

    @property
    def upper(self):
        return upper(self.name)

    @property
    def camel(self):
        return camel(self.name)

    @property
    def constant(self):
        return constant(self.name)
