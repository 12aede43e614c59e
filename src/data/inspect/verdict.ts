import type { Inspection } from "../inspect.ts";

/** A mean over users with its 95% interval. */
export interface Interval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** A personalised model against popularity, on a withheld part of this very data. */
export interface Comparison {
  /** Such as `"ndcg@10"`. */
  readonly metric: string;
  /** How the data was split, in words. */
  readonly protocol: string;
  readonly users: number;
  readonly personalised: Interval & { readonly model: string };
  readonly popularity: Interval;
  /** Personalised minus popularity, user by user. */
  readonly difference: Interval;
}

/** Whether the data supports personalised recommendation, and the facts that say so. */
export interface Verdict {
  readonly answer: "personalise" | "popularity" | "undecided" | "too-little";
  /** The answer in one sentence. */
  readonly summary: string;
  /** The facts behind it, one a sentence. */
  readonly because: readonly string[];
  /** What would help or what to look at next, one a sentence. */
  readonly advice: readonly string[];
}

/** Gains below this share of popularity's own figure seldom pay for a model. */
const SMALL_GAIN = 0.1;

/** The verdict on inspected data. It rests on the comparison where there is one, on the counts alone where there is none. */
export function verdictOf(inspection: Inspection, comparison: Comparison | undefined): Verdict {
  const { counts, longTail } = inspection;
  const because: string[] = [];
  const advice = adviceOf(inspection);
  if (comparison) because.push(comparisonWords(comparison));
  because.push(
    `Half of the users have ${words(counts.perUser.median)} or fewer interactions, and ${percent(counts.usersBelow5)} have fewer than 5.`,
    `${percent(counts.density)} of all user-item pairs are filled; the most popular 20% of the items take ${percent(longTail.top20Percent)} of the interactions.`,
  );
  return { ...answerOf(inspection, comparison), because, advice };
}

function answerOf({ counts }: Inspection, comparison: Comparison | undefined): Pick<Verdict, "answer" | "summary"> {
  if (counts.users < 20 || counts.items < 10 || counts.interactions < 200)
    return {
      answer: "too-little",
      summary:
        "Too little data to tell: start with popularity, and come back with at least 20 users, 10 items and some hundred interactions.",
    };
  if (comparison === undefined) {
    if (counts.usersBelow5 > 0.8)
      return { answer: "popularity", summary: "Popularity would do: hardly any user has enough history to learn a taste from." };
    return {
      answer: "undecided",
      summary:
        "Not measured: the counts do not rule personalised recommendation out. Compare models on this data with `recobase evaluate`.",
    };
  }
  const { difference, popularity } = comparison;
  if (difference.low > 0 && difference.mean >= SMALL_GAIN * popularity.mean)
    return { answer: "personalise", summary: "Yes, this data supports personalised recommendation: it clearly beats popularity here." };
  if (difference.low > 0)
    return {
      answer: "popularity",
      summary: "Popularity would nearly do: personalised recommendation is better here, but by less than a tenth.",
    };
  if (difference.high < 0)
    return {
      answer: "popularity",
      summary: "Popularity would do: a personalised neighbourhood model does worse here than showing everyone the same.",
    };
  return {
    answer: "undecided",
    summary:
      "No difference shown: with this much data, personalised recommendation cannot be told from popularity. Popularity would do for now.",
  };
}

function comparisonWords({ metric, protocol, users, personalised, popularity, difference }: Comparison): string {
  const ratio = popularity.mean > 0 ? ` (${signedPercent(difference.mean / popularity.mean)})` : "";
  return (
    `On ${users.toLocaleString("en")} users (${protocol}), ${personalised.model} reaches an ${metric.toUpperCase()} of ${digits(personalised.mean)} where popularity ` +
    `reaches ${digits(popularity.mean)}${ratio}; the difference lies in ${digits(difference.low)} to ${digits(difference.high)} with 95% confidence.`
  );
}

function adviceOf({ counts, longTail, drift, cold, repeats, suspects, sessions }: Inspection): string[] {
  const advice: string[] = [];
  if (counts.weight && counts.weight.distinct > 1 && counts.weight.distinct <= 20 && counts.weight.min < counts.weight.max / 2)
    advice.push("The weights look like ratings: decide whether a low one is a reason to recommend, else use --min-rating.");
  if (counts.weight && counts.weight.min <= 0)
    advice.push("Some weights are 0 or below, such as returns or dislikes: leave them out with --min-rating, or they count as interest.");
  if (cold.basis === "time" && cold.items > 0.2)
    advice.push(
      `${percent(cold.items)} of later interactions are with items unseen before: models of interactions alone cannot recommend those; show new items elsewhere.`,
    );
  if (cold.basis === "time" && cold.users > 0.2)
    advice.push(
      `${percent(cold.users)} of later interactions come from users unseen before: recommend from their history as it grows, and start them with popularity.`,
    );
  if (drift && drift.popularityOverlap < 0.5)
    advice.push("What is popular changes fast: train often, and look at popularity with a time decay and a split by time.");
  if (repeats.repeatShare > 0.2)
    advice.push("Repeats are common here: decide whether something already taken may be recommended again (--include-seen).");
  if (repeats.duplicateRows > 0.01 * counts.interactions) advice.push("Rows stand twice in the file: look at how it was exported.");
  if (suspects.share > 0.05)
    advice.push(`Suspect users make ${percent(suspects.share)} of the interactions: look at them before you trust any figure.`);
  if (sessions && sessions.returning < 0.2)
    advice.push("Few users come back: recommend from what they do in the session (--history), not from who they are.");
  if (longTail.itemsBelow5 > 0.5 * counts.items)
    advice.push(
      `${percent(longTail.itemsBelow5 / counts.items)} of the items have fewer than 5 interactions: little can be learned about them.`,
    );
  return advice;
}

function percent(share: number): string {
  const value = 100 * share;
  return `${value === 0 || value >= 10 ? value.toFixed(0) : value >= 1 ? value.toFixed(1) : value >= 0.01 ? value.toFixed(2) : value.toPrecision(1)}%`;
}

function signedPercent(share: number): string {
  return `${share < 0 ? "-" : "+"}${percent(Math.abs(share))}`;
}

function digits(value: number): string {
  return value.toFixed(4);
}

function words(count: number): string {
  return Number.isInteger(count) ? count.toLocaleString("en") : count.toFixed(1);
}
