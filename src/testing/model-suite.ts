import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Dataset, type InteractionRow } from "../data/dataset.ts";
import { createBackend } from "../kernel/backend.ts";
import type { ModelFactory } from "../model/define-model.ts";
import type { Model } from "../model/model.ts";
import { loadModel } from "../models/load-model.ts";
import { RecoError } from "../util/errors.ts";
import { Random } from "../util/random.ts";

/** One thing that every model must do. `run` throws when it does not. */
export interface ModelCheck {
  /** What it proves, for a test's title. */
  readonly name: string;
  run(factory: ModelFactory): Promise<void>;
}

/**
 * What every model must do, whatever it learns: made to be run by any test runner, on models of one's own too.
 *
 * @example
 * ```ts
 * import { popularity } from "recobase/models";
 * import { modelSuite } from "recobase/testing";
 *
 * for (const check of modelSuite) await check.run(popularity); // with vitest: test(check.name, () => check.run(popularity))
 * ```
 */
export const modelSuite: readonly ModelCheck[] = [
  {
    name: "ranks the withheld square of a checkerboard first",
    async run(factory) {
      if (factory.definition.ignoresHistory) return;
      const { data, withheld } = checkerboard(factory);
      const model = await factory().fit(data);
      let first = 0;
      for (const { user, item } of withheld) {
        const [best] = model.recommend({ user }, { k: 1 });
        if (best.item === item) first++;
      }
      assert.ok(first >= withheld.length * 0.9, `first for ${first} of ${withheld.length} users`);
    },
  },
  {
    name: "gives a batch what it gives each query alone",
    async run(factory) {
      const model = await factory().fit(taste(factory));
      const queries = model.users.ids.slice(0, 40).map((user) => ({ user }));
      const batch = model.recommendBatch(queries, { k: 8 });
      queries.forEach((query, i) => {
        sameList(model.recommend(query, { k: 8 }), batch[i]);
      });
    },
  },
  {
    name: "ranks as its scores say",
    async run(factory) {
      const model = await factory().fit(taste(factory));
      const { items, histories } = model;
      for (const user of [0, 1, 2]) {
        const one = histories.slice(user, user + 1);
        const scores = new Float32Array(items.size);
        model.scores(one, scores);
        assert.ok(scores.every(Number.isFinite), "a score is not finite");
        const seen = new Set(one.bag().indices);
        const best = [...scores.keys()].filter((item) => !seen.has(item)).sort((a, b) => scores[b] - scores[a]);
        const list = model.rank(one, { k: 5, exclude: one.bag() });
        for (let i = 0; i < 5; i++) close(list.scores[i], scores[best[i]], `place ${i}`);
      }
    },
  },
  {
    name: "answers the same after it is saved and loaded",
    async run(factory) {
      const model = await factory().fit(taste(factory));
      await inFolder(async (folder) => {
        const path = join(folder, "model.safetensors");
        await model.save(path);
        const loaded = await loadModel(path, { models: [factory] });
        assert.deepEqual(loaded.options, model.options);
        assert.deepEqual(loaded.provenance, JSON.parse(JSON.stringify(model.provenance)));
        const queries = model.users.ids.slice(0, 20).map((user) => ({ user }));
        assert.deepEqual(loaded.recommendBatch(queries), model.recommendBatch(queries));
        await model.save(path, { histories: false });
        const anonymous = await loadModel(path, { models: [factory] });
        assert.equal(anonymous.users.size, 0);
        const history = { history: [model.items.id(0), model.items.id(3)] };
        assert.deepEqual(anonymous.recommend(history), model.recommend(history));
      });
    },
  },
  {
    name: "gives a stranger the list of a known user with the same history",
    async run(factory) {
      const model = await factory().fit(taste(factory));
      for (const user of model.users.ids.slice(0, 10)) {
        const row = model.users.require(user);
        const history = [];
        const { offsets, item, weight } = model.histories;
        for (let i = offsets[row]; i < offsets[row + 1]; i++) history.push({ item: model.items.id(item[i]), weight: weight[i] });
        assert.deepEqual(model.recommend({ history }), model.recommend({ user }));
      }
    },
  },
  {
    name: "answers an empty history with a full list",
    async run(factory) {
      const model = await factory().fit(taste(factory));
      const list = model.recommend({ history: [] }, { k: 7 });
      assert.equal(list.length, 7);
      assert.equal(new Set(list.map((entry) => entry.item)).size, 7);
      assert.ok(list.every((entry) => Number.isFinite(entry.score)));
    },
  },
  {
    name: "refuses unknown items, users and options by name",
    async run(factory) {
      const model = await factory().fit(taste(factory));
      assert.throws(() => model.recommend({ history: ["nowhere"] }), hasCode("unknown-item"));
      assert.throws(() => model.recommend({ user: "nobody" }), hasCode("unknown-user"));
      assert.throws(() => factory({ nonsense: 1 } as never), hasCode("bad-option"));
      await assert.rejects(factory().fit(Dataset.fromRows([])), hasCode("empty-data"));
    },
  },
  {
    name: "works with one item, one user and one interaction",
    async run(factory) {
      const model = await factory().fit(Dataset.fromRows([{ user: "u", item: "i", weight: 3 }]));
      assert.deepEqual(model.recommend({ user: "u" }), []);
      const [only] = model.recommend({ history: [] });
      assert.equal(only.item, "i");
      assert.ok(Number.isFinite(only.score));
    },
  },
  {
    name: "works with repeated rows",
    async run(factory) {
      const rows = [...rowsOf(taste(factory))];
      const model = await factory().fit(Dataset.fromRows([...rows, ...rows.slice(0, 50)]));
      assert.ok(model.recommend({ user: rows[0].user }).every((entry) => Number.isFinite(entry.score)));
    },
  },
  {
    name: "returns no seen, excluded or foreign items, and no item twice",
    async run(factory) {
      const model = await factory().fit(taste(factory));
      const user = model.users.id(0);
      const seen = new Set(Array.from(model.histories.item.slice(0, model.histories.offsets[1]), (item) => model.items.id(item)));
      const all = model.recommend({ user }, { k: model.items.size });
      assert.equal(all.length, model.items.size - seen.size);
      assert.equal(new Set(all.map((entry) => entry.item)).size, all.length);
      assert.ok(all.every((entry) => !seen.has(entry.item)));
      const candidates = model.items.ids.slice(5, 25);
      const exclude = candidates.slice(0, 3);
      const some = model.recommend({ user }, { k: 20, candidates, exclude, includeSeen: true });
      assert.equal(some.length, 17);
      assert.ok(some.every((entry) => candidates.includes(entry.item) && !exclude.includes(entry.item)));
      for (let i = 1; i < all.length; i++) assert.ok(all[i - 1].score >= all[i].score, "scores rise along the list");
    },
  },
  {
    name: "stops when aborted",
    async run(factory) {
      await assert.rejects(factory().fit(taste(factory), { signal: AbortSignal.abort() }), hasCode("aborted"));
    },
  },
  {
    name: "learns the same bits from the same seed on 1, 2 and 4 threads",
    async run(factory) {
      const data = taste(factory);
      const states: Model["state"][] = [];
      for (const threads of [1, 2, 4]) {
        const backend = createBackend({ threads, deterministic: true });
        const model = await factory().fit(data, { backend, seed: 7 });
        states.push(model.state);
        backend.close();
      }
      assert.deepEqual(states[1], states[0]);
      assert.deepEqual(states[2], states[0]);
    },
  },
  {
    name: "keeps nothing but flat data in its state",
    async run(factory) {
      const { state } = await factory().fit(taste(factory));
      for (const [name, value] of Object.entries(state)) {
        const plain = ["number", "string", "boolean"].includes(typeof value) || ArrayBuffer.isView(value);
        assert.ok(plain, `state.${name} is neither a typed array nor a number, string or boolean`);
        if (ArrayBuffer.isView(value)) assert.ok(!(value.buffer instanceof SharedArrayBuffer), `state.${name} lies in scratch memory`);
      }
    },
  },
  {
    name: "finds an item's like, best first, itself left out",
    async run(factory) {
      const { data } = checkerboard(factory);
      const model = await factory().fit(data);
      if (model.similar === undefined) return;
      const list = model.similar(0, { k: 3 });
      assert.ok(list.length > 0 && list.every((entry) => entry.item !== 0));
      assert.ok(
        list.every((entry) => Number(entry.item) % 2 === 0),
        `items like 0: ${list.map((entry) => entry.item)}`,
      );
    },
  },
  {
    name: "explains a recommendation by the history",
    async run(factory) {
      const { data, withheld } = checkerboard(factory);
      const model = await factory().fit(data);
      if (model.explain === undefined) return;
      const { user, item } = withheld[0];
      const { reasons } = model.explain({ user }, item);
      const row = model.users.require(user);
      assert.equal(reasons.length, model.histories.offsets[row + 1] - model.histories.offsets[row]);
      assert.ok(reasons.every((reason) => Number.isFinite(reason.contribution)));
      assert.equal(Number(reasons[0].item) % 2, Number(item) % 2, "the strongest reason is of the other colour");
    },
  },
  {
    name: "is close to a refit after an update",
    async run(factory) {
      const rows = [...rowsOf(taste(factory))];
      const before = Dataset.fromRows(rows.slice(0, Math.floor(rows.length * 0.9)));
      const after = before.append([
        ...rows.slice(Math.floor(rows.length * 0.9)),
        { user: "late", item: "new" },
        { user: "late", item: rows[0].item },
      ]);
      const model = await factory().fit(before);
      if (model.update === undefined) return;
      const updated = await model.update(after);
      const refit = await factory().fit(after);
      const queries = after.users.ids.map((user) => ({ user }));
      const [mine, theirs] = [updated.recommendBatch(queries), refit.recommendBatch(queries)];
      let different = 0;
      let places = 0;
      mine.forEach((list, i) => {
        const wanted = new Set(theirs[i].map((entry) => entry.item));
        places += wanted.size;
        different += wanted.size - list.filter((entry) => wanted.has(entry.item)).length;
      });
      const tolerance = factory.definition.updateTolerance ?? 0;
      assert.ok(different <= tolerance * places, `${different} of ${places} places differ, more than the share ${tolerance}`);
    },
  },
];

