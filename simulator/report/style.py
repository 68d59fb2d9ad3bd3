"""How all pages look: one sheet of CSS for wide and narrow screens, dark ones, and A4 paper.

Colours are those of Okabe and Ito, darkened until a line of them stands out from white paper (and
lightened on a dark screen); they stay apart in the common kinds of colour blindness. Marks take
them by class (`c0` to `c5`, `soft`), never by value, so that a page follows the reader's scheme.
On paper the light scheme is used, whatever the screen's.

Source:
    M. Okabe and K. Ito, "Color Universal Design", 2008; contrast of graphics at least 3:1 and of
    text 4.5:1: WCAG 2.2, success criteria 1.4.11 and 1.4.3.
"""

INKS = ("c0", "c1", "c2", "c3", "c4", "c5")
"""One class a series, in the order of use."""

SOFT = "soft"
"""The class of what others are compared with: needed, recorded."""

_LIGHT = """
  --paper: #f4f6f9; --card: #fff; --ink: #1b2430; --muted: #52606f; --edge: #dbe2ea;
  --grid: #e7ecf2; --good: #1a6b43; --bad: #a8242b; --cold: #eef3f9; --warm: #0f6aa8;
  --hot: #b84a00; --cold-ink: #1b2430; --warm-ink: #fff;
  --c0: #0068a5; --c1: #b84a00; --c2: #00785a; --c3: #a3508a; --c4: #8a6a00; --c5: #3b7f9f;
  --soft: #4a5563;
"""
_DARK = """
  --paper: #12171e; --card: #1b222c; --ink: #e8edf3; --muted: #a3b0be; --edge: #323d4a;
  --grid: #2a3440; --good: #5fd39a; --bad: #ff8d85; --cold: #243140; --warm: #2474a8;
  --hot: #c2560c; --cold-ink: #e8edf3; --warm-ink: #fff;
  --c0: #5bb5f0; --c1: #ff9a4d; --c2: #3ecf9e; --c3: #e79bcb; --c4: #e2bf3f; --c5: #8ccfe8;
  --soft: #b9c4cf;
"""

_RULES = """
* { box-sizing: border-box; }
html { color-scheme: light dark; -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink);
       font: 15px/1.5 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
main { max-width: 980px; margin: 0 auto; padding: 32px 20px 60px; }
h1 { font-size: 28px; line-height: 1.2; margin: 0 0 4px; letter-spacing: -.01em;
     overflow-wrap: anywhere; }
h2 { font-size: 18px; margin: 0 0 4px; }
p { margin: 0 0 12px; color: var(--muted); max-width: 75ch; }
section { background: var(--card); border: 1px solid var(--edge); border-radius: 10px;
          padding: 20px 22px; margin: 18px 0; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(165px, 1fr)); gap: 14px;
         margin: 20px 0 0; }
.tile { background: var(--card); border: 1px solid var(--edge); border-radius: 10px;
        padding: 14px 18px; }
.tile b { display: block; font-size: 25px; font-weight: 650; line-height: 1.25; }
.tile small { display: block; }
.tile span { color: var(--muted); font-size: 13px; }
.good { color: var(--good); } .bad { color: var(--bad); }
.wide { overflow-x: auto; }
.wide:focus-visible, summary:focus-visible { outline: 2px solid var(--c0); outline-offset: 2px; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th { text-align: left; font-weight: 600; color: var(--muted); font-size: 13px;
     vertical-align: bottom; }
th, td { padding: 6px 14px 6px 0; border-bottom: 1px solid var(--edge); }
tbody th { color: var(--ink); font-size: inherit; font-weight: 400; }
tbody th, td { vertical-align: baseline; }
td.n, th.n { text-align: right; } td.n { white-space: nowrap; }
td.n .words { white-space: normal; }
th:last-child, td:last-child { padding-right: 0; }
table + table, .wide + .wide { margin-top: 18px; }
small { color: var(--muted); }
figure { margin: 14px 0 0; }
figcaption { overflow-wrap: anywhere; }
details { margin-top: 4px; font-size: 13px; }
summary { color: var(--muted); cursor: pointer; width: fit-content; }
details .wide { max-height: 340px; overflow: auto; }
@media (min-width: 700px) { dl { columns: 2; column-gap: 32px; } }
dl { margin: 8px 0 0; } dl > div { break-inside: avoid; }
dt { font-weight: 600; } dd { margin: 0 0 8px; color: var(--muted); }
code { font: 13px/1.5 ui-monospace, "Cascadia Mono", Menlo, Consolas, monospace;
       overflow-wrap: anywhere; }
ul { margin: 6px 0 0; padding-left: 20px; color: var(--muted); }
li { overflow-wrap: anywhere; }
svg { width: 100%; min-width: 640px; height: auto; display: block; margin-top: 4px; }
svg.cell-size { min-width: 0; width: 150px; display: inline-block; vertical-align: middle;
                margin: 0; }
svg.sample { min-width: 0; width: 22px; display: inline-block; margin: 0 5px 0 0; }
.key { display: none; flex-wrap: wrap; gap: 2px 14px; font-size: 12px; }
svg text { font: 12px system-ui, "Segoe UI", Roboto, Arial, sans-serif; fill: var(--ink); }
svg .tick { fill: var(--muted); font-size: 11px; } svg .cell { font-size: 10px; }
svg .name { font-weight: 600; }
svg .grid { stroke: var(--grid); } svg .rule { stroke: var(--muted); stroke-dasharray: 5 4; }
svg .line { fill: none; stroke: var(--mark); stroke-width: 2; stroke-linejoin: round; }
svg .band { fill: var(--mark); opacity: .2; } svg .area { fill: var(--mark); opacity: .13; }
svg .bar, svg .dot { fill: var(--mark); } svg .dot { fill-opacity: .75; }
svg .whisker { stroke: var(--mark); stroke-width: 2; }
svg .cold-text { fill: var(--cold-ink); } svg .warm-text { fill: var(--warm-ink); }
.c0 { --mark: var(--c0); } .c1 { --mark: var(--c1); } .c2 { --mark: var(--c2); }
.c3 { --mark: var(--c3); } .c4 { --mark: var(--c4); } .c5 { --mark: var(--c5); }
.soft { --mark: var(--soft); }
@media (max-width: 560px) {
  main { padding: 18px 10px 40px; } section { padding: 14px 12px; } h1 { font-size: 23px; }
  .tiles { grid-template-columns: 1fr 1fr; gap: 8px; } .tile { padding: 10px 12px; }
  .tile b { font-size: 20px; } .key { display: flex; }
}
@page { size: A4; margin: 14mm 13mm; }
@media print {
  html { color-scheme: light; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  body { background: none; font-size: 10pt; } main { padding: 0; max-width: none; }
  section { border: 0; border-top: 1px solid #999; border-radius: 0; padding: 12px 0 0; }
  .tiles { grid-template-columns: repeat(5, 1fr); gap: 8px; }
  .tile { border-color: #999; padding: 8px 10px; break-inside: avoid; }
  .tile b { font-size: 15pt; }
  h1, h2, figcaption, section > p { break-after: avoid; } p { break-inside: avoid; }
  figure, tr, li { break-inside: avoid; } thead { display: table-header-group; }
  dl { columns: 2; column-gap: 24px; }
  .wide { overflow: visible; } svg { min-width: 0; } details { display: none; }
}
"""

STYLE = (
    f":root {{{_LIGHT}}}\n"
    f"@media screen and (prefers-color-scheme: dark) {{ :root {{{_DARK}}} }}\n"
    f"{_RULES.strip()}"
)
"""The sheet."""
