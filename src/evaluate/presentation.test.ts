import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Evaluation } from "./evaluation.ts";
import type { Estimate, EvaluationJson } from "./evaluation-result.ts";
import { formatNumber, formatP } from "./format-number.ts";
import { modelLabels } from "./model-labels.ts";
import { placeLabels } from "./place-labels.ts";

const estimate = (value: number | null, half = 0.01): Estimate => ({
  value,
  low: value === null ? null : value - half,
  high: value === null ? null : value + half,
  users: 500,
});

/** Ten models, best first, in four columns; the first two don't differ significantly in ndcg. */
function tenModels(names?: string[]): EvaluationJson {
  const labels =
    names ?? Array.from({ length: 10 }, (_, i) => (i % 3 === 0 ? `als(factors=${64 + i}, regularization=0.0${i + 1})` : `model-${i}`));
  const columns = [
    { name: "ndcg@10", metric: "ndcg", k: 10, better: "higher" },
    { name: "recall@10", metric: "recall", k: 10, better: "higher" },
    { name: "coverage@10", metric: "coverage", k: 10, better: "higher" },
    { name: "rmse", metric: "rmse", k: null, better: "lower" },
  ] as const;
  const value = (i: number) => 0.4 - i * 0.02;
  return {
    schema: "recobase.evaluation.v1",
    protocol: {
      k: [10],
      columns,
      candidates: "all-items",
      seenItems: "excluded",
      seed: 1,
      confidence: 0.95,
      resamples: 1000,
      interval: "bca-bootstrap-over-users",
      test: "paired-randomization",
      correction: "holm",
      categories: null,
    },
    data: {
      users: 600,
      items: 1234,
      trainInteractions: 9000,
      testInteractions: 1000,
      testUsers: 500,
      coldUsers: 3,
      coldItemShare: 0.01,
      provenance: { train: [{ step: "read", path: "<script>alert(1)</script>.csv" }], test: [], history: [] },
    },
    models: labels.map((label, i) => ({
      label,
      name: label,
      family: "test",
      options: { note: "</script><b>" },
      predicts: i === 4 ? "rating" : "ranking",
      fitSeconds: i === 0 ? null : i * 3.3,
      rankSeconds: 0.1,
      metrics: {
        "ndcg@10": estimate(value(i)),
        "recall@10": estimate(value(i) / 2),
        "coverage@10": { value: 0.05 + 0.09 * i, low: null, high: null, users: 500 },
        ...(i === 4 ? { rmse: estimate(0.934) } : {}),
      },
    })),
    comparisons: labels.flatMap((a, i) =>
      labels.slice(i + 1).map((b, j) => {
        const p = i === 0 && j === 0 ? 0.3 : 0.0001;
        const difference = 0.02 * (j + 1);
        return {
          column: "ndcg@10",
          a,
          b,
          difference,
          low: difference - 0.01,
          high: difference + 0.01,
          p,
          pAdjusted: p,
          significant: p < 0.05,
        };
      }),
    ),
    segments: [
      {
        by: "history-length",
        groups: ["0, cold", "1-5", "6-99"].map((name, g) => ({
          name,
          users: 100 + g,
          values: Object.fromEntries(labels.map((label, i) => [label, { "ndcg@10": estimate(value(i) / (g + 1)) }])),
        })),
      },
      {
        by: "item-popularity",
        groups: ["head", "mid", "tail"].map((name) => ({
          name,
          users: 90,
          values: Object.fromEntries(labels.map((label, i) => [label, { "ndcg@10": estimate(value(i)) }])),
        })),
      },
    ],
    warnings: ["Beware of <i>this</i>."],
  };
}

describe("the table for people", () => {
  const evaluation = Evaluation.fromJSON(tenModels());

  it("fits ten models in 100 columns, best first", () => {
    const text = evaluation.toString({ segments: true });
    expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(100);
    expect(text.indexOf("model-1 ")).toBeLessThan(text.indexOf("model-2 "));
    const first = text.split("\n").find((line) => line.startsWith("model-8"));
    expect(first).toContain(".2400 ±.0100");
    expect(text).toContain("history");
    expect(text).toContain("Warning: Beware");
  });

  it("marks the best and those not significantly worse, in bold or with a star", () => {
    const lines = (text: string) => text.split("\n");
    expect(lines(String(evaluation)).find((line) => line.includes("als(factors=64,"))).toMatch(/\.4000 ±\.0100\* .*\.2000 ±\.0100\*/);
    expect(lines(String(evaluation)).find((line) => line.startsWith("model-1"))).toContain(".3800 ±.0100~");
    expect(lines(String(evaluation)).find((line) => line.startsWith("model-2"))).toContain(".3600 ±.0100 ");
    expect(evaluation.toString({ bold: true })).toContain("\u001b[1m.4000\u001b[22m ±.0100");
    // A model that is alone in a column isn't marked as the best.
    expect(String(evaluation)).toContain(".9340 ±.0100  ");
  });

  it("breaks into blocks if metrics don't fit side by side", () => {
    const narrow = evaluation.toString({ width: 60 });
    expect(Math.max(...narrow.split("\n").map((line) => line.length))).toBeLessThanOrEqual(60);
    expect(narrow.split("\n").filter((line) => line.startsWith("model-1 "))).toHaveLength(3);
  });

  it("has a sentence about the leading models", () => {
    expect(String(evaluation).replaceAll("\n", " ")).toContain(
      "no significant difference between als(factors=64, regularization=0.01) and model-1: .0200 (.0100 to .0300), p = .300 corrected for 45 pairs.",
    );
  });

  it("formats numbers the way the field does", () => {
    expect([
      formatNumber(0.0317, 4),
      formatNumber(-0.5, 2),
      formatNumber(1.25, 3),
      formatNumber(12345.6, 0),
      formatNumber(null, 3),
    ]).toEqual([".0317", "-.50", "1.250", "12,346", "-"]);
    expect([formatP(0.0004), formatP(0.0341), formatP(1)]).toEqual(["p < .001", "p = .034", "p = 1"]);
  });
});

