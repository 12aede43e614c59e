const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/**
 * Parses a duration such as `7d` into milliseconds: a number above 0 with the unit `ms`, `s`, `m` (minutes), `h`, `d` or `w`.
 *
 * @returns undefined if the text isn't a duration
 */
export function parseDuration(text: string): number | undefined {
  const parts = /^\s*(\d+(?:\.\d+)?)\s*(ms|s|m|h|d|w)\s*$/.exec(text);
  if (parts === null) return undefined;
  const milliseconds = Number(parts[1]) * units[parts[2]];
  return milliseconds > 0 && Number.isFinite(milliseconds) ? milliseconds : undefined;
}
