import { RecoError } from "../../util/errors.ts";
import { checkName, checkWrites } from "../check-writes.ts";
import type { Change, Storage, Write } from "../storage.ts";
import { takeBytes } from "../take-bytes.ts";

type Segment = Extract<Change, { type: "segment" }>;
type Document = Extract<Change, { type: "document" }>;

interface Project {
  last: number;
  /** In sequence order. */
  segments: Segment[];
  /** By kind and key. */
  readonly documents: Map<string, Document>;
  readonly blobs: Map<string, readonly Uint8Array[]>;
}

/** Keeps everything in this process's memory, for tests, experiments and embedding. The data is lost when the process ends. */
export function openMemoryStorage(): Storage {
  const projects = new Map<string, Project>();
  const leaders = new Set<string>();

  const find = (name: string): Project => {
    const project = projects.get(name);
    if (project === undefined) throw new RecoError("unknown-project", `Unknown project: "${name}".`);
    return project;
  };

  return {
    async projects() {
      return [...projects.keys()].sort();
    },

    async createProject(name) {
      checkName("project", name);
      if (projects.has(name)) throw new RecoError("conflict", `The project "${name}" already exists.`);
      projects.set(name, { last: 0, segments: [], documents: new Map(), blobs: new Map() });
    },

    async deleteProject(name) {
      find(name);
      projects.delete(name);
    },

    async *changes(name, after) {
      const { segments, documents } = find(name);
      const changes: Change[] = [...segments, ...documents.values()].filter(({ sequence }) => sequence > after);
      // Sorting is stable, so segments of one commit keep their order.
      changes.sort((a, b) => a.sequence - b.sequence);
      for (const change of changes) yield change.type === "segment" ? { ...change, bytes: change.bytes.slice() } : change;
    },

    async commit(name, _after, prepare) {
      const project = find(name);
      const writes = prepare([]);
      checkWrites(writes);
      checkReplaced(project, writes);
      if (writes.length === 0) return project.last;
      const sequence = ++project.last;
      for (const write of writes) apply(project, sequence, write);
      return sequence;
    },

    async putBlob(name, blob, chunks) {
      find(name);
      checkName("blob", blob);
      const copies: Uint8Array[] = [];
      for await (const chunk of chunks) copies.push(new Uint8Array(chunk));
      find(name).blobs.set(blob, copies);
    },

    async *getBlob(name, blob) {
      const chunks = find(name).blobs.get(blob);
      if (chunks === undefined) throw new RecoError("not-found", `The project "${name}" has no blob "${blob}".`);
      for (const chunk of chunks) yield chunk.slice();
    },

    async deleteBlob(name, blob) {
      find(name).blobs.delete(blob);
    },

    async blobs(name) {
      const sizes = [...find(name).blobs].map(([blob, chunks]) => ({ name: blob, bytes: bytesOf(chunks) }));
      return sizes.sort((a, b) => (a.name < b.name ? -1 : 1));
    },

    async lead(name) {
      if (leaders.has(name)) return undefined;
      leaders.add(name);
      return async () => void leaders.delete(name);
    },

    async size() {
      let bytes = 0;
      for (const { segments, documents, blobs } of projects.values()) {
        bytes += bytesOf(segments.map((segment) => segment.bytes));
        for (const { key, body } of documents.values()) bytes += key.length + (body?.length ?? 0);
        for (const chunks of blobs.values()) bytes += bytesOf(chunks);
      }
      return bytes;
    },

    async close() {},
  };
}

/** @throws RecoError `conflict` if a segment to be replaced is missing, before anything is written */
function checkReplaced(project: Project, writes: readonly Write[]): void {
  for (const write of writes) {
    if (write.type !== "replace") continue;
    const there = new Set(project.segments.filter(({ log }) => log === write.log).map(({ sequence }) => sequence));
    const missing = write.sequences.find((sequence) => !there.has(sequence));
    if (missing !== undefined)
      throw new RecoError("conflict", `The segment ${missing} of ${write.log} no longer exists. Read the log again.`);
  }
}

function apply(project: Project, sequence: number, write: Write): void {
  if (write.type === "segment") project.segments.push({ sequence, type: "segment", log: write.log, bytes: takeBytes(write.bytes) });
  else if (write.type === "document") {
    const { kind, key, body } = write;
    const name = JSON.stringify([kind, key]);
    if (body === undefined) project.documents.delete(name);
    else project.documents.set(name, { sequence, type: "document", kind, key, body });
  } else replace(project, write);
}

function replace(project: Project, { log, sequences, bytes }: Extract<Write, { type: "replace" }>): void {
  const replaced = new Set(sequences);
  const place = Math.max(...sequences);
  project.segments = project.segments.filter((segment) => segment.log !== log || !replaced.has(segment.sequence));
  if (bytes === undefined || sequences.length === 0) return;
  const at = project.segments.findIndex(({ sequence }) => sequence > place);
  project.segments.splice(at < 0 ? project.segments.length : at, 0, { sequence: place, type: "segment", log, bytes: takeBytes(bytes) });
}

function bytesOf(chunks: readonly Uint8Array[]): number {
  return chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0);
}
