"""What mypyc is told beyond the source, and that a compiled twin plays the same days."""

import os
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from tools.compiled import ROOT, copy_into
from tools.native_source import UnreadableError, native_source

COMPILED = Path(os.environ.get("CORDBOARD_COMPILED", ROOT / ".compiled"))

RECORD = '''"""A module."""

from dataclasses import dataclass, field

LIMIT: int = 3
NAMES = {
    "a": 1,  # why
}
KIND: TypeAlias = int


@dataclass(slots=True)
class Visit:
    """One visit."""

    name: str  #: whose
    count: int = 0
    notes: dict[str, int] = field(default_factory=dict)
    label: str = ""

    def __post_init__(self) -> None:
        self.label = self.label or self.name.title()

    @property
    def is_first(self) -> bool:
        return self.count == 1
'''


def namespace_of(text):
    text = text.replace("KIND: TypeAlias = int\n", "")
    namespace = {"__name__": "visits"}
    exec(compile(text, "visits", "exec"), namespace)  # noqa: S102  (the text is the test's own)
    return namespace


def test_a_constructor_that_is_written_out_makes_the_same_record():
    plain, native = (namespace_of(text)["Visit"] for text in (RECORD, native_source(RECORD)))
    assert "def __init__(self, name: str" in native_source(RECORD)
    assert repr(plain("ana", 1)) == repr(native("ana", 1))
    assert native("ana", 1).is_first
    assert native("ana") == native("ana", 0, {})
    assert native("ana").label == plain("ana").label == "Ana"
    assert native("ana").notes is not native("ana").notes
    assert [field.name for field in fields(plain)] == [field.name for field in fields(native)]


def test_annotations_of_a_record_keep_what_stands_in_brackets():
    native = namespace_of(native_source(RECORD))["Visit"]
    assert native.__annotations__ == {
        "name": "str",
        "count": "int",
        "notes": "dict[str, int]",
        "label": "str",
    }


def test_constants_are_final_and_aliases_of_types_are_not():
    text = native_source(RECORD)
    assert "LIMIT: Final[int] = 3" in text
    assert "NAMES: Final = {'a': 1}" in text
    assert "KIND: TypeAlias = int" in text


def test_settings_stay_frozen():
    text = native_source(
        "@dataclass(frozen=True, slots=True, kw_only=True)\nclass A:\n    x: int\n"
    )
    assert "@dataclass(frozen=True, kw_only=True)" in text
    assert "__init__" not in text


def test_imports_come_after_those_from_the_future():
    text = native_source('"""A."""\nfrom __future__ import annotations\nLIMIT = 3\n')
    assert text.splitlines()[1] == "from __future__ import annotations"


def test_a_module_with_nothing_to_say_is_left_as_it_is():
    assert native_source('"""A."""\n\n\ndef wait() -> None: ...\n') == (
        '"""A."""\n\n\ndef wait() -> None: ...\n'
    )


def test_a_default_that_is_not_known_is_refused_by_name():
    with pytest.raises(UnreadableError, match=r"A\.x has a default"):
        native_source("@dataclass\nclass A:\n    x: int = field(init=False)\n")


@pytest.mark.parametrize(
    "declaration", ["@dataclass\nclass A(Base):", "@dataclass(slots=True, kw_only=True)\nclass A:"]
)
def test_a_dataclass_of_another_kind_is_refused_by_name(declaration):
    with pytest.raises(UnreadableError, match="A is a dataclass of a kind"):
        native_source(f"{declaration}\n    x: int\n")


CONSTRUCTORS = """
import sys
from dataclasses import is_dataclass
from importlib import import_module
from inspect import getmodule, signature

for name in sys.argv[1:]:
    module = import_module(name.removesuffix(".py").replace("/", "."))
    for kind in vars(module).values():
        if isinstance(kind, type) and is_dataclass(kind) and getmodule(kind) is module:
            given = signature(kind).parameters.values()
            print(kind, [(one.name, one.kind, one.default is one.empty) for one in given])
"""


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """Return the copy that would be compiled, and the names of its modules."""
    folder = tmp_path_factory.mktemp("copy")
    return folder, copy_into(folder)


def run(program, *arguments, path=()):
    """Run a program with our packages, or with those of a folder before them."""
    return subprocess.run(
        [sys.executable, "-P", "-c", program, *arguments],
        env={"PYTHONPATH": os.pathsep.join(map(str, (*path, ROOT)))},
        capture_output=True,
        check=True,
        text=True,
    )


def test_every_rewritten_record_is_made_as_its_source_says(copy):
    folder, modules = copy
    assert len(modules) > 50
    rewritten, source = run(CONSTRUCTORS, *modules, path=(folder,)), run(CONSTRUCTORS, *modules)
    assert rewritten.stdout == source.stdout
    assert "acd.reservations.Reservation" in source.stdout


def test_a_copy_that_is_not_compiled_yet_plays_the_same_day_to_the_byte(copy):
    folder, _ = copy
    rewritten, source = run(DAYS, "1", path=(folder,)), run(DAYS, "1")
    assert rewritten.stderr.startswith(str(folder))
    assert rewritten.stdout == source.stdout


DAYS = """
import hashlib, json, sys
from dataclasses import asdict
from dialer.codec import COMMAND_CODEC, EVENT_CODEC, NOTICE_CODEC
from dialer.centre import Centre
from acd.engine import front
from simulator.day import Day
from simulator.streams import Streams
from tests.simulator.test_day import busy_day
from tests.simulator.small_centre import scenario

print(front.__file__, file=sys.stderr)
for world in (scenario(standing=False), busy_day(pacer="predictive"))[:int(sys.argv[1])]:
    day = Day(world, Streams(3))
    day.world.recorded = []
    account = asdict(day.run().account)
    centre, told = Centre(world.centre), []
    for fact in day.world.recorded:
        commands = [COMMAND_CODEC.encode(command) for command in centre.handle(fact)]
        notices = [NOTICE_CODEC.encode(notice) for notice in centre.notices]
        told.append([fact.at_ms, EVENT_CODEC.encode(fact), commands, notices])
    text = json.dumps([told, centre.to_plain(), account], sort_keys=True)
    print(len(told), hashlib.sha256(text.encode()).hexdigest())
"""


@pytest.mark.skipif(not COMPILED.is_dir(), reason="there is no compiled copy; make compiled")
def test_a_compiled_twin_plays_the_same_days_to_the_byte():
    compiled, interpreted = run(DAYS, "2", path=(COMPILED,)), run(DAYS, "2")
    assert compiled.stderr.strip().endswith(".so")
    assert interpreted.stderr.strip().endswith(".py")
    assert compiled.stdout == interpreted.stdout
