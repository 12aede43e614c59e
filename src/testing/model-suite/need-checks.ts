import assert from "node:assert/strict";
import type { Dataset } from "../../data/dataset.ts";
import { takeFeatures } from "../../data/features.ts";
import type { ModelFactory } from "../../model/define-model.ts";
import type { Model } from "../../model/model.ts";
import type { Need } from "../../model/needs.ts";
import type { Moment } from "../../model/query.ts";
import { RecoError } from "../../util/errors.ts";
import { Random } from "../../util/random.ts";
import { asStranger, byUser, listsOf, now } from "./asking.ts";
import { type ModelCheck, sameList } from "./model-check.ts";
import { ALL_NEEDS, checkerboard, kindsTable, supplied, taste } from "./suite-data.ts";

/** A whole number of weeks, so hours and weekdays stay the same. */
const SHIFT = 52 * 7 * 86_400_000;

/** Checks that a model uses what it declares in `needs`, and nothing else. */
export const needChecks: readonly ModelCheck[] = [
  {
    name: "doesn't depend on inputs it doesn't declare",
    async run(factory) {
      const data = taste(factory, ALL_NEEDS);
      const expected = listsOf(await factory().fit(data));
      const foreign = ALL_NEEDS.filter((need) => !sees(factory, need));
      const changed = async (needs: readonly Need[]) => {
        const other = needs.reduce((altered, need) => alter[need](altered), data);
        return !equal(expected, listsOf(await factory().fit(other), needs.reduce(alterMoment, now)));
      };
      if (await changed(foreign)) {
        const guilty: Need[] = [];
        for (const need of foreign) if (await changed([need])) guilty.push(need);
        assert.fail(`its lists depend on ${(guilty.length > 0 ? guilty : foreign).join(", ")}, which it doesn't declare`);
      }
      // Nor does it matter whether those inputs exist at all.
      const needed = listsOf(await factory().fit(taste(factory)));
      assert.ok(equal(expected, needed), "its lists depend on the presence of columns it doesn't declare");
    },
  },
  {
    name: "depends on every input it declares",
    async run(factory) {
      const data = taste(factory);
      const expected = listsOf(await factory().fit(data));
      for (const need of factory.definition.needs ?? []) {
        const lists = listsOf(await factory().fit(alter[need](data)), alterMoment(now, need));
        assert.ok(!equal(expected, lists), `it declares ${need} in needs, but ${need} changes nothing`);
      }
    },
  },
  {
    name: "measures time from the query: shifting all times changes nothing",
    async run(factory) {
      if (!factory.definition.needs?.includes("times")) return;
      const data = taste(factory);
      const { interactions } = data;
      const later = data.with({ interactions: { ...interactions, time: interactions.time?.map((time) => time + SHIFT) } });
      const lists = listsOf(await factory().fit(data));
      const shifted = listsOf(await factory().fit(later), { ...now, at: Number(now.at) + SHIFT });
      lists.forEach((list, i) => {
        sameList(list, shifted[i]);
      });
    },
  },
  {
    name: "rejects data and queries that lack what it needs, naming the model",
    async run(factory) {
      const { needs = [], name } = factory.definition;
      const refused = (error: unknown) => error instanceof RecoError && error.code === "bad-input" && error.message.includes(name);
      for (const need of needs) {
        if (need === "order") continue;
        const without = taste(
          factory,
          needs.filter((other) => other !== need),
        );
        await assert.rejects(factory().fit(without), refused, `it accepts data without ${need}`);
      }
      const model = await factory().fit(taste(factory));
      const user = model.users.id(0);
      if (needs.includes("times")) assert.throws(() => model.recommend(byUser(user, { ...now, at: undefined })), refused);
      if (needs.includes("context")) assert.throws(() => model.recommend(byUser(user, { ...now, context: undefined })), refused);
      if (needs.includes("userFeatures")) assert.throws(() => model.recommend({ history: [], ...now }), refused);
    },
  },
  {
    name: "gives a history in a query the list of a known user with the same entries, including repeats",
    async run(factory) {
      const data = repeating(factory);
      const model = await factory().fit(data);
      for (let user = 0; user < 12; user++)
        assert.deepEqual(model.recommend(asStranger(data, user)), model.recommend(byUser(data.users.id(user))), `user ${user}`);
    },
  },
  {
    name: "ranks a new item with liked features above one without",
    async run(factory) {
      const { data } = checkerboard(factory);
      const model = await factory().fit(data);
      if (model.extend === undefined) return;
      const extended = model.extend([
        { item: "unlike", features: { kind: "blue" } },
        { item: "like", features: { kind: "red" } },
        { item: "unknown", features: {} },
      ]);
      assert.equal(extended.items.size, model.items.size + 3);
      const red = model.users.ids.filter((user) => Number(user) % 2 === 0).slice(0, 10);
      for (const user of red) {
        const [best] = extended.recommend(byUser(user), { k: 3, candidates: ["unlike", "like", "unknown"] });
        assert.equal(best.item, "like", `for user ${user}`);
        const old = { k: 5, candidates: model.items.ids };
        assert.deepEqual(extended.recommend(byUser(user), old), model.recommend(byUser(user), old), "items of the fit changed places");
      }
      assert.throws(() => model.extend?.([{ item: model.items.id(0), features: {} }]), /already exists/);
      assert.throws(() => model.extend?.([{ item: "new", features: { knid: "red" } }]), /Did you mean kind/);
    },
  },
];