/** Users like items of their own colour; one square of each user's colour is withheld. Rating models see the other colour rated low. */
function checkerboard(factory: ModelFactory): { data: Dataset; withheld: { user: number; item: number }[] } {
  const [users, items] = [60, 24];
  const ratings = factory.definition.predicts === "rating";
  const rows: InteractionRow[] = [];
  const withheld: { user: number; item: number }[] = [];
  for (let user = 0; user < users; user++) {
    const missing = (user * 2 + (user % 2)) % items;
    for (let item = 0; item < items; item++) {
      const liked = item % 2 === user % 2;
      if (item === missing) withheld.push({ user, item });
      else if (liked) rows.push({ user, item, weight: ratings ? 5 : 1 });
      // A few squares of the other colour stay open: they are what a wrong model recommends.
      else if (ratings && (item + user) % 3 !== 0) rows.push({ user, item, weight: 1 });
    }
  }
  return { data: Dataset.fromRows(rows), withheld: withheld.filter(({ user, item }) => item % 2 === user % 2) };
}

/** 120 users with a taste for one of four parts of 60 items, some noise, and a long tail. */
function taste(factory: ModelFactory): Dataset {
  const random = new Random(11);
  const ratings = factory.definition.predicts === "rating";
  const rows: InteractionRow[] = [];
  for (let user = 0; user < 120; user++) {
    const seen = new Set<number>();
    const part = user % 4;
    while (seen.size < 6 + random.integer(12)) {
      const own = random.uniform() < 0.8;
      const within = Math.floor(15 * random.uniform() ** 2);
      const item = own ? part * 15 + within : random.integer(60);
      if (seen.has(item)) continue;
      seen.add(item);
      const liked = Math.floor(item / 15) === part;
      rows.push({ user: `u${user}`, item: `i${item}`, weight: ratings ? (liked ? 4 : 2) + random.integer(2) : 1, time: rows.length });
    }
  }
  return Dataset.fromRows(rows);
}

function* rowsOf(data: Dataset): Generator<InteractionRow> {
  const { user, item, weight } = data.interactions;
  for (let i = 0; i < data.size; i++) yield { user: data.users.id(user[i]), item: data.items.id(item[i]), weight: weight?.[i] ?? 1 };
}

/** Equal items where scores differ; equal scores throughout. */
function sameList(a: ReturnType<Model["recommend"]>, b: ReturnType<Model["recommend"]>): void {
  assert.equal(a.length, b.length);
  a.forEach((entry, i) => {
    close(entry.score, b[i].score, `place ${i}`);
    const neighbours = [a[i - 1], a[i + 1]].some(
      (other) => other !== undefined && Math.abs(other.score - entry.score) <= 1e-5 * Math.abs(entry.score),
    );
    if (!neighbours && i + 1 < a.length) assert.equal(entry.item, b[i].item);
  });
}

function close(a: number, b: number, what: string): void {
  assert.ok(Math.abs(a - b) <= 1e-4 * Math.max(1e-3, Math.abs(a), Math.abs(b)), `${what}: ${a} and ${b}`);
}

function hasCode(code: RecoError["code"]): (error: unknown) => boolean {
  return (error) => error instanceof RecoError && error.code === code;
}

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "recobase-"));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
