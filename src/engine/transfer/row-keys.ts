import { hash } from "node:crypto";
import type { EventInput } from "../../data/events.ts";

/**
 * Gives events without an idempotency key one made of what they say and how many equal events came before in the same file. So a file imported
 * again adds nothing, wherever its rows stand and whatever its name; two equal rows of one file are two events; and a third one in a later
 * file is added. Rows without a time are equal if everything else is.
 */
export class RowKeys {
  private readonly seen = new Occurrences();

  /** The event with a key. */
  keyed(event: EventInput): EventInput {
    if (typeof event.key === "string") return event;
    const digest = hash("sha1", contentOf(event), "buffer");
    const before = this.seen.add(digest.readUInt32LE(0), digest.readUInt32LE(4));
    return { ...event, key: `row:${digest.toString("base64url")}:${before}` };
  }
}

/** What a row says, as text. Values are compared with 32 bits, so that every reader gives a row the same key. */
function contentOf({ user, item, type, value = 1, time, session, recommendation, context }: EventInput): string {
  const at = typeof time === "string" ? Date.parse(time) : time;
  const entries = context === undefined || context === null ? [] : Object.entries(context);
  if (entries.length > 1) entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([user, item, type, typeof value === "number" ? Math.fround(value) : value, at, session, recommendation, entries]);
}

/** Counts 64-bit hashes. An open hash table, because a Map holds at most 2^24 entries and takes four times the memory. */
class Occurrences {
  private size = 0;
  private lows = new Uint32Array(1 << 10);
  private highs = new Uint32Array(1 << 10);
  /** 0 marks a free place. */
  private counts = new Uint32Array(1 << 10);

  /** Counts a hash; returns how often it had come before. */
  add(low: number, high: number): number {
    const at = this.find(low, high);
    const before = this.counts[at]++;
    if (before > 0) return before;
    this.lows[at] = low;
    this.highs[at] = high;
    if (++this.size > 0.8 * this.counts.length) this.grow();
    return 0;
  }

  private find(low: number, high: number): number {
    const { lows, highs, counts } = this;
    const mask = counts.length - 1;
    let at = low & mask;
    while (counts[at] !== 0 && (lows[at] !== low || highs[at] !== high)) at = (at + 1) & mask;
    return at;
  }

  private grow(): void {
    const { lows, highs, counts } = this;
    const room = 2 * counts.length;
    this.lows = new Uint32Array(room);
    this.highs = new Uint32Array(room);
    this.counts = new Uint32Array(room);
    for (let i = 0; i < counts.length; i++) {
      if (counts[i] === 0) continue;
      const at = this.find(lows[i], highs[i]);
      this.lows[at] = lows[i];
      this.highs[at] = highs[i];
      this.counts[at] = counts[i];
    }
  }
}
