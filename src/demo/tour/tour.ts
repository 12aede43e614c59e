import { leaveLastOut } from "../../data/splits/leave-last-out.ts";
import { evaluate } from "../../evaluate/evaluate.ts";
import type { Model } from "../../model/model.ts";
import { als, ease, itemKnn, popularity, rp3beta } from "../../models/index.gen.ts";
import { type Cinema, type CinemaOptions, genres, simulateCinema, tastes } from "../../simulate/index.ts";
import { version } from "../../util/version.ts";
import { barChart, type Ink, inColumns, inkFor, type Stream, statusLine } from "../screen.ts";
import { castOf, tasteWords } from "./cast.ts";
import { listFor, listForHistory, titleOf } from "./film-lists.ts";
import { nextSteps } from "./next-steps.ts";
import { likingBounds, trueLiking } from "./true-liking.ts";

export interface TourOptions {
  /** Where the tour is printed. */
  readonly output: Stream;
  /** Where progress is printed. */
  readonly errors: Stream;
  /** Folder for the files used by the commands at the end. */
  readonly folder: string;
  /** The size of the cinema; by default that of `simulateCinema`. */
  readonly cinema?: CinemaOptions;
}

/** For a small catalog that people know well; tuned on a validation part of the training data. */
const ALS_OPTIONS = { factors: 32, regularization: 0.02, unobservedWeight: 1 };
/** Half-life of a viewing for trending films, in days. */
const TRENDING_DAYS = 14;

/**
 * Shows what the library does on a simulated cinema: a comparison of models, how much people really like what each recommends, lists with
 * reasons for three people, trending films, an anonymous visitor, and commands to try. Everything is computed live.
 */
export async function tour({ output, errors, folder, cinema: size = {} }: TourOptions): Promise<void> {
  const started = performance.now();
  const ink = inkFor(output);
  const status = statusLine(errors);
  const say = (text = "") => {
    status.clear();
    output.write(`${text}\n`);
  };
  const heading = (title: string, note: string) => say(`\n${ink.bold(title)}  ${ink.dim(note)}`);

  status.report({ task: "simulating a cinema", done: 0, total: 0 });
  const cinema = simulateCinema(size);
  say(`${ink.bold(`RecoBase ${version}`)} ${ink.dim("·")} a tour of the library, on a simulated cinema`);
  say(introduction(cinema));

  const specs = [popularity(), popularity({ halfLife: TRENDING_DAYS }), itemKnn(), rp3beta(), ease(), als(ALS_OPTIONS)];
  const split = leaveLastOut(cinema.data);
  const evaluation = await evaluate(specs, split, {
    k: 10,
    metrics: ["ndcg", "recall", "coverage"],
    segments: [],
    onProgress: status.report,
  });
  heading("Model comparison", "Each person's last film is held out. Models rank all films the person hasn't seen.");
  say(indented(evaluation.toString({ width: 96, bold: ink.colored })));

  const fitted: { label: string; model: Model }[] = [];
  for (const [i, spec] of specs.entries()) {
    status.report({ task: `fitting ${spec.name} on all data`, done: i, total: specs.length });
    fitted.push({ label: evaluation.models[i].label, model: await spec.fit(cinema.data, { onProgress: status.report }) });
  }
  heading("True preferences", "How much people really like the 10 films that each model recommends, on average.");
  const { best, blind } = likingBounds(cinema);
  const liking = fitted.map(({ label, model }) => ({ name: label, value: trueLiking(model, cinema) })).sort((a, b) => a.value - b.value);
  say(barChart([{ name: "random films", value: blind }, ...liking, { name: "best possible", value: best }], Math.min(0, blind), ink));

  const winner = evaluation.ranking
    .map(({ label }) => fitted.find((entry) => entry.label === label))
    .find((entry) => entry?.model.explain !== undefined);
  const model = winner?.model ?? fitted[0].model;
  heading(`Recommendations by ${model.name}`, "Each with its reasons, and its true rank, which the model never sees.");
  for (const person of castOf(cinema)) {
    say(`\n  ${ink.accent(person.name)} ${ink.dim("likes")} ${tasteWords(person)}`);
    say(listFor(person, model, cinema, ink));
  }

  heading("Trending and all-time popular", `For trending, the weight of a viewing halves every ${TRENDING_DAYS} days.`);
  say(trending(fitted[1].model, fitted[0].model, ink));

  const history = visitorsFilms(cinema);
  heading("An anonymous visitor", `who saw ${history.map((item) => titleOf(model, item)).join(" and ")}. No retraining.`);
  say(listForHistory(history, model, ink));

  say(await nextSteps({ cinema, specs, model, history, folder, ink }));
  say(ink.dim(`\nFinished in ${((performance.now() - started) / 1000).toFixed(1)} s.`));
}

function introduction({ data, people, films }: Cinema): string {
  const { time = new Float64Array() } = data.interactions;
  const day = (at: number) => new Date(at).toISOString().slice(0, 10);
  const number = (value: number) => value.toLocaleString("en");
  return [
    `${number(people.length)} people saw ${number(films.length)} films ${number(data.size)} times from ${day(time[0])} to ${day(time[time.length - 1])}.`,
    `There are ${genres.length} genres and ${tastes.length} tastes. Films age, seasons matter, and tastes change over time.`,
    "Because it is a simulation, the tour can check what people really like.",
  ].join("\n");
}

function trending(now: Model, ever: Model, ink: Ink): string {
  const titles = (model: Model) => model.recommend({ history: [] }, { k: 5 }).map(({ item }) => titleOf(model, item));
  const [left, right] = [titles(now), titles(ever)];
  const rows = [["", "trending", "all time"], ...left.map((title, i) => [`${i + 1}`, title, right[i] ?? ""])];
  return inColumns(rows, [{ ink: ink.dim }, { width: 44 }, { width: 44 }]);
}

/** The most popular film, and the second most popular one of its genre. */
function visitorsFilms({ data, films }: Cinema): string[] {
  const { offsets } = data.byItem();
  const byViewers = films.map((_, item) => item).sort((a, b) => offsets[b + 1] - offsets[b] - (offsets[a + 1] - offsets[a]));
  const genreOf = (item: number) => films[item].genres[0];
  const first = byViewers[0];
  const second = byViewers.find((item) => item !== first && genreOf(item) === genreOf(first));
  return [first, ...(second === undefined ? [] : [second])].map((item) => films[item].id);
}

function indented(text: string): string {
  return text.trimEnd().replace(/^(?=.)/gm, "  ");
}
