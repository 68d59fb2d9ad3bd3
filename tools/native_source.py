"""Says in a module's text what mypyc must be told, and changes nothing else about it.

mypyc makes C of typed modules. Two things our sources leave to Python it would look up, or run
through the interpreter, again and again:

- **The constructor of a dataclass** is written by `dataclass` at import, as interpreted code. Here
  it is written out as a method, which mypyc compiles. Messages are declared with `message`, which
  is such a dataclass, and become one by name. `slots` goes: a compiled class has them anyway.
- **A constant of a module** (`ALL_CAPS`, assigned once) is an entry in its namespace like any other
  name. Here it is declared `Final`, so that mypyc reads it in place.

mypyc also forgets what stands inside brackets in the annotations of a compiled class (`dict[str,
int]` becomes `dict`), but the codec reads them; so they are set once more, as text.

Frozen dataclasses keep the constructor they have: settings are made rarely.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

_IMPORTS = "from dataclasses import dataclass\nfrom typing import Final\n"


class UnreadableError(Exception):
    """A declaration is written in a way that is not known here; the text names it."""


@dataclass(frozen=True, slots=True)
class _Edit:
    """Lines `first` to `last` (from 1, `last` below `first` for none) become `text`."""

    first: int
    last: int
    text: str


def native_source(source: str) -> str:
    r"""Return the text of a module as mypyc should have it.

    Raises:
        UnreadableError: A dataclass has a field whose default is neither a value nor a factory, has
            a base, or is declared with more than `slots`: teach this module to write it out.

    Example:
        >>> print(native_source('''
        ... @message
        ... class DoorOpened:
        ...     at_ms: int
        ... ''').partition("Final\n")[2])
        <BLANKLINE>
        @dataclass(init=False)
        class DoorOpened:
            at_ms: int
        <BLANKLINE>
            def __init__(self, at_ms: int) -> None:
                self.at_ms = at_ms
        <BLANKLINE>
        <BLANKLINE>
        setattr(DoorOpened, '__annotations__', {'at_ms': 'int'})
        <BLANKLINE>
    """
    tree = ast.parse(source)
    edits = [edit for node in tree.body for edit in _edits_for(node)]
    if not edits:
        return source
    lines = source.splitlines()
    for edit in sorted(edits, key=lambda edit: (-edit.first, -edit.last)):
        lines[edit.first - 1 : edit.last] = edit.text.splitlines()
    at = _line_of_imports(tree)
    return "\n".join([*lines[:at], *_IMPORTS.splitlines(), *lines[at:]]) + "\n"


def _edits_for(node: ast.stmt) -> Iterator[_Edit]:
    if isinstance(node, ast.ClassDef):
        yield from _edits_for_class(node)
    elif isinstance(node, ast.AnnAssign):
        if _is_constant(node.target) and not _is_named(node.annotation, "TypeAlias", "Final"):
            annotation = f": Final[{ast.unparse(node.annotation)}] = "
            yield _declared(node, f"{ast.unparse(node.target)}{annotation}", node.value)
    elif isinstance(node, ast.Assign) and len(node.targets) == 1:
        [target] = node.targets
        if _is_constant(target):
            yield _declared(node, f"{ast.unparse(target)}: Final = ", node.value)


def _declared(node: ast.stmt, declaration: str, value: ast.expr | None) -> _Edit:
    assert value is not None, "a constant has a value"
    return _Edit(node.lineno, _end(node), declaration + ast.unparse(value))


def _edits_for_class(node: ast.ClassDef) -> Iterator[_Edit]:
    for decorator in node.decorator_list:
        if not _is_named(decorator, "message", "dataclass"):
            continue
        is_frozen = "frozen" in _keywords(decorator)
        kept = [f"{name}=True" for name in ("frozen", "kw_only") if name in _keywords(decorator)]
        arguments = ", ".join(kept if is_frozen else ["init=False"])
        yield _Edit(decorator.lineno, _end(decorator), f"@dataclass({arguments})")
        fields = [field for field in node.body if isinstance(field, ast.AnnAssign)]
        constructor = [] if is_frozen or not fields else _constructor(node, decorator, fields)
        hints = {_name(field): ast.unparse(field.annotation) for field in fields}
        annotations = f"setattr({node.name}, '__annotations__', {hints!r})"
        after = _end(node)
        yield _Edit(after + 1, after, "\n".join([*constructor, "", "", annotations, ""]))


def _constructor(node: ast.ClassDef, decorator: ast.expr, fields: list[ast.AnnAssign]) -> list[str]:
    if node.bases or not _keywords(decorator).keys() <= {"slots"}:
        raise UnreadableError(f"{node.name} is a dataclass of a kind that is not known here")
    parameters = ["self"]
    body = []
    for field in fields:
        name, kind = _name(field), ast.unparse(field.annotation)
        factory = _factory(node, field)
        if factory is not None:
            parameters.append(f"{name}: {kind} | None = None")
            body.append(f"self.{name} = {factory}() if {name} is None else {name}")
        else:
            default = "" if field.value is None else f" = {ast.unparse(field.value)}"
            parameters.append(f"{name}: {kind}{default}")
            body.append(f"self.{name} = {name}")
    if any(
        isinstance(part, ast.FunctionDef) and part.name == "__post_init__" for part in node.body
    ):
        body.append("self.__post_init__()")
    header = f"    def __init__({', '.join(parameters)}) -> None:"
    return ["", header, *(f"        {line}" for line in body)]


def _factory(node: ast.ClassDef, field: ast.AnnAssign) -> str | None:
    """Return what makes a field's default value, None when it has a plain one or none."""
    if field.value is None or not _is_named(field.value, "field"):
        return None
    factory = _keywords(field.value).get("default_factory")
    if factory is None:
        raise UnreadableError(f"{node.name}.{_name(field)} has a default that is not known here")
    return ast.unparse(factory)


def _line_of_imports(tree: ast.Module) -> int:
    """Return how many lines come before the first import that may stand anywhere."""
    first, *others = tree.body
    line = _end(first) if isinstance(first, ast.Expr) else 0
    for node in others:
        if isinstance(node, ast.ImportFrom) and node.module == "__future__":
            line = _end(node)
    return line


def _is_constant(target: ast.expr) -> bool:
    return isinstance(target, ast.Name) and target.id.isupper()


def _is_named(node: ast.expr, *names: str) -> bool:
    function = node.func if isinstance(node, ast.Call) else node
    return isinstance(function, ast.Name) and function.id in names


def _keywords(node: ast.expr) -> dict[str, ast.expr]:
    known = node.keywords if isinstance(node, ast.Call) else []
    return {keyword.arg: keyword.value for keyword in known if keyword.arg}


def _name(field: ast.AnnAssign) -> str:
    return ast.unparse(field.target)


def _end(node: ast.stmt | ast.expr) -> int:
    assert node.end_lineno is not None, "the parser tells where it ends"
    return node.end_lineno
