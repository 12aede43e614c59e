import { RecoError } from "../../util/errors.ts";

/** How long an answer can be continued, in milliseconds, and how many answers and item places are kept at most. */
const LIFE = 3_600_000;
const MOST_ANSWERS = 20_000;
const MOST_PLACES = 2_000_000;

interface Page {
  readonly time: number;
  readonly recommender: string;
  readonly user: string | undefined;
  /** The items of this answer and of those before it. */
  readonly shown: Uint32Array;
}

/**
 * The items of recent answers, so that the next request can continue a list without repeats. In memory: an answer can be continued for an
 * hour, by the server that gave it, until it restarts or many newer answers displace it.
 */
export class AnswerPages {
  readonly #pages = new Map<string, Page>();
  #places = 0;

  /** What was shown up to an answer. @throws RecoError `not-found`; `bad-input` for another recommender or user */
  shown(after: string, { recommender, user }: Pick<Page, "recommender" | "user">, now: number): Uint32Array {
    const page = this.#pages.get(after);
    if (page === undefined || now - page.time > LIFE)
      throw new RecoError(
        "not-found",
        `after is ${JSON.stringify(after.slice(0, 100))}, which is no answer of the last hour. Pass the id of the previous answer, or leave after out to start over.`,
      );
    if (page.recommender !== recommender || page.user !== user)
      throw new RecoError(
        "bad-input",
        "after is an answer of another recommender or for another user. A list continues for the same ones.",
      );
    return page.shown;
  }

  add(id: string, page: Page): void {
    const { time, shown } = page;
    this.#pages.set(id, page);
    this.#places += shown.length;
    // In the order of their times, so the oldest is first.
    for (const [oldest, old] of this.#pages) {
      if (this.#pages.size <= MOST_ANSWERS && this.#places <= MOST_PLACES && time - old.time <= LIFE) break;
      this.#pages.delete(oldest);
      this.#places -= old.shown.length;
    }
  }
}

/** Both lists, one after the other. */
export function joined(first: Uint32Array, second: ArrayLike<number>): Uint32Array {
  const all = new Uint32Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}
