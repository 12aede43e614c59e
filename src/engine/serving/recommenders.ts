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
  /** Loads the code that a recommender uses; undefined where it is there. */
  readonly load: (spec: RecommenderSpec) => Promise<unknown> | undefined;
  /** Told the name whenever what stands under it may be another than before. */
  readonly changed: (name: string) => void;
}

/**
 * The recommenders of a project by name. Ready-made ones are there without being named; the configuration, and then documents of the store
 * (made over HTTP, and seen by every process), go before them.
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
      // Another process may have stored one that uses code which is not loaded here yet. Until it is, the one before it answers.
      const stored = this.stored(name);
      const loading = stored && load(stored);
      if (loading === undefined) follow();
      else loading.then(follow, follow);
    });
  }

  /** Loads the code that recommenders use; failures show when the recommender is asked. */
  async loaded(): Promise<void> {
    await Promise.allSettled([...this.byName.values()].map(({ spec }) => this.load(spec)));
  }

  /** In order of names. */
  all(): Readonly<Record<string, NamedRecommender>> {
    return Object.fromEntries([...this.byName].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** @throws RecoError `unknown-recommender`, naming the near ones */
  get(name: string): NamedRecommender {
    const found = this.byName.get(name);
    if (found !== undefined) return found;
    throw new RecoError("unknown-recommender", `No recommender ${JSON.stringify(name)}.${didYouMean(name, this.byName.keys())}`);
  }

  /** Stores a recommender that was checked. @throws RecoError `conflict` where the name is in the configuration, `bad-input` for an unusable name */
  async put(name: string, spec: RecommenderSpec): Promise<void> {
    if (!isPathName(name)) throw new RecoError("bad-input", `The name of a recommender ${PATH_NAME_RULE} ${JSON.stringify(name)} is none.`);
    if (Object.hasOwn(this.configured, name))
      throw new RecoError("conflict", `The recommender "${name}" stands in the configuration. Change it there, or take another name.`);
    await this.load(spec);
    await this.documents.put(KIND, name, spec);
    this.look(name);
  }

  /** False where no recommender of that name was stored. */
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
