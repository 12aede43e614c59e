import { afterEach, describe, expect, test } from "vitest";
import { openStore } from "../store/open-store.ts";
import type { Store } from "../store/store.ts";
import { Random } from "../util/random.ts";
import { catalogVerbs } from "./catalog.ts";
import { Declarations } from "./declarations.ts";
import { userVerbs } from "./users.ts";

let store: Store;
afterEach(() => store.close());

async function items() {
  store = await openStore("memory");
  const shop = await store.createProject("shop");
  return { shop, verbs: catalogVerbs(shop, new Declarations({})) };
}

type State = Readonly<Record<string, unknown>> | undefined;

/** Concurrent operations on the item `x`, and the state each produces; undefined is a deleted item. */
const writes = {
  put: (verbs: ReturnType<typeof catalogVerbs>, n: number) => verbs.putItem({ id: "x", properties: { [`put${n}`]: n } }),
  post: (verbs: ReturnType<typeof catalogVerbs>, n: number) =>
    verbs.putItems([
      { id: `y${n}`, properties: {} },
      { id: "x", properties: { [`post${n}`]: n } },
    ]),
  patch: (verbs: ReturnType<typeof catalogVerbs>, n: number) => verbs.patchItem("x", { properties: { [`patch${n}`]: n } }),
  delete: (verbs: ReturnType<typeof catalogVerbs>) => verbs.deleteItem("x"),
};
type Name = keyof typeof writes;
const serial: Readonly<Record<Name, (state: State, n: number) => State>> = {
  put: (_, n) => ({ [`put${n}`]: n }),
  post: (_, n) => ({ [`post${n}`]: n }),
  patch: (state, n) => state && { ...state, [`patch${n}`]: n },
  delete: () => undefined,
};

describe("concurrent writes to one item", () => {
  const names = Object.keys(writes) as Name[];
  const pairs = names.flatMap((one) => names.map((two) => [one, two] as const));
  test.each(pairs)("%s and %s give the same result as running one after the other", async (one, two) => {
    const { shop, verbs } = await items();
    await shop.putItems([{ id: "x", properties: { old: 0 } }]);
    await Promise.allSettled([writes[one](verbs, 1), writes[two](verbs, 2)]);
    const [start, state] = [{ old: 0 }, shop.item("x")?.properties];
    expect([serial[two](serial[one](start, 1), 2), serial[one](serial[two](start, 2), 1)]).toContainEqual(state);
  });

  test("many of them give the same result as running in the order requested", async () => {
    const { shop, verbs } = await items();
    const random = new Random(3);
    let state: State;
    const asked = Array.from({ length: 200 }, (_, n) => {
      const name = names[random.integer(names.length)];
      state = serial[name](state, n);
      return writes[name](verbs, n);
    });
    await Promise.allSettled(asked);
    expect(shop.item("x")?.properties).toEqual(state);
  });
});

test("changes to a user are serialized too", async () => {
  store = await openStore("memory");
  const shop = await store.createProject("shop");
  const verbs = userVerbs(shop, new Declarations({}), async () => {});
  const names = Array.from({ length: 20 }, (_, i) => `p${i}`);
  const put = verbs.putUsers([{ id: "ann", properties: {} }]);
  await Promise.all([put, ...names.map((name) => verbs.patchUser("ann", { properties: { [name]: 1 } }))]);
  expect(Object.keys(verbs.user("ann").properties).sort()).toEqual(names.sort());
  const gone = verbs.deleteUser("ann");
  await expect(verbs.patchUser("ann", { properties: { late: 1 } })).rejects.toMatchObject({ code: "unknown-user" });
  await gone;
  expect(() => verbs.user("ann")).toThrow(/Nothing is stored/);
});
