import { type EventColumns, sliceEvents } from "../../data/event-columns.ts";
import { readSegment } from "../../store/segment.ts";
import type { ProjectStore } from "../../store/store.ts";

/** Rows processed before yielding to other work. */
const TURN = 65_536;

/** Learns from every event. */
export interface EventObserver {
  /** For messages. */
  readonly name: string;
  observe(events: EventColumns): void;
}

interface Listener {
  readonly observer: EventObserver;
  /** Events that arrived while the stored ones were being read; undefined once caught up. */
  waiting: EventColumns[] | undefined;
}

/** Feeds observers the stored events first, then each new batch: every event exactly once. */
export class EventFeed {
  readonly #store: Pick<ProjectStore, "segments" | "size" | "onEvents">;
  readonly #log: (message: string) => void;
  readonly #listeners: Listener[] = [];
  #catchingUp: Promise<void> = Promise.resolve();

  constructor(store: Pick<ProjectStore, "segments" | "size" | "onEvents">, log: (message: string) => void) {
    this.#store = store;
    this.#log = log;
    store.onEvents((events) => {
      for (const { observer, waiting } of this.#listeners)
        if (waiting === undefined) this.#tell(observer, events);
        else waiting.push(events);
    });
  }

  /** Observers added together share one pass over the stored events. They are called in the order in which they were added. */
  add(observer: EventObserver): void {
    this.#listeners.push({ observer, waiting: [] });
    this.#catchingUp = this.#catchingUp.catch(() => {}).then(() => this.#catchUp());
    this.#catchingUp.catch((error: unknown) => this.#log(`Could not read the stored events: ${messageOf(error)}`));
  }

  /** Stops feeding an observer. */
  remove(observer: EventObserver): void {
    const at = this.#listeners.findIndex((listener) => listener.observer === observer);
    if (at >= 0) this.#listeners.splice(at, 1);
  }

  /** Resolves when all observers have seen all events. @throws RecoError if the stored events could not be read */
  get settled(): Promise<void> {
    return this.#catchingUp;
  }

  async #catchUp(): Promise<void> {
    const late = this.#listeners.filter(({ waiting }) => waiting !== undefined);
    if (late.length === 0) return;
    // Events queued so far are also stored, so the pass below covers them.
    for (const listener of late) listener.waiting = [];
    const before = this.#store.size;
    let told = 0;
    let inTurn = 0;
    for await (const bytes of this.#store.segments()) {
      const events = readSegment(bytes);
      for (const { observer } of late) this.#tell(observer, events);
      told += events.length;
      inTurn += events.length;
      if (inTurn < TURN) continue;
      inTurn = 0;
      await new Promise(setImmediate);
    }
    // Some events that arrived meanwhile may already have been in the segments.
    for (const listener of late) {
      let known = Math.max(0, told - before);
      for (const events of listener.waiting ?? []) {
        if (known < events.length) this.#tell(listener.observer, sliceEvents(events, known));
        known = Math.max(0, known - events.length);
      }
      listener.waiting = undefined;
    }
  }

  /** A custom source may throw here; the others continue. */
  #tell(observer: EventObserver, events: EventColumns): void {
    try {
      observer.observe(events);
    } catch (error) {
      this.#log(`${observer.name} failed to learn from ${events.length} events: ${messageOf(error)}`);
    }
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
