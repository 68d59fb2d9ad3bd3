"""What every page of a study must keep to, and the tables it holds, read back."""

import re
from html.parser import HTMLParser

VOID = {"meta", "br"}


class Page(HTMLParser):
    """A page as a reader's browser takes it: its tags, and its tables by name."""

    def __init__(self, text):
        super().__init__()
        self.text = text
        self.open, self.seen, self.tables = [], [], {}
        self._name, self._rows, self._cell = "", None, None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.seen.append(tag)
        if tag not in VOID:
            self.open.append(tag)
        known = dict(attrs)
        if known.get("class") == "wide":
            self._name = known["aria-label"]
        elif tag == "table":
            self._rows = self.tables.setdefault(self._name, [])
        elif tag == "tr":
            self._rows.append([])
        elif tag in {"td", "th"}:
            self._cell = []

    def handle_startendtag(self, tag, attrs):
        self.seen.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag
        if tag in {"td", "th"}:
            self._rows[-1].append("".join(self._cell))
            self._cell = None

    def handle_data(self, data):
        if self._cell is not None:
            self._cell.append(data)


def assert_stands_alone(text):
    """Check that a page is well formed, fetches nothing, runs nothing and shows no empty figure."""
    page = Page(text)
    assert not page.open
    assert not {"script", "link", "img", "iframe"} & set(page.seen)
    assert not re.search(r"(src|href)=|url\(|https?:|@import", text)
    assert not re.search(r"\b(nan|inf|None)\b", text)
    return page
