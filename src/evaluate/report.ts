import {
  type Comparison,
  type Estimate,
  type EvaluationJson,
  type MetricColumn,
  type ModelResult,
  rankingOf,
  standingOf,
} from "./evaluation-result.ts";
import { protocolSentence, verdictSentence } from "./evaluation-sentences.ts";
import { decimalsFor, formatNumber, formatP, formatSeconds } from "./format-number.ts";
import { drawPictures, modelColor, PLOT_WIDTHS } from "./report-plots.ts";
import { REPORT_STYLE } from "./report-style.ts";

/** The evaluation as a self-contained HTML page. The script element `evaluation` contains its JSON. */
export async function renderReport(evaluation: EvaluationJson, { title = "Recommender evaluation" }: { title?: string }): Promise<string> {
  const [broad, narrow] = await Promise.all([drawPictures(evaluation, PLOT_WIDTHS.broad), drawPictures(evaluation, PLOT_WIDTHS.narrow)]);
  const figures = broad.map(
    ({ title: head, caption, svg, needsKey }, i) =>
      `<h2>${escapeHtml(head)}</h2>\n<figure role="group" aria-label="${escapeHtml(head)}">\n${needsKey ? key(rankingOf(evaluation)) : ""}\n<div class="broad">${svg}</div>\n<div class="narrow">${narrow[i].svg}</div>\n<figcaption>${escapeHtml(caption)}</figcaption>\n</figure>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeHtml(title)}</title>
<style>${REPORT_STYLE}</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
<p class="lead">${escapeHtml(protocolSentence(evaluation))}</p>
${verdictSentence(evaluation)
  .map((sentence) => `<p class="verdict">${escapeHtml(sentence)}</p>`)
  .join("\n")}
${warnings(evaluation.warnings)}
<h2>Results</h2>
${resultTable(evaluation)}
${figures.join("\n")}
<h2>Comparisons</h2>
${comparisons(evaluation)}
<h2>How to repeat it</h2>
${recipe(evaluation)}
<footer>Made by RecoBase.</footer>
</main>
<script type="application/json" id="evaluation">${jsonForScript(evaluation)}</script>
</body>
</html>
`;
}

function key(models: readonly ModelResult[]): string {
  return `<ul class="key">${models.map((model, place) => `<li>${dot(place)}${escapeHtml(model.label)}</li>`).join("")}</ul>`;
}

function dot(place: number): string {
  return `<span class="dot" style="background:${modelColor(place)}"></span>`;
}

function warnings(texts: readonly string[]): string {
  if (texts.length === 0) return "";
  return `<div class="warnings" role="note"><strong>Before you trust these numbers</strong><ul>${texts.map((text) => `<li>${escapeHtml(text)}</li>`).join("")}</ul></div>`;
}

function resultTable(evaluation: EvaluationJson): string {
  const models = rankingOf(evaluation);
  const { columns, resamples, confidence } = evaluation.protocol;
  const head = columns.map(({ name }) => `<th scope="col">${escapeHtml(name)}</th>`).join("");
  const rows = models.map((model, place) => {
    const cells = columns.map((column) => resultCell(evaluation, column, model)).join("");
    return `<tr><td>${dot(place)}${escapeHtml(model.label)}</td>${cells}<td>${formatSeconds(model.fitSeconds)}</td><td>${formatSeconds(model.rankSeconds)}</td></tr>`;
  });
  const marks = [
    ...(models.length > 1 ? ["Bold: best in its column. ~ not significantly worse than the best."] : []),
    ...(resamples > 0 ? [`Small text: ${Math.round(1000 * confidence) / 10}% bootstrap interval over users.`] : []),
  ];
  return `<div class="wide"><table>
<thead><tr><th scope="col">model</th>${head}<th scope="col">fit</th><th scope="col">rank</th></tr></thead>
<tbody>
${rows.join("\n")}
</tbody>
</table></div>
<p class="note">${marks.join(" ")}</p>`;
}

function resultCell(evaluation: EvaluationJson, column: MetricColumn, model: ModelResult): string {
  const estimate: Estimate | undefined = model.metrics[column.name];
  const decimals = decimalsFor(evaluation.models.map((other) => other.metrics[column.name]?.value ?? null));
  const standing = standingOf(evaluation, column, model);
  const number = formatNumber(estimate?.value, decimals);
  const value = standing === "best" ? `<b>${number}</b>` : standing === "even" ? `${number}~` : number;
  const between =
    estimate === undefined || estimate.low === null || estimate.high === null
      ? ""
      : `<br><small>${formatNumber(estimate.low, decimals)} to ${formatNumber(estimate.high, decimals)}</small>`;
  return `<td${standing === "best" ? ' class="best"' : ""}>${value}${between}</td>`;
}

function comparisons(evaluation: EvaluationJson): string {
  const [first] = evaluation.protocol.columns;
  const all = evaluation.comparisons;
  if (first === undefined || all.length === 0) return "<p>There is only one model, so there is nothing to compare.</p>";
  const best = rankingOf(evaluation)[0]?.label;
  const leading = all
    .filter(({ column, a }) => column === first.name && a === best)
    .sort((x, y) => Math.abs(x.difference) - Math.abs(y.difference));
  const corrected = all.filter(({ column }) => column === first.name).length;
  return `<p>${escapeHtml(best ?? "")} compared with each of the others in ${escapeHtml(first.name)}, user by user: paired randomization test, corrected by Holm's method for the ${corrected} pairs in the column.</p>
${comparisonTable(leading)}
<details><summary>All ${all.length} pairs in all columns</summary>
${comparisonTable(all)}
</details>`;
}

function comparisonTable(rows: readonly Comparison[]): string {
  const lines = rows.map(({ column, a, b, difference, low, high, pAdjusted, significant }) => {
    const decimals = decimalsFor([difference]);
    const between = low === null || high === null ? "" : `${formatNumber(low, decimals)} to ${formatNumber(high, decimals)}`;
    return `<tr><td>${escapeHtml(a)} over ${escapeHtml(b)}</td><td class="word">${escapeHtml(column)}</td><td>${formatNumber(difference, decimals)}</td><td>${between}</td><td>${formatP(pAdjusted)}</td><td class="word">${significant ? "yes" : "no"}</td></tr>`;
  });
  return `<div class="wide"><table>
<thead><tr><th scope="col">pair</th><th scope="col" class="word">column</th><th scope="col">difference</th><th scope="col">interval</th><th scope="col">corrected</th><th scope="col" class="word">significant</th></tr></thead>
<tbody>
${lines.join("\n")}
</tbody>
</table></div>`;
}

function recipe(evaluation: EvaluationJson): string {
  const { protocol, data, models } = evaluation;
  const { columns: _, ...settings } = protocol;
  const facts: [string, string][] = [
    ["users", `${count(data.users)}, of which ${count(data.testUsers)} were evaluated (${count(data.coldUsers)} without a history)`],
    ["items", count(data.items)],
    ["training interactions", count(data.trainInteractions)],
    ["held-out interactions", count(data.testInteractions)],
  ];
  const list = facts.map(([name, value]) => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd>`).join("");
  const block = (head: string, value: unknown) => `<h3>${escapeHtml(head)}</h3>\n<pre>${escapeHtml(JSON.stringify(value, null, 2))}</pre>`;
  return `<dl>${list}</dl>
<details open><summary>Settings, models and data</summary>
${block("Settings", settings)}
${block(
  "Models",
  models.map(({ label, name, options }) => ({ label, name, options })),
)}
${block("How the data was made", data.provenance)}
</details>
<p class="note">This file contains the complete result as JSON, in the script element with the id <code>evaluation</code>.</p>`;
}

function count(n: number): string {
  return n.toLocaleString("en");
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** Escapes text for use in HTML, including attributes. */
function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character]);
}

/** JSON that is safe inside a script element: nothing in it can end the element or open a comment. */
function jsonForScript(value: unknown): string {
  return JSON.stringify(value).replace(/</g, "\\u003c");
}
