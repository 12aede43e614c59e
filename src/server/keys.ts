import { hash, randomBytes, timingSafeEqual } from "node:crypto";
import type { Documents } from "../store/store.ts";

/**
 * What a key allows: `browser` allows writing events and reading recommendations, and is safe to publish. `secret` allows everything in one
 * project. `admin` allows everything in all projects, and managing projects and keys.
 */
export type Scope = "browser" | "secret" | "admin";

/** Scopes in ascending order: each includes those before it. */
export const scopes: readonly Scope[] = ["browser", "secret", "admin"];

/** The stored record of a key. The key itself is shown once, when it is created, and never stored. */
export interface KeyRecord {
  /** The first 16 hexadecimal digits of the key's hash. */
  readonly id: string;
  readonly scope: Scope;
  /** Absent for admin keys, which cover every project. */
  readonly project?: string;
  /** A name for people. */
  readonly name: string;
  readonly created: number;
  /** Milliseconds since 1970, accurate to about ten minutes; absent before first use. */
  readonly used?: number;
}

interface StoredKey extends KeyRecord {
  /** SHA-256 of the key, 64 hexadecimal digits. */
  readonly hash: string;
}

interface LiveKey {
  record: StoredKey;
  readonly hash: Buffer;
  used: number | undefined;
}

const KIND = "key";
/** How often the time of last use is written at most, so that reads don't cause writes. */
const USED_EVERY = 10 * 60_000;

/**
 * The keys of a server. A key is 256 random bits, so one unsalted SHA-256 is enough. Keys are looked up by the start of the hash, and the
 * whole hash is compared in constant time.
 */
export class Keys {
  private readonly documents: Documents;
  private readonly keys = new Map<string, LiveKey>();
  private readonly now: () => number;

  constructor(documents: Documents, now: () => number = Date.now) {
    this.documents = documents;
    this.now = now;
    for (const { key, body } of documents.list(KIND)) this.see(key, body);
    // Picks up keys that other replicas create or revoke.
    documents.onChange(KIND, (key, body) => this.see(key, body));
  }

  /** Creates a key. The returned `key` can't be retrieved again. */
  async create(made: {
    readonly scope: Scope;
    readonly project?: string;
    readonly name: string;
  }): Promise<KeyRecord & { readonly key: string }> {
    const key = `rb_${made.scope}_${randomBytes(32).toString("base64url")}`;
    const digest = hash("sha256", key);
    const record: StoredKey = { id: digest.slice(0, 16), ...made, created: this.now(), hash: digest };
    await this.documents.put(KIND, record.id, record);
    this.see(record.id, record);
    return { ...shown(record), key };
  }

  /** Creates an admin key if there is none, because it takes one to create others. */
  async createFirst(): Promise<string | undefined> {
    if (this.list().some(({ scope }) => scope === "admin")) return undefined;
    return (await this.create({ scope: "admin", name: "first key" })).key;
  }

  /** The record of a key; undefined if it is unknown. */
  find(key: string): KeyRecord | undefined {
    // A longer text can't be a key; don't spend time hashing it.
    if (key.length > 64 || !key.startsWith("rb_")) return undefined;
    const digest = hash("sha256", key);
    const found = this.keys.get(digest.slice(0, 16));
    if (found === undefined || !timingSafeEqual(found.hash, Buffer.from(digest, "hex"))) return undefined;
    found.used = this.now();
    return found.record;
  }

  list(): readonly KeyRecord[] {
    return [...this.keys.values()].map(({ record, used }) => shown({ ...record, ...(used === undefined ? {} : { used }) }));
  }

  /** False if there is no such key. */
  async revoke(id: string): Promise<boolean> {
    const there = await this.documents.delete(KIND, id);
    this.keys.delete(id);
    return there;
  }

  /** Revokes all keys of a project, so that they don't work for a later project of the same name. */
  async revokeProject(project: string): Promise<void> {
    for (const { record } of [...this.keys.values()]) if (record.project === project) await this.revoke(record.id);
  }

  /** Saves when keys were last used, for keys whose saved time is out of date. */
  async saveUse(): Promise<void> {
    for (const live of this.keys.values()) {
      if (live.used === undefined || live.used - (live.record.used ?? 0) < USED_EVERY) continue;
      live.record = { ...live.record, used: live.used };
      await this.documents.put(KIND, live.record.id, live.record);
    }
  }

  private see(id: string, body: unknown): void {
    if (body === undefined) {
      this.keys.delete(id);
      return;
    }
    const record = body as StoredKey;
    const used = Math.max(this.keys.get(id)?.used ?? 0, record.used ?? 0);
    this.keys.set(id, { record, hash: Buffer.from(record.hash, "hex"), used: used === 0 ? undefined : used });
  }
}

function shown({ hash: _, ...record }: StoredKey): KeyRecord {
  return record;
}
