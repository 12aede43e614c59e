/**
 * Edit distance (Levenshtein 1966) that counts a swap of adjacent letters as one edit (Damerau 1964). Ours, because fastest-levenshtein doesn't
 * count swaps, which are needed to suggest `als` for `asl`, and browsers load this file without a bundler.
 */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length];
}

/**
 * The names most similar to `name`, nearest first, for suggestions in errors.
 *
 * @param limit the most names to return. Default 3
 * @example
 * ```ts
 * import { nearestNames } from "recobase";
 * nearestNames("eaze", ["als", "ease", "random"]); // ["ease"]
 * ```
 */
export function nearestNames(name: string, known: Iterable<string>, limit = 3): string[] {
  const wanted = name.toLowerCase();
  const reach = Math.max(1, Math.floor(wanted.length * 0.4));
  const near: { candidate: string; distance: number }[] = [];
  for (const candidate of known) {
    const lower = candidate.toLowerCase();
    if (Math.abs(lower.length - wanted.length) > reach && !lower.startsWith(wanted)) continue;
    const distance = lower.startsWith(wanted) ? 0.5 : editDistance(wanted, lower);
    if (distance <= reach) near.push({ candidate, distance });
  }
  near.sort((a, b) => a.distance - b.distance || (a.candidate < b.candidate ? -1 : 1));
  return near.slice(0, limit).map((entry) => entry.candidate);
}

/** `" Did you mean a, b?"`, or `""` if no name is similar. Append it to an error message. */
export function didYouMean(name: string, known: Iterable<string>): string {
  const near = nearestNames(name, known);
  return near.length === 0 ? "" : ` Did you mean ${near.join(", ")}?`;
}
