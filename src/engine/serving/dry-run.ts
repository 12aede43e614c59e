import { sliceEvents } from "../../data/event-columns.ts";
import type { Expression } from "../../expression/compile.ts";
import { mask } from "../../expression/evaluate.ts";
import { activityOf } from "../../pipeline/history.ts";
import type { Pipeline } from "../../pipeline/pipeline.ts";
import type { PipelineRequest } from "../../pipeline/pipeline-parts.ts";
import { RecoError } from "../../util/errors.ts";
import { Random } from "../../util/random.ts";
import type { ProjectEngine, RuleReport } from "../engine.ts";
import type { Serving } from "./serving.ts";

type Rule = Parameters<ProjectEngine["dryRun"]>[1];

const K = 10;
/** Users to sample, and users to look through to find that many with enough events. */
const SAMPLED = 300;
const LOOKED_AT = 20 * SAMPLED;
/** Share of each sampled user's events to hold out, the newest; at least one. */
const WITHHELD = 0.2;
/** Users processed before yielding to other work. */
const TURN = 4;

/** One side of the comparison. */
interface Side {
  readonly shown: Set<number>;
  gain: number;
  short: number;
}

/**
 * Measures the effect of a rule on a recommender's lists. For each of up to 300 sampled users, it makes a list without and one with the
 * rule, from all but the newest fifth of the user's events, and evaluates both on that fifth. Exploration is off. The live models may have
 * seen the held-out events, which flatters both sides equally, so look at the difference.
 *
 * @throws RecoError `unknown-recommender`, `bad-expression`; `bad-input` for recommenders that return users, and for missing parameters
 */
export async function dryRun(serving: Serving, name: string, rule: Rule): Promise<RuleReport> {
  const { store } = serving;
  await store.refresh();
  const { spec, seenBy } = serving.pipelineOf(name);
  if (spec.for === "items-to-users" || spec.for === "similar-users")
    throw new RecoError(
      "bad-input",
      `The recommender "${name}" returns users, and rules apply to items. Choose a recommender that returns items.`,
    );
  const filters = rule.filter === undefined ? [] : [serving.filter(rule.filter)];
  const boosts = (rule.boosts ?? []).map(({ by }) => serving.boost(by));
  const pipeline = serving.withoutExploration(name);
  const scope = { now: Date.now(), parameters: rule.parameters };
  const { items, of } = satisfying(serving, filters, scope);
  const without: Side = { shown: new Set(), gain: 0, short: 0 };
  const with_: Side = { shown: new Set(), gain: 0, short: 0 };
  let users = 0;
  for (const user of sampled(serving)) {
    const parts = parted(serving, user, pipeline.parts.includeSeen, seenBy);
    if (parts === undefined) continue;
    const { question, targets } = parts;
    const plain: PipelineRequest = {
      ...question,
      ...{
        user,
        scope: { ...scope, user: { ...store.user(user)?.properties, id: user } },
        anchors: spec.for === "items" ? question.history.items.slice(0, 1) : none,
      },
      ...{ k: K, exclude: none, why: none, trace: false, context: {}, random: new Random(1), filters: [], boosts: [] },
    };
    await judge(without, pipeline, plain, targets);
    await judge(with_, pipeline, { ...plain, filters, boosts }, targets);
    if (++users === SAMPLED) break;
    if (users % TURN === 0) await new Promise(setImmediate);
  }
  const share = ({ shown }: Side) => (of === 0 ? 0 : shown.size / of);
  const mean = (sum: number) => (users === 0 ? 0 : sum / users);
  return {
    ...{ items, of, users, shortLists: with_.short },
    coverage: [share(without), share(with_)],
    ndcg: [mean(without.gain), mean(with_.gain)],
  };
}

const none = new Uint32Array(0);

function satisfying({ store }: Serving, filters: readonly Expression[], scope: PipelineRequest["scope"]): { items: number; of: number } {
  const left = store.catalog.available(scope.now).slice();
  const count = () => left.reduce((sum, one) => sum + one, 0);
  const of = count();
  for (const filter of filters) mask(filter, store.catalog.columns, left.length, scope, left, { and: true });
  return { items: count(), of };
}

/** User ids in a random order that is the same each time; all users if there are few. */
function* sampled({ store: { users } }: Serving): Generator<string> {
  const random = new Random(1);
  const all = users.size <= LOOKED_AT ? random.shuffle(Uint32Array.from({ length: users.size }, (_, index) => index)) : undefined;
  const drawn = new Set<number>();
  for (let i = 0; i < Math.min(users.size, LOOKED_AT); i++) {
    const index = all?.[i] ?? random.integer(users.size);
    const id = users.id(index);
    if (id === undefined || drawn.has(index)) continue;
    drawn.add(index);
    yield id;
  }
}

/** A user's history before the held-out events, and those events; undefined if there are too few of either. */
function parted(serving: Serving, user: string, repeats: boolean, seenBy: readonly number[] | undefined) {
  const { store, weights } = serving;
  const events = store.recent(user);
  const cut = Math.max(1, Math.floor(WITHHELD * events.length));
  const { history, recent, seen, hidden } = activityOf(sliceEvents(events, cut), undefined, weights, seenBy, store.older(user));
  const known = new Set(repeats ? [] : seen);
  const targets = new Set<number>();
  for (let e = 0; e < cut && e < events.length; e++)
    if (!known.has(events.item[e]) && weights.of(events.type[e], events.value[e]) > 0) targets.add(events.item[e]);
  return history.items.length === 0 || targets.size === 0 ? undefined : { question: { history, recent, seen, hidden }, targets };
}

async function judge(side: Side, pipeline: Pipeline, request: PipelineRequest, targets: ReadonlySet<number>): Promise<void> {
  const { items } = await pipeline.run(request);
  if (items.length < K) side.short++;
  let gain = 0;
  let ideal = 0;
  items.forEach(({ item }, place) => {
    side.shown.add(item);
    if (targets.has(item)) gain += 1 / Math.log2(place + 2);
  });
  for (let place = 0; place < Math.min(K, targets.size); place++) ideal += 1 / Math.log2(place + 2);
  side.gain += gain / ideal;
}
