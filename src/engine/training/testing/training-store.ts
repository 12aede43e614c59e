import { writeSegment } from "../../../store/segment.ts";
import type { EventInput, ProjectStore } from "../../../store/store.ts";

/** As much of a project store as training looks at, in memory. Several trainers over one are replicas. */
export type TrainingStore = Pick<ProjectStore, "documents" | "blobs" | "segments" | "eventTypes" | "users" | "items" | "size" | "lead"> & {
  append(events: readonly EventInput[]): void;
};

export function trainingStore(): TrainingStore {
  const segments: Uint8Array[] = [];
  const tables = { users: new Map<string, number>(), items: new Map<string, number>(), types: new Map<string, number>() };
  const ids = (table: Map<string, number>) => ({
    get size() {
      return table.size;
    },
    id: (index: number) => [...table.keys()][index],
    indexOf: (id: string) => table.get(id) ?? -1,
  });
  const index = (table: Map<string, number>, id: string) => {
    if (!table.has(id)) table.set(id, table.size);
    return table.get(id) ?? -1;
  };
  const documents = new Map<string, string>();
  const blobs = new Map<string, Uint8Array>();
  const listeners: { kind: string; listener: (key: string, body: unknown) => void }[] = [];
  const parse = (text: string | undefined): unknown => (text === undefined ? undefined : JSON.parse(text));
  const changed = (kind: string, key: string) => {
    for (const one of listeners) if (one.kind === kind) one.listener(key, parse(documents.get(`${kind}/${key}`)));
  };
  let size = 0;
  let led = false;
  return {
    users: ids(tables.users),
    items: ids(tables.items),
    get eventTypes() {
      return [...tables.types.keys()];
    },
    get size() {
      return size;
    },
    append(events) {
      const bases = { users: tables.users.size, items: tables.items.size, types: tables.types.size };
      const user = Uint32Array.from(events, (event) => index(tables.users, event.user));
      const item = Uint32Array.from(events, (event) => index(tables.items, event.item));
      const type = Uint8Array.from(events, (event) => index(tables.types, event.type));
      const brought = (name: "users" | "items" | "types") => ({ base: bases[name], ids: [...tables[name].keys()].slice(bases[name]) });
      segments.push(
        writeSegment({
          ...{ length: events.length, user, item, type, users: brought("users"), items: brought("items"), types: brought("types") },
          value: Float32Array.from(events, (event) => event.value ?? 1),
          time: Float64Array.from(events, (event) => event.time),
          ...{ session: undefined, context: undefined, recommendation: undefined, keys: undefined, parts: undefined, firstSeen: undefined },
        }),
      );
      size += events.length;
    },
    async *segments() {
      yield* segments;
    },
    documents: {
      get: (kind, key) => parse(documents.get(`${kind}/${key}`)),
      list: (kind) =>
        [...documents.keys()]
          .filter((name) => name.startsWith(`${kind}/`))
          .sort()
          .map((name) => ({ key: name.slice(kind.length + 1), body: parse(documents.get(name)) })),
      async put(kind, key, body) {
        await Promise.resolve();
        documents.set(`${kind}/${key}`, JSON.stringify(body));
        changed(kind, key);
      },
      async delete(kind, key) {
        const there = documents.delete(`${kind}/${key}`);
        changed(kind, key);
        return there;
      },
      onChange: (kind, listener) => void listeners.push({ kind, listener }),
    },
    blobs: {
      async put(name, chunks) {
        const parts: Uint8Array[] = [];
        for await (const chunk of chunks) parts.push(chunk);
        blobs.set(name, Buffer.concat(parts));
      },
      async *get(name) {
        yield blobs.get(name) ?? new Uint8Array();
      },
      async delete(name) {
        blobs.delete(name);
      },
      list: async () => [...blobs].map(([name, bytes]) => ({ name, bytes: bytes.length })),
    },
    async lead() {
      if (led) return undefined;
      led = true;
      return async () => {
        led = false;
      };
    },
  };
}
