"""What all pages are built of: the document, its sections, figures, tables and tiles.

Text only: no script, nothing fetched, so a page opens anywhere and prints. Words are escaped here;
whoever passes ready-made markup says so by the argument's name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from simulator.report.style import STYLE


def document(title: str, lead: str, body_html: str) -> str:
    """Return a complete HTML document."""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head><body><main>"
        f"<h1>{escape(title)}</h1><p>{escape(lead)}</p>{body_html}</main></body></html>\n"
    )


def section(title: str, words: str, body_html: str) -> str:
    """Return one part of a page: what it answers, how to read it, and the answer."""
    return f"<section><h2>{escape(title)}</h2><p>{escape(words)}</p>{body_html}</section>"


def figure(
    title: str, note: str, drawing_html: str, figures_html: str = "", key_html: str = ""
) -> str:
    """Return a drawing with its caption, and its figures as a table to unfold.

    Args:
        title: What is drawn: a queue, a group.
        note: A few words beside it; may be empty.
        drawing_html: The chart.
        figures_html: A table of what is drawn, for those who cannot see it or want the numbers.
        key_html: What is which line, for screens too narrow to show their ends.
    """
    beside = f" <small>{escape(note)}</small>" if note else ""
    table_html = (
        f"<details><summary>Figures of {escape(title)}</summary>{figures_html}</details>"
        if figures_html
        else ""
    )
    return (
        f"<figure><figcaption><b>{escape(title)}</b>{beside}</figcaption>{key_html}"
        f"{wide(title, drawing_html)}{table_html}</figure>"
    )


def wide(name: str, inner_html: str) -> str:
    """Return what may be wider than a narrow screen: it scrolls there, by keyboard too."""
    return (
        f'<div class="wide" tabindex="0" role="group" aria-label="{escape(name)}">'
        f"{inner_html}</div>"
    )


def tiles(figures: Sequence[tuple[str, str, str]], *, verdict: str = "") -> str:
    """Return large figures with a word under each.

    Args:
        figures: Value, how sure it is (may be empty), and word.
        verdict: "good" or "bad" to colour the first of them.
    """
    marks = [f' class="{verdict}"' if verdict else "", *[""] * (len(figures) - 1)]
    inner = "".join(
        f'<div class="tile"><b{mark}>{escape(value)}</b>'
        + (f"<small>{escape(sure)}</small>" if sure else "")
        + f"<span>{escape(word)}</span></div>"
        for mark, (value, sure, word) in zip(marks, figures, strict=True)
    )
    return f'<div class="tiles">{inner}</div>'


def table(name: str, head: Sequence[str], rows_html: Sequence[Sequence[str]]) -> str:
    """Return a table whose first column names the row and whose others are figures.

    Args:
        name: What the table holds, for those who hear the page.
        head: The columns' titles.
        rows_html: Cells, the first of each row its name.
    """
    kinds = ["", *[' class="n"'] * (len(head) - 1)]
    titles = "".join(
        f'<th scope="col"{kind}>{escape(title)}</th>'
        for kind, title in zip(kinds, head, strict=True)
    )
    lines = [
        f'<th scope="row">{row[0]}</th>' + "".join(f'<td class="n">{cell}</td>' for cell in row[1:])
        for row in rows_html
    ]
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    return wide(name, f"<table><thead><tr>{titles}</tr></thead><tbody>{body}</tbody></table>")


def bullets(title: str, lines: Sequence[str]) -> str:
    """Return a part of a page that is a list of sentences; nothing if there are none."""
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f"<section><h2>{escape(title)}</h2><ul>{items}</ul></section>" if lines else ""


def definitions(title: str, meanings: Mapping[str, str], *, is_code: bool = False) -> str:
    """Return a part of a page that says what words mean.

    Args:
        title: Its heading.
        meanings: What each word means.
        is_code: Whether the meanings are to be read letter by letter, as commands are.
    """
    opening, closing = ("<code>", "</code>") if is_code else ("", "")
    items = "".join(
        f"<div><dt>{escape(word)}</dt><dd>{opening}{escape(meaning)}{closing}</dd></div>"
        for word, meaning in meanings.items()
    )
    return f"<section><h2>{escape(title)}</h2><dl>{items}</dl></section>"
