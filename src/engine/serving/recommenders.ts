import type { RecommenderSpec } from "../../pipeline/recommender.gen.ts";
import type { Documents } from "../../store/store.ts";
import { RecoError } from "../../util/errors.ts";
import { didYouMean } from "../../util/nearest-names.ts";
import { isPathName, PATH_NAME_RULE } from "../../util/path-name.ts";

const KIND = "recommender";

/** A recommender and where it comes from. */
export interface NamedRecommender {
  readonly spec: RecommenderSpec;
  readonly origin: "ready" | "config" | "api";
}

interface Reactions {
  /** Loads the code that a recommender uses; undefined if it is already loaded. */
  readonly load: (spec: RecommenderSpec) => Promise<unknown> | undefined;
  /** Called with a name when its recommender may have changed. */
  readonly changed: (name: string) => void;
}

/**
 * The recommenders of a project by name. The built-in ones always exist. The configuration overrides them, and so do documents in the store
 * (created over HTTP and visible to every process).
 */
export class Recommenders {
  private readonly ready: Readonly<Record<string, RecommenderSpec>>;
  private readonly configured: Readonly<Record<string, RecommenderSpec>>;
  private readonly documents: Documents;
  private readonly load: Reactions["load"];
  private readonly byName = new Map<string, NamedRecommender>();

  constructor(
    ready: Readonly<Record<string, RecommenderSpec>>,
    configured: Readonly<Record<string, RecommenderSpec>>,
    documents: Documents,
    { load, changed }: Reactions,
  ) {
    this.ready = ready;
    this.configured = configured;
    this.documents = documents;
    this.load = load;
    for (const name of [...Object.keys(ready), ...Object.keys(configured), ...documents.list(KIND).map(({ key }) => key)]) this.look(name);
    documents.onChange(KIND, (name) => {
      const follow = () => {
        this.look(name);
        changed(name);
      };
      // Another process may store a recommender whose code is not loaded here yet. Until it is, the previous one answers.
      const stored = this.stored(name);
      const loading = stored && load(stored);
      if (loading === undefined) follow();
      else loading.then(follow, follow);
    });
  }

  /** Loads the code that recommenders use. A failure shows up when the recommender is used. */
  async loaded(): Promise<void> {
    await Promise.allSettled([...this.byName.values()].map(({ spec }) => this.load(spec)));
  }

  /** Sorted by name. */
  all(): Readonly<Record<string, NamedRecommender>> {
    return Object.fromEntries([...this.byName].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** @throws RecoError `unknown-recommender`, with similar names */
  get(name: string): NamedRecommender {
    const found = this.byName.get(name);
    if (found !== undefined) return found;
    throw new RecoError("unknown-recommender", `Unknown recommender ${JSON.stringify(name)}.${didYouMean(name, this.byName.keys())}`);
  }

  /**
   * Stores a checked recommender. @throws RecoError `conflict` if the configuration defines that name, `bad-input` for an invalid name
   */
  async put(name: string, spec: RecommenderSpec): Promise<void> {
    if (!isPathName(name))
      throw new RecoError("bad-input", `${JSON.stringify(name)} is not a valid name. The name of a recommender ${PATH_NAME_RULE}`);
    if (Object.hasOwn(this.configured, name))
      throw new RecoError(
        "conflict",
        `The recommender "${name}" is defined in the configuration. Change it there, or choose another name.`,
      );
    await this.load(spec);
    await this.documents.put(KIND, name, spec);
    this.look(name);
  }

  /** False if no recommender with that name was stored. */
  async delete(name: string): Promise<boolean> {
    const deleted = await this.documents.delete(KIND, name);
    this.look(name);
    return deleted;
  }

  private look(name: string): void {
    const stored = this.stored(name);
    if (Object.hasOwn(this.configured, name)) this.byName.set(name, { spec: this.configured[name], origin: "config" });
    else if (stored !== undefined) this.byName.set(name, { spec: stored, origin: "api" });
    else if (Object.hasOwn(this.ready, name)) this.byName.set(name, { spec: this.ready[name], origin: "ready" });
    else this.byName.delete(name);
  }

  private stored(name: string): RecommenderSpec | undefined {
    return this.documents.get(KIND, name) as RecommenderSpec | undefined;
  }
}
