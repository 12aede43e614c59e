import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Dataset } from "../data/dataset.ts";
import { compact } from "../data/filters/compact.ts";
import { createBackend } from "../kernel/backend.ts";
import type { Model } from "../model/model.ts";
import { queryHistories } from "../model/query-histories.ts";
import { shapeOf } from "../model/shape.ts";
import { loadModel } from "../models/load-model.ts";
import { RecoError } from "../util/errors.ts";
import { byItems, byUser } from "./model-suite/asking.ts";
import { close, type ModelCheck, sameList } from "./model-suite/model-check.ts";
import { needChecks } from "./model-suite/need-checks.ts";
import { checkerboard, rowsOf, supplied, taste } from "./model-suite/suite-data.ts";

export type { ModelCheck } from "./model-suite/model-check.ts";

/**
 * The checks that every model must pass. Run them with any test runner, on your own models too.
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
        const [best] = model.recommend(byUser(user), { k: 1 });
        if (best.item === item) first++;
      }
      assert.ok(first >= withheld.length * 0.9, `first for ${first} of ${withheld.length} users`);
    },
  },
  {
    name: "gives each query the same list in a batch as alone",
    async run(factory) {
      const model = await factory().fit(taste(factory));
      const queries = model.users.ids.slice(0, 40).map((user) => byUser(user));
      const batch = model.recommendBatch(queries, { k: 8 });
      queries.forEach((query, i) => {
        sameList(model.recommend(query, { k: 8 }), batch[i]);
      });
    },
  },
  {
    name: "ranks by its scores",
    async run(factory) {
      const model = await factory().fit(taste(factory));
      const { items } = model;
      for (const user of [0, 1, 2]) {
        const one = queryHistories([byUser(model.users.id(user))], model);
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
    name: "gives the same answers after saving and loading",
    async run(factory) {
      const model = await factory().fit(taste(factory));
      await inFolder(async (folder) => {
        const path = join(folder, "model.safetensors");
        await model.save(path);
        const loaded = await loadModel(path, { models: [factory] });
        assert.deepEqual(loaded.options, model.options);
        assert.deepEqual(loaded.provenance, JSON.parse(JSON.stringify(model.provenance)));
        const queries = model.users.ids.slice(0, 20).map((user) => byUser(user));
        assert.deepEqual(loaded.recommendBatch(queries), model.recommendBatch(queries));
        await model.save(path, { histories: false });
        const anonymous = await loadModel(path, { models: [factory] });
        assert.equal(anonymous.users.size, 0);
        const history = byItems([model.items.id(0), model.items.id(3)]);
        assert.deepEqual(anonymous.recommend(history), model.recommend(history));
      });
    },
  },
  {
    name: "answers an empty history with a full list",
    async run(factory) {
      const model = await factory().fit(taste(factory));
      const list = model.recommend(byItems([]), { k: 7 });
      assert.equal(list.length, 7);
      assert.equal(new Set(list.map((entry) => entry.item)).size, 7);
      assert.ok(list.every((entry) => Number.isFinite(entry.score)));
    },
  },
  {
    name: "rejects unknown items, users and options",
    async run(factory) {
      const model = await factory().fit(taste(factory));
      assert.throws(() => model.recommend(byItems(["nowhere"])), hasCode("unknown-item"));
      assert.throws(() => model.recommend(byUser("nobody")), hasCode("unknown-user"));
      assert.throws(() => factory({ nonsense: 1 } as never), hasCode("bad-option"));
      await assert.rejects(factory().fit(Dataset.fromRows([])), hasCode("empty-data"));
    },
  },
  {
    name: "works with one item, one user and one interaction",
    async run(factory) {
      const model = await factory().fit(
        supplied(Dataset.fromRows([{ user: "u1", item: "i1", weight: 3 }]), factory.definition.needs ?? [], 4),
      );
      assert.deepEqual(model.recommend(byUser("u1")), []);
      const [only] = model.recommend(byItems([]));
      assert.equal(only.item, "i1");
      assert.ok(Number.isFinite(only.score));
    },
  },
  {
    name: "returns each item once, and no seen or excluded items or items outside the candidates",
    async run(factory) {
      const model = await factory().fit(taste(factory));
      const user = model.users.id(0);
      const seen = new Set(Array.from(model.histories.item.slice(0, model.histories.offsets[1]), (item) => model.items.id(item)));
      const all = model.recommend(byUser(user), { k: model.items.size });
      assert.equal(all.length, model.items.size - seen.size);
      assert.equal(new Set(all.map((entry) => entry.item)).size, all.length);
      assert.ok(all.every((entry) => !seen.has(entry.item)));
      const candidates = model.items.ids.slice(5, 25);
      const exclude = candidates.slice(0, 3);
      const some = model.recommend(byUser(user), { k: 20, candidates, exclude, includeSeen: true });
      assert.equal(some.length, 17);
      assert.ok(some.every((entry) => candidates.includes(entry.item) && !exclude.includes(entry.item)));
      for (let i = 1; i < all.length; i++) assert.ok(all[i - 1].score >= all[i].score, "scores increase along the list");
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
    name: "keeps only numbers, strings, booleans and typed arrays in its state",
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
    name: "finds similar items, without the item itself",
    async run(factory) {
      const { data } = checkerboard(factory);
      const model = await factory().fit(data);
      if (model.similar === undefined) return;
      const list = model.similar(0, { k: 3 });
      assert.ok(list.length > 0 && list.every((entry) => entry.item !== 0));
      assert.ok(
        list.every((entry) => Number(entry.item) % 2 === 0),
        `items similar to 0: ${list.map((entry) => entry.item)}`,
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
      const { reasons } = model.explain(byUser(user), item);
      const row = model.users.require(user);
      assert.equal(reasons.length, model.histories.slice(row, row + 1).bag().indices.length);
      assert.ok(reasons.every((reason) => Number.isFinite(reason.contribution)));
      assert.equal(Number(reasons[0].item) % 2, Number(item) % 2, "the strongest reason has the other color");
    },
  },
  {
    name: "is close to a refit after an update",
    async run(factory) {
      if (factory.definition.update === undefined) return;
      const { needs = [] } = factory.definition;
      const rows = rowsOf(taste(factory, []));
      const late = [
        { user: "late1", item: "new61" },
        { user: "late1", item: rows[0].item },
      ];
      const all = supplied(Dataset.fromRows([...rows, ...late]), needs, 4);
      const part = (from: number, to: number) =>
        all.select(
          Uint32Array.from({ length: to - from }, (_, i) => from + i),
          { step: "part" },
        );
      const cut = Math.floor(rows.length * 0.9);
      const before = compact(part(0, cut));
      const after = before.append(compact(part(cut, all.size)));
      const model = await factory().fit(before);
      if (model.update === undefined) return;
      const updated = await model.update(after);
      const refit = await factory().fit(after);
      const queries = after.users.ids.map((user) => byUser(user));
      const [mine, theirs] = [updated.recommendBatch(queries), refit.recommendBatch(queries)];
      let different = 0;
      let places = 0;
      mine.forEach((list, i) => {
        const wanted = new Set(theirs[i].map((entry) => entry.item));
        places += wanted.size;
        different += wanted.size - list.filter((entry) => wanted.has(entry.item)).length;
      });
      const tolerance = factory.definition.updateTolerance ?? 0;
      assert.ok(different <= tolerance * places, `${different} of ${places} places differ; the tolerance is a share of ${tolerance}`);
    },
  },
  {
    name: "proposes options that fit within the proposed memory",
    async run(factory) {
      const data = taste(factory);
      for (const proposal of [factory.definition.suits?.(shapeOf(data)) ?? []].flat()) {
        const model = await factory(proposal.options).fit(data);
        assert.ok(proposal.seconds > 0 && Number.isFinite(proposal.seconds), `it proposes ${proposal.seconds} seconds`);
        assert.ok(model.bytes <= proposal.bytes, `its state takes ${model.bytes} bytes; it proposed ${proposal.bytes}`);
      }
    },
  },
  ...needChecks,
];

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
