"""What all reports share: the look of a page, its sections, tables and tiles.

Text only: no script, nothing fetched, so a page opens anywhere and prints. Words are escaped here;
whoever passes ready-made markup says so by the argument's name.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

_STYLE = """
:root { --ink: #1d2733; --soft: #5b6b7c; --line: #dfe5ec; --good: #1f7a4d; --bad: #b02a30; }
* { box-sizing: border-box; }
body { margin: 0; background: #f3f5f8; color: var(--ink);
       font: 15px/1.5 system-ui, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; }
main { max-width: 960px; margin: 0 auto; padding: 32px 20px 60px; }
h1 { font-size: 28px; margin: 0 0 2px; letter-spacing: -.01em; }
h2 { font-size: 18px; margin: 0 0 4px; }
p { margin: 0 0 12px; color: var(--soft); max-width: 75ch; }
section { background: #fff; border: 1px solid var(--line); border-radius: 10px;
          padding: 20px 22px; margin: 18px 0; break-inside: avoid; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(170px, 1fr)); gap: 14px;
         margin: 20px 0 0; }
.tile { background: #fff; border: 1px solid var(--line); border-radius: 10px; padding: 14px 18px; }
.tile b { display: block; font-size: 26px; font-weight: 650; line-height: 1.25; }
.tile span { color: var(--soft); font-size: 13px; }
.good { color: var(--good); } .bad { color: var(--bad); }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th { text-align: left; font-weight: 600; color: var(--soft); font-size: 13px; }
th, td { padding: 6px 10px 6px 0; border-bottom: 1px solid var(--line); }
td.n, th.n { text-align: right; padding-right: 14px; }
small { color: var(--soft); white-space: nowrap; }
svg { width: 100%; height: auto; display: block; margin-top: 6px; }
svg text { font: 12px system-ui, "Segoe UI", Roboto, sans-serif; }
svg .tick { fill: #5b6b7c; font-size: 11px; } svg .cell { font-size: 10px; }
svg .name { font-weight: 600; } svg .grid { stroke: #e6ebf1; }
svg .rule { stroke: #444; stroke-dasharray: 5 4; }
ul { margin: 6px 0 0; padding-left: 20px; color: var(--soft); }
@media print { body { background: #fff; } section, .tile { border-color: #bbb; }
               main { padding: 0; max-width: none; } }
""".strip()


def document(title: str, lead: str, body_html: str) -> str:
    """Return a complete HTML document."""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body><main>"
        f"<h1>{escape(title)}</h1><p>{escape(lead)}</p>{body_html}</main></body></html>\n"
    )


def section(title: str, words: str, body_html: str) -> str:
    """Return one part of a page: what it answers, how to read it, and the answer."""
    return f"<section><h2>{escape(title)}</h2><p>{escape(words)}</p>{body_html}</section>"


def tiles(figures: Sequence[tuple[str, str]], *, verdict: str = "") -> str:
    """Return large figures with a word under each.

    Args:
        figures: Value and word.
        verdict: "good" or "bad" to colour the first of them.
    """
    marks = [f' class="{verdict}"' if verdict else "", *[""] * (len(figures) - 1)]
    inner = "".join(
        f'<div class="tile"><b{mark}>{escape(value)}</b><span>{escape(word)}</span></div>'
        for mark, (value, word) in zip(marks, figures, strict=True)
    )
    return f'<div class="tiles">{inner}</div>'


def table(head: Sequence[str], rows_html: Sequence[Sequence[str]]) -> str:
    """Return a table whose first column is text and whose others are figures."""
    kinds = ["", *[' class="n"'] * (len(head) - 1)]
    titles = "".join(f"<th{k}>{escape(t)}</th>" for k, t in zip(kinds, head, strict=True))
    lines = [
        "".join(f"<td{k}>{cell}</td>" for k, cell in zip(kinds, row, strict=True))
        for row in rows_html
    ]
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    return f"<table><thead><tr>{titles}</tr></thead><tbody>{body}</tbody></table>"


def bullets(title: str, lines: Sequence[str]) -> str:
    """Return a part of a page that is a list of sentences."""
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f"<section><h2>{escape(title)}</h2><ul>{items}</ul></section>"
