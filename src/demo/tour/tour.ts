import { leaveLastOut } from "../../data/splits/leave-last-out.ts";
import { evaluate } from "../../evaluate/evaluate.ts";
import type { Model } from "../../model/model.ts";
import { als, ease, itemKnn, popularity, rp3beta } from "../../models/index.gen.ts";
import { type Cinema, type CinemaOptions, genres, simulateCinema, tastes } from "../../simulate/index.ts";
import { version } from "../../util/version.ts";
import { barChart, type Ink, inColumns, inkFor, type Stream, statusLine } from "../screen.ts";
import { castOf, tasteWords } from "./cast.ts";
import { listFor, listForStranger, titleOf } from "./film-lists.ts";
import { nextSteps } from "./next-steps.ts";
import { likingBounds, trueLiking } from "./true-liking.ts";

export interface TourOptions {
  /** The story. */
  readonly output: Stream;
  /** What is being done. */
  readonly errors: Stream;
  /** Where the files go that the commands at the end work on. */
  readonly folder: string;
  /** The size of the cinema; its defaults when absent. */
  readonly cinema?: CinemaOptions;
}

/** For a small catalogue that people know well; chosen with a validation part of the training data. */
const ALS_OPTIONS = { factors: 32, regularization: 0.02, unobservedWeight: 1 };
/** Days in which a viewing counts half for what is trending. */
const TRENDING_DAYS = 14;

/**
 * Shows what RecoBase does, on a simulated cinema: which model is best, how much people truly like what each recommends, lists for three
 * people with reasons, what is trending, a stranger, and what to type next. All of it is computed while it is shown.
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

  status.report({ task: "opening the cinema", done: 0, total: 0 });
  const cinema = simulateCinema(size);
  say(`${ink.bold(`RecoBase ${version}`)} ${ink.dim("·")} a cinema that never was`);
  say(introduction(cinema));

  const specs = [popularity(), popularity({ halfLife: TRENDING_DAYS }), itemKnn(), rp3beta(), ease(), als(ALS_OPTIONS)];
  const split = leaveLastOut(cinema.data);
  const evaluation = await evaluate(specs, split, {
    k: 10,
    metrics: ["ndcg", "recall", "coverage"],
    segments: [],
    onProgress: status.report,
  });
  heading("Which model is best?", "Each person's last film is withheld, and all they have not seen are ranked.");
  say(indented(evaluation.toString({ width: 96, bold: ink.colored })));

  const fitted: { label: string; model: Model }[] = [];
  for (const [i, spec] of specs.entries()) {
    status.report({ task: `fitting ${spec.name} on everything`, done: i, total: specs.length });
    fitted.push({ label: evaluation.models[i].label, model: await spec.fit(cinema.data, { onProgress: status.report }) });
  }
  heading("And do people like it?", "The true liking of the 10 films that each recommends.");
  const { best, blind } = likingBounds(cinema);
  const liking = fitted.map(({ label, model }) => ({ name: label, value: trueLiking(model, cinema) })).sort((a, b) => a.value - b.value);
  say(
    barChart(
      [{ name: "films taken blindly", value: blind }, ...liking, { name: "the best there are", value: best }],
      Math.min(0, blind),
      ink,
    ),
  );

  const winner = evaluation.ranking
    .map(({ label }) => fitted.find((entry) => entry.label === label))
    .find((entry) => entry?.model.explain !== undefined);
  const model = winner?.model ?? fitted[0].model;
  heading(`What ${model.name} recommends`, "with its reasons, and the place in the person's true order, hidden from it.");
  for (const person of castOf(cinema)) {
    say(`\n  ${ink.accent(person.name)} ${ink.dim("likes")} ${tasteWords(person)}`);
    say(listFor(person, model, cinema, ink));
  }

  heading("Trending, and popular of all time", `A viewing counts half after ${TRENDING_DAYS} days, and in full for ever.`);
  say(trending(fitted[1].model, fitted[0].model, ink));

  const history = strangersFilms(cinema);
  heading("A stranger", `who saw ${history.map((item) => titleOf(model, item)).join(" and ")}. No refit.`);
  say(listForStranger(history, model, ink));

  say(await nextSteps({ cinema, specs, model, history, folder, ink }));
  say(ink.dim(`\nAll of this took ${((performance.now() - started) / 1000).toFixed(1)} s on this machine.`));
}

function introduction({ data, people, films }: Cinema): string {
  const { time = new Float64Array() } = data.interactions;
  const day = (at: number) => new Date(at).toISOString().slice(0, 10);
  const number = (value: number) => value.toLocaleString("en");
  return [
    `${number(people.length)} people saw ${number(films.length)} films ${number(data.size)} times between ${day(time[0])} and ${day(time[time.length - 1])}: ${genres.length} genres, ${tastes.length} tastes.`,
    "Simulated: films come out and fade, seasons turn, tastes drift, and what is truly liked is known.",
  ].join("\n");
}

function trending(now: Model, ever: Model, ink: Ink): string {
  const titles = (model: Model) => model.recommend({ history: [] }, { k: 5 }).map(({ item }) => titleOf(model, item));
  const [left, right] = [titles(now), titles(ever)];
  const rows = [["", "trending", "of all time"], ...left.map((title, i) => [`${i + 1}`, title, right[i] ?? ""])];
  return inColumns(rows, [{ ink: ink.dim }, { width: 44 }, { width: 44 }]);
}

/** The most watched film, and the next of its genre. */
function strangersFilms({ data, films }: Cinema): string[] {
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
