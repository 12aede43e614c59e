import { quantile } from "./quantile.ts";
import type { Timeline } from "./timeline.ts";

/** Visits: runs of a user's interactions without a gap longer than half an hour. */
export interface Sessions {
  readonly gapMinutes: number;
  readonly sessions: number;
  readonly perUserMedian: number;
  readonly lengthMedian: number;
  readonly lengthMean: number;
  /** Share of sessions with a single interaction. */
  readonly single: number;
  /** Median minutes from first to last interaction, for sessions with two or more. */
  readonly minutesMedian: number;
  /** Share of users who came back for a second session. */
  readonly returning: number;
}

const GAP_MINUTES = 30;

export function sessionsOf({ rows, offsets, time }: Timeline): Sessions {
  const lengths: number[] = [];
  const minutes: number[] = [];
  const perUser: number[] = [];
  for (let u = 0; u + 1 < offsets.length; u++) {
    let own = 0;
    let start = offsets[u];
    for (let i = offsets[u] + 1; i <= offsets[u + 1]; i++) {
      const previous = time[rows[i - 1]];
      if (i < offsets[u + 1] && time[rows[i]] - previous <= GAP_MINUTES * 60_000) continue;
      lengths.push(i - start);
      if (i - start > 1) minutes.push((previous - time[rows[start]]) / 60_000);
      own++;
      start = i;
    }
    if (own > 0) perUser.push(own);
  }
  const count = lengths.length;
  const sum = lengths.reduce((total, length) => total + length, 0);
  return {
    gapMinutes: GAP_MINUTES,
    sessions: count,
    perUserMedian: median(perUser),
    lengthMedian: median(lengths),
    lengthMean: count === 0 ? 0 : sum / count,
    single: count === 0 ? 0 : lengths.filter((length) => length === 1).length / count,
    minutesMedian: median(minutes),
    returning: perUser.length === 0 ? 0 : perUser.filter((sessions) => sessions > 1).length / perUser.length,
  };
}

function median(values: number[]): number {
  return quantile(Float64Array.from(values).sort(), 0.5);
}
