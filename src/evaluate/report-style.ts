/** The report's style: readable in light and dark mode, on paper and on narrow screens. */
export const REPORT_STYLE = `
:root { color-scheme: light dark; --ink: #1d2129; --soft: #5b6472; --line: #dde1e7; --paper: #ffffff; --panel: #f6f7f9; --warn: #fff6e0; --warn-line: #e8b93c; --accent: #2f5bd0; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e9ef; --soft: #9aa4b2; --line: #343b47; --paper: #14171c; --panel: #1c2129; --warn: #33290f; --warn-line: #b38a1f; --accent: #8fb0ff; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
main { max-width: 980px; margin: 0 auto; padding: 40px 28px 64px; }
h1 { font-size: 27px; line-height: 1.25; margin: 0 0 6px; letter-spacing: -0.01em; }
h2 { font-size: 19px; margin: 44px 0 10px; }
p { margin: 6px 0; max-width: 78ch; }
.lead, figcaption, .note { color: var(--soft); }
.verdict { font-size: 16px; margin-top: 16px; padding-left: 14px; border-left: 3px solid var(--accent); }
.warnings { margin: 20px 0; padding: 12px 18px; background: var(--warn); border: 1px solid var(--warn-line); border-radius: 8px; }
.warnings ul { margin: 4px 0 0; padding-left: 20px; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { padding: 6px 12px 6px 0; text-align: right; white-space: nowrap; border-bottom: 1px solid var(--line); }
th { font-weight: 600; color: var(--soft); font-size: 13px; vertical-align: bottom; }
th:first-child, td:first-child, td.word, th.word { text-align: left; }
td:first-child { white-space: normal; overflow-wrap: anywhere; min-width: 150px; }
td small { color: var(--soft); font-size: 12px; }
td.best b { color: var(--accent); }
.dot { display: inline-block; width: 11px; height: 11px; border-radius: 50%; margin-right: 8px; vertical-align: -1px; }
.key { display: flex; flex-wrap: wrap; gap: 4px 20px; margin: 10px 0 12px; padding: 0; list-style: none; font-size: 13.5px; }
figure { margin: 0 0 8px; }
figure svg { display: block; width: 100%; height: auto; color: var(--ink); --plot-background: var(--paper); }
figcaption { font-size: 13.5px; margin-top: 8px; max-width: 84ch; }
details { margin: 10px 0; }
summary { cursor: pointer; color: var(--accent); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 4px 20px; margin: 8px 0; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
pre { background: var(--panel); border: 1px solid var(--line); border-radius: 8px; padding: 12px 14px; overflow-x: auto; font: 12.5px/1.5 ui-monospace, "DejaVu Sans Mono", monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
code { font: 0.92em ui-monospace, "DejaVu Sans Mono", monospace; }
footer { margin-top: 48px; color: var(--soft); font-size: 13px; }
.narrow { display: none; }
@media (max-width: 640px) {
  main { padding: 24px 16px 48px; }
  .broad { display: none; }
  .narrow { display: block; }
}
@media print { details { display: block; } main { padding: 0; } }
`;
