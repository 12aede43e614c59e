import { EventDraft } from "./log/event-draft.ts";
import type { EventIndex } from "./log/event-index.ts";
import { type Segment, writeSegment } from "./segment.ts";
import type { Write } from "./storage.ts";

export const EVENT_LOG = "events";

interface DraftDocument {
  readonly kind: string;
  readonly key: string;
  /** As it will be read back; undefined if the document is deleted. */
  readonly body: unknown;
  readonly text: string | undefined;
}

/** Everything one commit of a project will write. */
export class ProjectDraft {
  readonly events: EventDraft;
  /** The events and ids to write; set by {@link writes}. */
  segment: Segment | undefined;
  readonly #current: (kind: string, key: string) => unknown;
  readonly #documents = new Map<string, Map<string, DraftDocument>>();
  readonly #replacements: Write[] = [];

  /** @param current returns documents as they are before the commit */
  constructor(index: EventIndex, current: (kind: string, key: string) => unknown) {
    this.events = new EventDraft(index);
    this.#current = current;
  }

  /** A document as it will be after this commit. */
  get(kind: string, key: string): unknown {
    const draft = this.#documents.get(kind)?.get(key);
    return draft === undefined ? this.#current(kind, key) : draft.body;
  }

  /** Writes a document as JSON text, or deletes it. */
  put(kind: string, key: string, text: string | undefined): void {
    let keys = this.#documents.get(kind);
    if (keys === undefined) {
      keys = new Map();
      this.#documents.set(kind, keys);
    }
    keys.set(key, { kind, key, text, body: text === undefined ? undefined : JSON.parse(text) });
  }

  replace(log: string, sequences: readonly number[], bytes: Uint8Array | undefined): void {
    this.#replacements.push({ type: "replace", log, sequences, bytes });
  }

  documents(): DraftDocument[] {
    return [...this.#documents.values()].flatMap((keys) => [...keys.values()]);
  }

  /** @param packed called with the size of the segment to write */
  writes(packed: (bytes: number) => void): Write[] {
    const writes: Write[] = this.documents().map(({ kind, key, text }) => ({ type: "document", kind, key, body: text }));
    this.segment = this.events.segment();
    if (this.segment !== undefined) {
      const bytes = writeSegment(this.segment);
      packed(bytes.length);
      writes.push({ type: "segment", log: EVENT_LOG, bytes });
    }
    return [...writes, ...this.#replacements];
  }
}
