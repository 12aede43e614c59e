import { type Estimate, type EvaluationResult, type MetricColumn, type ModelResult, rankingOf, type Segment } from "./evaluation-result.ts";
import { type Box, placeLabels } from "./place-labels.ts";

/** Colors that are distinguishable on white and on black, also with common kinds of color blindness; used in turn. */
const COLORS = ["#4269d0", "#efb118", "#ff725c", "#6cc5b0", "#3ca951", "#ff8ab7", "#a463f2", "#97bbf5", "#9c6b4e", "#9498a0"];

/** Widths of plots, in pixels: on a page, and on a phone. */
export const PLOT_WIDTHS = { broad: 860, narrow: 360 };
const STYLE = { fontFamily: "inherit", fontSize: "13px", background: "none", overflow: "visible" };

/** The color of the model with this rank. */
export function modelColor(place: number): string {
  return COLORS[place % COLORS.length];
}

/** One plot, as SVG text, with a caption. */
export interface Picture {
  readonly title: string;
  readonly caption: string;
  readonly svg: string;
  /** Whether only colors identify the models. */
  readonly needsKey: boolean;
}

interface Point extends Estimate {
  readonly label: string;
  readonly place: number;
  readonly group: string;
}

type PlotLibrary = typeof import("@observablehq/plot");

/** Every plot that the evaluation has numbers for. */
export async function drawPictures(evaluation: EvaluationResult, width: number): Promise<Picture[]> {
  const [Plot, { parseHTML }] = await Promise.all([import("@observablehq/plot"), import("linkedom")]);
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  const draw = (options: Parameters<PlotLibrary["plot"]>[0]) => String(Plot.plot({ document, style: STYLE, width, ...options }).outerHTML);
  const [column] = evaluation.protocol.columns;
  const models = rankingOf(evaluation);
  if (column === undefined) return [];
  const confidence = `${Math.round(1000 * evaluation.protocol.confidence) / 10}%`;
  return [
    intervalPicture(Plot, draw, models, column, confidence),
    ...coveragePicture(Plot, draw, width, evaluation, models, column, confidence),
    ...evaluation.segments.flatMap((segment) => segmentPicture(Plot, draw, width, segment, models, column, confidence)),
  ];
}

type Draw = (options: Parameters<PlotLibrary["plot"]>[0]) => string;

function intervalPicture(Plot: PlotLibrary, draw: Draw, models: readonly ModelResult[], column: MetricColumn, confidence: string): Picture {
  const points = models.flatMap((model, place) => pointOf(model.label, place, "", model.metrics[column.name]));
  const names = points.map(({ label }) => clip(label, 40));
  const svg = draw({
    height: 60 + 26 * points.length,
    marginLeft: 20 + 7.2 * Math.max(0, ...names.map((name) => name.length)),
    marginRight: 30,
    marginTop: 10,
    marginBottom: 44,
    x: { label: column.name, grid: true, nice: true, labelAnchor: "center", labelArrow: "none" },
    y: {
      type: "band",
      domain: points.map(({ place }) => place),
      tickFormat: (_: unknown, i: number) => names[i],
      label: null,
      tickSize: 0,
    },
    color: colorScale(models),
    marks: [
      Plot.ruleY(points, { y: "place", x1: low, x2: high, stroke: "place", strokeWidth: 2.5 }),
      Plot.dot(points, { y: "place", x: "value", fill: "place", r: 5, title: tooltip }),
    ],
  });
  return {
    title: "Accuracy",
    caption: `${column.name} of each model; lines are ${confidence} bootstrap intervals over users.`,
    svg,
    needsKey: false,
  };
}

