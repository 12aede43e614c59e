import type { EventColumns } from "../../data/event-columns.ts";
import type { GuardedSource } from "../../pipeline/guarded-source.ts";
import type { SourceSpec } from "../../pipeline/recommender.gen.ts";
import type { Source } from "../../pipeline/source.ts";
import type { EventFeed, EventObserver } from "../learning/event-feed.ts";

interface Kept {
  readonly spec: SourceSpec;
  readonly guarded: GuardedSource;
  readonly observer: EventObserver | undefined;
}

/** The sources of a project. Each is made once, however many recommenders use it. Sources that learn from events are fed from then on. */
export class SourceRegistry {
  readonly #feed: EventFeed;
  readonly #make: (spec: SourceSpec) => GuardedSource;
  readonly #dropped: (source: Source) => void;
  readonly #sources = new Map<string, Kept>();
  /** Custom sources are code, so they are identified by the object itself. */
  readonly #customs = new Map<unknown, string>();

  /** @param dropped called with each source that is no longer used */
  constructor(feed: EventFeed, make: (spec: SourceSpec) => GuardedSource, dropped: (source: Source) => void) {
    this.#feed = feed;
    this.#make = make;
    this.#dropped = dropped;
  }

  /** The source for a spec; makes it if needed. @throws RecoError `bad-config` */
  get(spec: SourceSpec): GuardedSource {
    const key = this.#keyOf(spec);
    const kept = this.#sources.get(key);
    if (kept !== undefined) return kept.guarded;
    const made = this.#fed(spec);
    this.#sources.set(key, made);
    return made.guarded;
  }

  /**
   * Makes the sources that learn from events anew, so that they forget events that were removed. The old ones answer until the new ones have seen every
   * event. Custom sources are objects of their own, and stay.
   */
  async renew(): Promise<void> {
    const old = [...this.#sources].filter(([, { spec, observer }]) => observer !== undefined && spec.kind !== "custom");
    const renewed = old.map(([key, kept]) => ({ key, kept, made: this.#fed(kept.spec) }));
    let failed = true;
    try {
      await this.#feed.settled;
      failed = false;
    } finally {
      for (const { key, kept, made } of renewed) {
        // It may have been dropped in the meantime.
        const replaces = !failed && this.#sources.get(key) === kept;
        if (replaces) this.#sources.set(key, made);
        this.#release(replaces ? kept : made);
      }
    }
  }

  /** Drops all sources except these. */
  keepOnly(used: ReadonlySet<GuardedSource>): void {
    for (const [key, kept] of this.#sources) {
      if (used.has(kept.guarded)) continue;
      this.#sources.delete(key);
      this.#release(kept);
    }
  }

  #fed(spec: SourceSpec): Kept {
    const guarded = this.#make(spec);
    const { source } = guarded;
    const observer =
      source.observe === undefined
        ? undefined
        : { name: `The source ${source.name}`, observe: (events: EventColumns) => source.observe?.(events) };
    if (observer !== undefined) this.#feed.add(observer);
    prepare(source);
    return { spec, guarded, observer };
  }

  #release({ guarded, observer }: Kept): void {
    if (observer !== undefined) this.#feed.remove(observer);
    this.#dropped(guarded.source);
  }

  #keyOf(spec: SourceSpec): string {
    if (spec.kind !== "custom") return JSON.stringify(spec);
    const key = this.#customs.get(spec.source) ?? `custom ${this.#customs.size}`;
    this.#customs.set(spec.source, key);
    return `${key} ${spec.deadline ?? ""}`;
  }
}

/** Lets a source that is made ready on demand begin before the first request. */
function prepare(source: Source): void {
  try {
    source.ready?.();
  } catch {
    // The first request reports it.
  }
}
