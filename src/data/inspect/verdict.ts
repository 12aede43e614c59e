import type { Inspection } from "../inspect.ts";

/** A mean over users with its 95% interval. */
export interface Interval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** A personalized model compared with popularity, on a held-out part of this data. */
export interface Comparison {
  /** Such as `"ndcg@10"`. */
  readonly metric: string;
  /** How the data was split. */
  readonly protocol: string;
  readonly users: number;
  readonly personalized: Interval & { readonly model: string };
  readonly popularity: Interval;
  /** Personalized minus popularity, user by user. */
  readonly difference: Interval;
}

/** Whether the data supports personalized recommendations, and the facts behind the answer. */
export interface Verdict {
  readonly answer: "personalize" | "popularity" | "undecided" | "too-little";
  /** The answer in one sentence. */
  readonly summary: string;
  /** The facts behind it, one per sentence. */
  readonly because: readonly string[];
  /** What would help or what to check next, one per sentence. */
  readonly advice: readonly string[];
}

/** Gains below this share of popularity's own result seldom justify a model. */
const SMALL_GAIN = 0.1;

/** The verdict on inspected data. It is based on the comparison if there is one, otherwise on the counts alone. */
export function verdictOf(inspection: Inspection, comparison: Comparison | undefined): Verdict {
  const { counts, longTail } = inspection;
  const because: string[] = [];
  const advice = adviceOf(inspection);
  if (comparison) because.push(comparisonWords(comparison));
  because.push(
    `Half of the users have ${words(counts.perUser.median)} or fewer interactions, and ${percent(counts.usersBelow5)} have fewer than 5.`,
    `${percent(counts.density)} of all user-item pairs have an interaction; the most popular 20% of the items have ${percent(longTail.top20Percent)} of the interactions.`,
  );
  return { ...answerOf(inspection, comparison), because, advice };
}

function answerOf({ counts }: Inspection, comparison: Comparison | undefined): Pick<Verdict, "answer" | "summary"> {
  if (counts.users < 20 || counts.items < 10 || counts.interactions < 200)
    return {
      answer: "too-little",
      summary:
        "Too little data to tell. Start with popularity, and try again with at least 20 users, 10 items and a few hundred interactions.",
    };
  if (comparison === undefined) {
    if (counts.usersBelow5 > 0.8)
      return { answer: "popularity", summary: "Popularity will do: hardly any user has enough history to learn a taste from." };
    return {
      answer: "undecided",
      summary:
        "Not measured: the counts don't rule out personalized recommendations. Compare models on this data with `recobase evaluate`.",
    };
  }
  const { difference, popularity } = comparison;
  if (difference.low > 0 && difference.mean >= SMALL_GAIN * popularity.mean)
    return { answer: "personalize", summary: "Yes, this data supports personalized recommendations: they clearly beat popularity here." };
  if (difference.low > 0)
    return {
      answer: "popularity",
      summary: "Popularity will almost do: personalized recommendations are better here, but by less than a tenth.",
    };
  if (difference.high < 0)
    return {
      answer: "popularity",
      summary: "Popularity will do: a personalized neighborhood model is worse here than showing everyone the same items.",
    };
  return {
    answer: "undecided",
    summary:
      "No significant difference: with this much data, personalized recommendations are no better or worse than popularity. Use popularity for now.",
  };
}

function comparisonWords({ metric, protocol, users, personalized, popularity, difference }: Comparison): string {
  const ratio = popularity.mean > 0 ? ` (${signedPercent(difference.mean / popularity.mean)})` : "";
  return (
    `On ${users.toLocaleString("en")} users (${protocol}), ${personalized.model} has an ${metric.toUpperCase()} of ${digits(personalized.mean)}, compared with ` +
    `${digits(popularity.mean)} for popularity${ratio}; the difference is ${digits(difference.low)} to ${digits(difference.high)} with 95% confidence.`
  );
}

function adviceOf({ counts, longTail, drift, cold, repeats, suspects, sessions }: Inspection): string[] {
  const advice: string[] = [];
  if (counts.weight && counts.weight.distinct > 1 && counts.weight.distinct <= 20 && counts.weight.min < counts.weight.max / 2)
    advice.push("The weights look like ratings. Decide whether a low rating is a reason to recommend; if not, use --min-rating.");
  if (counts.weight && counts.weight.min <= 0)
    advice.push("Some weights are 0 or below, such as returns or dislikes. Remove them with --min-rating, or they count as interest.");
  if (cold.basis === "time" && cold.items > 0.2)
    advice.push(
      `${percent(cold.items)} of later interactions are with new items. Models trained on interactions alone can't recommend those, so show new items some other way.`,
    );
  if (cold.basis === "time" && cold.users > 0.2)
    advice.push(
      `${percent(cold.users)} of later interactions come from new users. Start them with popular items, and recommend from their history as it grows.`,
    );
  if (drift && drift.popularityOverlap < 0.5)
    advice.push("Popularity changes fast: train often, and try popularity with a half-life and a time split.");
  if (repeats.repeatShare > 0.2)
    advice.push("Repeats are common here. Decide whether to recommend items that a user already has (--include-seen).");
  if (repeats.duplicateRows > 0.01 * counts.interactions) advice.push("The file has duplicate rows: check how it was exported.");
  if (suspects.share > 0.05)
    advice.push(`Suspect users make ${percent(suspects.share)} of the interactions: check them before you trust any metric.`);
  if (sessions && sessions.returning < 0.2)
    advice.push("Few users come back. Recommend from what they do in the session (--history), not from who they are.");
  if (longTail.itemsBelow5 > 0.5 * counts.items)
    advice.push(
      `${percent(longTail.itemsBelow5 / counts.items)} of the items have fewer than 5 interactions, so models can learn little about them.`,
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