function coveragePicture(
  Plot: PlotLibrary,
  draw: Draw,
  width: number,
  evaluation: EvaluationResult,
  models: readonly ModelResult[],
  column: MetricColumn,
  confidence: string,
): Picture[] {
  const coverage = evaluation.protocol.columns.find(({ metric, k }) => metric === "coverage" && (k === column.k || column.k === null));
  if (coverage === undefined || coverage === column) return [];
  const points = models
    .flatMap((model, place) =>
      pointOf(model.label, place, "", model.metrics[column.name]).map((point) => ({
        ...point,
        coverage: model.metrics[coverage.name]?.value ?? 0,
      })),
    )
    .filter((point) => point.coverage > 0);
  if (points.length === 0) return [];
  const frame = { height: 440, marginLeft: 64, marginRight: 30, marginTop: 24, marginBottom: 48 };
  // Coverage ranges from a few items to all of them, so the axis is logarithmic.
  const shares = points.map((point) => point.coverage);
  const x = { type: "log" as const, domain: [Math.min(...shares) / 1.3, Math.min(1.1, Math.max(...shares) * 1.5)] as [number, number] };
  const values = points.flatMap((point) => [low(point), high(point)]);
  const y = { domain: [Math.min(0, ...values), Math.max(...values) * 1.06 || 1] as [number, number] };
  const across = (value: number) =>
    frame.marginLeft +
    (Math.log(value / x.domain[0]) / Math.log(x.domain[1] / x.domain[0])) * (width - frame.marginLeft - frame.marginRight);
  const down = (value: number) =>
    frame.height -
    frame.marginBottom -
    ((value - y.domain[0]) / (y.domain[1] - y.domain[0])) * (frame.height - frame.marginTop - frame.marginBottom);
  const obstacles = points.map(
    (point): Box => ({
      x: across(point.coverage) - 6,
      y: down(high(point)) - 2,
      width: 12,
      height: down(low(point)) - down(high(point)) + 4,
    }),
  );
  const labels = placeLabels(
    points.map((point) => {
      const y = down(point.value ?? 0);
      return { x: across(point.coverage), y, text: clip(point.label, 32), above: y - down(high(point)), below: down(low(point)) - y };
    }),
    { obstacles, bounds: { x: frame.marginLeft, y: 0, width: width - frame.marginLeft, height: frame.height - frame.marginBottom } },
  );
  const svg = draw({
    ...frame,
    x: {
      ...x,
      label: coverage.name,
      grid: true,
      ticks: width < PLOT_WIDTHS.broad ? 3 : 6,
      tickFormat: percentTick,
      labelAnchor: "center",
      labelArrow: "none",
    },
    y: { ...y, label: column.name, grid: true, ticks: 6, labelArrow: "none" },
    color: colorScale(models),
    marks: [
      Plot.ruleX(points, { x: "coverage", y1: low, y2: high, stroke: "place", strokeWidth: 2 }),
      Plot.dot(points, { x: "coverage", y: "value", fill: "place", r: 5.5, title: tooltip }),
      ...labels.map(({ index, dx, dy, anchor, text }) =>
        Plot.text([points[index]], {
          x: "coverage",
          y: "value",
          text: () => text,
          dx,
          dy,
          textAnchor: anchor,
          lineAnchor: "middle",
          fill: "currentColor",
        }),
      ),
    ],
  });
  const caption = `${column.better === "lower" ? "Lower" : "Higher"} is more accurate; further right covers more of the catalog. Lines are ${confidence} intervals. Models without room for a label are in the key above.`;
  return [{ title: "Accuracy vs. coverage", caption, svg, needsKey: true }];
}

function segmentPicture(
  Plot: PlotLibrary,
  draw: Draw,
  width: number,
  segment: Segment,
  models: readonly ModelResult[],
  column: MetricColumn,
  confidence: string,
): Picture[] {
  const narrow = width < PLOT_WIDTHS.broad;
  const points = segment.groups.flatMap((group) =>
    models.flatMap((model, place) =>
      pointOf(
        model.label,
        place,
        `${group.name}\n${group.users.toLocaleString("en")}${narrow ? "" : " users"}`,
        group.values[model.label]?.[column.name],
      ),
    ),
  );
  if (points.length === 0) return [];
  const groups = [...new Set(points.map(({ group }) => group))];
  const history = segment.by === "history-length";
  const svg = draw({
    height: 360,
    marginLeft: 58,
    marginRight: 16,
    marginTop: 26,
    marginBottom: 64,
    fx: {
      domain: groups,
      label: `${history ? "interactions in the user's history" : "popularity of the held-out items"}${narrow ? ", users" : ""}`,
      labelAnchor: "center",
      padding: 0.12,
      axis: "bottom",
    },
    x: { type: "point", domain: models.map((_, place) => place), axis: null, padding: 0.6 },
    y: { label: column.name, grid: true, ticks: 6, nice: true, zero: true, labelArrow: "none" },
    color: colorScale(models),
    marks: [
      Plot.ruleX(points, { fx: "group", x: "place", y1: low, y2: high, stroke: "place", strokeWidth: 2 }),
      Plot.dot(points, { fx: "group", x: "place", y: "value", fill: "place", r: 4, title: tooltip }),
      Plot.ruleY([0], { stroke: "currentColor", strokeOpacity: 0.5 }),
    ],
  });
  const what = history
    ? `${column.name} by length of the user's history.`
    : `${column.name} for held-out items of each popularity: head, mid and tail each have a third of all training interactions.`;
  const caption = `${what} Models are in the order of the key; lines are ${confidence} intervals.`;
  return [{ title: history ? "Accuracy by history length" : "Accuracy by item popularity", caption, svg, needsKey: true }];
}

function pointOf(label: string, place: number, group: string, estimate: Estimate | undefined): Point[] {
  return estimate === undefined || estimate.value === null ? [] : [{ ...estimate, label, place, group }];
}

function colorScale(models: readonly ModelResult[]) {
  return { type: "categorical" as const, domain: models.map((_, place) => place), range: models.map((_, place) => modelColor(place)) };
}

function low(point: Estimate): number {
  return point.low ?? point.value ?? 0;
}

function high(point: Estimate): number {
  return point.high ?? point.value ?? 0;
}

function tooltip(point: Point): string {
  const between = point.low === null || point.high === null ? "" : ` (${point.low.toFixed(4)} to ${point.high.toFixed(4)})`;
  return `${point.label}: ${point.value?.toFixed(4)}${between}`;
}

function clip(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}

function percentTick(share: number): string {
  return `${Number((100 * share).toPrecision(2))}%`;
}