it("JSON round-trips", () => {
  const json = tenModels();
  expect(JSON.parse(JSON.stringify(Evaluation.fromJSON(json)))).toEqual(json);
});

describe("the report", () => {
  it("is self-contained: nothing is fetched, nothing runs, and the result is included", async () => {
    const html = await Evaluation.fromJSON(tenModels()).toHtml({ title: "Films & <b>books</b>" });
    expect(html).toContain("<title>Films &amp; &lt;b&gt;books&lt;/b&gt;</title>");
    expect(html.match(/<svg /g)).toHaveLength(8);
    for (const head of [
      "Accuracy vs. coverage",
      "Accuracy by history length",
      "Accuracy by item popularity",
      "Comparisons",
      "How to repeat it",
    ])
      expect(html).toContain(head);
    // Namespace URLs are only names; nothing fetches them.
    expect(html.replaceAll(/xmlns(:\w+)?="[^"]*"/g, "")).not.toMatch(/https?:|\ssrc=|<link|@import|url\(/);
    expect(html.match(/<script/g)).toEqual(["<script"]);
    const embedded = html.match(/<script type="application\/json" id="evaluation">(.*?)<\/script>/s)?.[1] ?? "";
    expect(JSON.parse(embedded)).toEqual(tenModels());
  });

  it("escapes text from users", async () => {
    const names = ['<img onerror="x">', "a&b", "'c'", "d", "e", "f", "g", "h", "i", "j"];
    const html = await Evaluation.fromJSON(tenModels(names)).toHtml();
    const visible = html.slice(0, html.indexOf('<script type="application/json"'));
    expect(visible).not.toContain("<img");
    expect(visible).not.toContain("<i>this");
    expect(visible).not.toContain("<script>alert");
    expect(visible).toContain("&lt;img onerror=&quot;x&quot;&gt;");
    expect(visible).toContain("Beware of &lt;i&gt;this&lt;/i&gt;.");
  });

  it("works with little data: one model, no segments, no coverage, no intervals", async () => {
    const json = tenModels(["only"]);
    const html = await new Evaluation({
      ...json,
      protocol: { ...json.protocol, resamples: 0, columns: json.protocol.columns.slice(0, 1) },
      models: [{ ...json.models[0], metrics: { "ndcg@10": { value: 0, low: null, high: null, users: 5 } } }],
      comparisons: [],
      segments: [],
      warnings: [],
    }).toHtml();
    expect(html.match(/<svg /g)).toHaveLength(2);
    expect(html).not.toMatch(/NaN|undefined|Infinity/);
  });
});

it("labels distinguish models with the same name", () => {
  const model = (name: string, options: Record<string, unknown> = {}) => ({ name, options });
  expect(
    modelLabels([model("als", { factors: 64, seed: 1 }), model("als", { factors: 128, seed: 1 }), model("ease"), model("ease")]),
  ).toEqual(["als(factors=64)", "als(factors=128)", "ease", "ease #2"]);
});

it("plot labels never overlap or leave the plot", () => {
  const bounds = { x: 0, y: 0, width: 600, height: 300 };
  const point = fc.record({
    x: fc.integer({ min: 0, max: 600 }),
    y: fc.integer({ min: 0, max: 300 }),
    text: fc.string({ minLength: 1, maxLength: 20 }),
  });
  fc.assert(
    fc.property(fc.array(point, { maxLength: 20 }), (points) => {
      const marks = points.map((one) => ({ ...one, above: 5, below: 5 }));
      const placed = placeLabels(marks, { obstacles: points.map(({ x, y }) => ({ x: x - 5, y: y - 5, width: 10, height: 10 })), bounds });
      const boxes = placed.map(({ index, dx, dy, anchor, text }) => {
        const left = points[index].x + dx - { start: 0, middle: 0.5, end: 1 }[anchor] * text.length * 7.4;
        return { left, right: left + text.length * 7.4, top: points[index].y + dy - 8, bottom: points[index].y + dy + 8 };
      });
      boxes.forEach((a, i) => {
        expect(a.left >= 0 && a.right <= 600.001 && a.top >= 0 && a.bottom <= 300).toBe(true);
        for (const b of boxes.slice(i + 1))
          expect(a.left < b.right - 1e-9 && b.left < a.right - 1e-9 && a.top < b.bottom && b.top < a.bottom).toBe(false);
      });
    }),
  );
});
