"""The planning page's Python examples give the values written beside them."""

import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "planning.md"


def test_examples_give_what_the_page_says():
    code = re.search(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL).group(1)
    names: dict = {}
    checked = 0
    for line in code.splitlines():
        source, _, expected = line.partition("  # ")
        if expected:
            assert eval(source, names) == float(expected), line  # noqa: S307  (our own page)
            checked += 1
        else:
            exec(source, names)  # noqa: S102  (our own page)
    assert checked == 4
