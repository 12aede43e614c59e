import { hash, randomBytes, timingSafeEqual } from "node:crypto";
import type { Documents } from "../store/store.ts";

/**
 * What a key may do: `browser` may write events and read recommendations, and can be shown to everybody; `secret` may do everything in
 * one project; `admin` everything in all projects, and manage projects and keys.
 */
export type Scope = "browser" | "secret" | "admin";

/** Scopes by what they may: each may all that those before it may. */
export const scopes: readonly Scope[] = ["browser", "secret", "admin"];

/** What is kept of a key. The key itself is shown once, when it is made, and kept nowhere. */
export interface KeyRecord {
  /** The first 16 hexadecimal digits of the key's hash. */
  readonly id: string;
  readonly scope: Scope;
  /** Absent for admin keys, which are for all. */
  readonly project?: string;
  /** What its owner calls it. */
  readonly name: string;
  readonly created: number;
  /** Milliseconds since 1970, to about ten minutes; absent before its first use. */
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
/** The time of last use is written at most so often, so that reading costs no writes. */
const USED_EVERY = 10 * 60_000;

/**
 * The keys of a server. A key is 256 random bits, so one unsalted SHA-256 is enough: there is nothing to guess. It is found by the
 * beginning of its hash, and the whole hash is compared in constant time.
 */
export class Keys {
  private readonly documents: Documents;
  private readonly keys = new Map<string, LiveKey>();
  private readonly now: () => number;

  constructor(documents: Documents, now: () => number = Date.now) {
    this.documents = documents;
    this.now = now;
    for (const { key, body } of documents.list(KIND)) this.see(key, body);
    // Keys made or revoked by another replica are known here at once.
    documents.onChange(KIND, (key, body) => this.see(key, body));
  }

  /** Makes a key. What it returns as `key` cannot be had again. */
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

  /** Makes an admin key where there is none: without one, nobody could make any. */
  async createFirst(): Promise<string | undefined> {
    if (this.list().some(({ scope }) => scope === "admin")) return undefined;
    return (await this.create({ scope: "admin", name: "first key" })).key;
  }

  /** Who has this key; undefined for one that is not known. */
  find(key: string): KeyRecord | undefined {
    // Nothing longer is a key, and hashing it would cost time.
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

  /** False where there is no such key. */
  async revoke(id: string): Promise<boolean> {
    const there = await this.documents.delete(KIND, id);
    this.keys.delete(id);
    return there;
  }

  /** Revokes all keys of a project, so that none opens another project that is later given the same name. */
  async revokeProject(project: string): Promise<void> {
    for (const { record } of [...this.keys.values()]) if (record.project === project) await this.revoke(record.id);
  }

  /** Writes down when keys were last used, of those where it is not roughly known. */
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