/** Whether a model may depend on an input, going by its needs. Times, sessions and baskets imply the order of entries. */
function sees(factory: ModelFactory, need: Need): boolean {
  const { needs = [] } = factory.definition;
  if (needs.includes(need)) return true;
  return need === "order" && needs.some((other) => other === "times" || other === "sessions" || other === "baskets");
}

/** For each need, changes the data in that one respect. */
const alter: Readonly<Record<Need, (data: Dataset) => Dataset>> = {
  /** Each user did the same things in another order; times, sessions and baskets stay in place. Rows are shuffled too. */
  order(data) {
    const random = new Random(31);
    const { user, item, weight, time, type, context } = data.interactions;
    const rowsOfUser = new Map<number, number[]>();
    user.forEach((index, row) => {
      const rows = rowsOfUser.get(index) ?? [];
      rows.push(row);
      rowsOfUser.set(index, rows);
    });
    const from = new Uint32Array(data.size);
    for (const rows of rowsOfUser.values()) {
      const shuffled = random.shuffle([...rows]);
      rows.forEach((row, i) => {
        from[row] = shuffled[i];
      });
    }
    const interactions = {
      ...data.interactions,
      item: item.map((_, row) => item[from[row]]),
      ...(weight && { weight: weight.map((_, row) => weight[from[row]]) }),
      ...(type && { type: type.map((_, row) => type[from[row]]) }),
      ...(context && { context: takeFeatures(context, Int32Array.from(from)) }),
      ...(time && { time }),
    };
    const rows = random.shuffle(Uint32Array.from({ length: data.size }, (_, row) => row));
    const altered = data.with({ interactions });
    // Without times, the order of a user's rows is their order.
    return time === undefined ? altered : altered.select(rows, { step: "shuffle" });
  },
  /** Gaps between times grow with their age. */
  times: (data) => withColumn(data, { time: data.interactions.time?.map((time) => Number(now.at) - (Number(now.at) - time) ** 2 / 1e9) }),
  itemFeatures: (data) => data.with({ itemFeatures: kindsTable(data.items.ids.map((_, index) => (index * 7) % 4)) }),
  userFeatures: (data) => data.with({ userFeatures: kindsTable(data.users.ids.map((_, index) => (index * 5 + (index >> 3)) % 4)) }),
  context: (data) => withColumn(data, { context: kindsTable(Array.from({ length: data.size }, (_, row) => (row * 7 + (row >> 2)) % 4)) }),
  sessions: (data) => withColumn(data, { session: data.interactions.session?.map((session) => session >> 1) }),
  baskets: (data) => withColumn(data, { basket: data.interactions.basket?.map((basket) => basket >> 1) }),
  links: (data) => data.with({ links: data.links && { ...data.links, to: data.links.to.map((user) => (user * 3) % (1 + (user % 11))) } }),
  behaviors: (data) => withColumn(data, { type: data.interactions.type?.map((type, row) => (row % 3 === 0 ? 1 - type : type)) }),
};

function alterMoment(moment: Moment, need: Need): Moment {
  if (need === "times") return { ...moment, at: Number(moment.at) + 40 * 86_400_000 };
  return need === "context" ? { ...moment, context: { kind: "green" } } : moment;
}

function withColumn(data: Dataset, columns: Partial<Dataset["interactions"]>): Dataset {
  return data.with({ interactions: { ...data.interactions, ...columns } });
}

/** The data of {@link taste}, where each user also repeats some items with other weights. */
function repeating(factory: ModelFactory): Dataset {
  const { needs = [] } = factory.definition;
  const data = taste(factory, []);
  const { user, item } = data.interactions;
  const again = Uint32Array.from({ length: data.size }, (_, row) => row).filter((row) => row % 3 !== 1);
  const rows = Uint32Array.from([...user.keys(), ...again, ...again.filter((row) => row % 2 === 0)]);
  const weight = Float64Array.from(rows, (row, i) => 1 + ((row + i) % 4));
  const interactions = { user: rows.map((row) => user[row]), item: rows.map((row) => item[row]), weight };
  return supplied(data.with({ interactions }), needs, 4);
}

function equal(a: ReturnType<Model["recommendBatch"]>, b: ReturnType<Model["recommendBatch"]>): boolean {
  try {
    assert.deepEqual(a, b);
    return true;
  } catch {
    return false;
  }
}
