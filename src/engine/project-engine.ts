import { allocateEvents, type EventColumns } from "../data/event-columns.ts";
import type { EventInput } from "../data/events.ts";
import { makeSource } from "../pipeline/make-source.ts";
import { readyMade } from "../pipeline/ready-made.ts";
import type { PipelineRegistry } from "../pipeline/registry.ts";
import type { ProjectStore } from "../store/store.ts";
import { Coalesced } from "../util/coalesced.ts";
import { catalogVerbs } from "./catalog.ts";
import { checkRecommender, unknownProperty } from "./config/check-recommender.ts";
import { configDuration } from "./config/check-value.ts";
import type { ProjectConfig } from "./config/config.ts";
import { Declarations } from "./declarations.ts";
import type { ProjectEngine } from "./engine.ts";
import { healthVerbs } from "./health.ts";
import { ingest } from "./ingest.ts";
import { Jobs } from "./jobs/jobs.ts";
import { Retention } from "./jobs/retention.ts";
import { EventFeed } from "./learning/event-feed.ts";
import { EventTypeNames } from "./learning/event-type-names.ts";
import { EventWeighting } from "./learning/event-weighting.ts";
import { FeedbackLearner } from "./learning/feedback-learner.ts";
import { RisingWatch } from "./learning/rising-watch.ts";
import { dryRun } from "./serving/dry-run.ts";
import { ModelSlots, namedSlots } from "./serving/model-slots.ts";
import { recommend } from "./serving/recommend.ts";
import { Recommenders } from "./serving/recommenders.ts";
import { Serving } from "./serving/serving.ts";
import { SourceRegistry } from "./serving/source-registry.ts";
import type { FitRunner } from "./training/fit-order.ts";
import type { Loadable } from "./training/load.ts";
import { anyEvent, type ResolvedObjective, resolveObjective } from "./training/objective.ts";
import { createTrainer } from "./training/project-trainer.ts";
import type { Trainer } from "./training/trainer.ts";
import { transferVerbs } from "./transfer/transfer.ts";
import { userVerbs } from "./users.ts";

export interface ProjectOptions {
  /** How far in the future an event's time may be, in milliseconds. */
  readonly skew: number;
  readonly log: (message: string) => void;
  /** The kinds of building blocks that recommenders can use. */
  readonly kinds: PipelineRegistry;
  readonly loadable: Loadable;
  readonly fitRunner?: FitRunner | undefined;
}

interface Parts {
  readonly store: ProjectStore;
  readonly skew: number;
  readonly kinds: PipelineRegistry;
  readonly config: ProjectConfig;
  readonly models: Loadable["models"];
  readonly recommenders: Recommenders;
  readonly serving: Serving;
  readonly slots: ModelSlots;
  readonly trainer: Trainer;
  readonly learner: FeedbackLearner;
  readonly retention: Retention;
  readonly jobs: Jobs;
  readonly declarations: Declarations;
  readonly watch: RisingWatch;
  readonly relearned: () => Promise<void>;
}

/**
 * Opens a project. Resolves when its sources have learned from the stored events and the last models are live.
 *
 * @throws RecoError `conflict` if the declared property types don't match the stored values, `bad-config`
 */
export async function openProject(store: ProjectStore, config: ProjectConfig, options: ProjectOptions): Promise<ProjectEngine> {
  const { skew, log, kinds, loadable, fitRunner } = options;
  const { models } = loadable;
  const { items = {}, users = {} } = config;
  if (Object.keys(items).length + Object.keys(users).length > 0) await store.setSchema({ items, users });
  const types = new EventTypeNames(() => store.eventTypes);
  const declarations = new Declarations(config);
  let eventWeights = new EventWeighting(config.events, () => types.all);
  const weights = {
    get types() {
      return store.eventTypes;
    },
    of: (type: number, value: number) => eventWeights.of(type, value),
    undoes: (type: number, other: number) => eventWeights.undoes(type, other),
    hides: (type: number) => eventWeights.hides(type),
    retracts: (type: number) => eventWeights.retracts(type),
  };
  const feed = new EventFeed(store, log);
  const meansOf = (weighting: EventWeighting) => ({
    name: "The mean of ratings",
    observe: (events: EventColumns) => weighting.observe(events),
  });
  let means = meansOf(eventWeights);
  feed.add(means);
  const watch = new RisingWatch();
  feed.add(watch);
  const slots = new ModelSlots();
  const registry = new SourceRegistry(
    feed,
    (spec) => makeSource(spec, kinds, { catalog: store.catalog, weights, model: (model) => slots.source(model) }),
    (source) => slots.release(source),
  );
  const recommenders = new Recommenders(readyMade, config.recommenders ?? {}, store.documents, {
    load: (spec) => kinds.load(spec),
    changed: () => serving.prepare(),
  });
  const serving: Serving = new Serving({
    ...{ store, weights, types, recommenders, registry, kinds, feed },
    learned: (name, spec) => learner.learned(name, spec),
    feedback: () => learner.feedback,
  });
  for (const [name, spec] of Object.entries(config.recommenders ?? {})) {
    const { [name]: _, ...others } = recommenders.all();
    const path = `recommenders.${name}`;
    const context = { schema: { ...serving.schema, open: true }, registry: kinds, custom: true, others, models };
    checkRecommender(spec, path, context);
    // Without declared types, property names aren't known until there are items.
    const unknown = Object.keys(items).length === 0 ? undefined : unknownProperty(spec, path, context);
    if (unknown !== undefined) log(`The recommender ${name} uses a property that no item has yet. ${unknown}`);
  }
  const learner: FeedbackLearner = new FeedbackLearner({
    store,
    log,
    objective: () => successOf(config, store, eventWeights),
    learning: () => serving.learning(),
  });
  await recommenders.loaded();
  for (const [name, error] of serving.prepare())
    log(`Could not set up the recommender ${name}: ${error instanceof Error ? error.message : error}`);
  const jobs = new Jobs(store.documents, { shared: store.shared });
  await feed.settled;
  const trainer = await createTrainer({
    ...{ store, config, slots: () => namedSlots(recommenders.all()), jobs, log, loadable },
    ...(fitRunner && { fitRunner }),
  });
  const relearning = new Coalesced(async () => {
    const fresh = new EventWeighting(config.events, () => types.all);
    const freshMeans = meansOf(fresh);
    feed.add(freshMeans);
    await serving.relearn();
    feed.remove(means);
    [eventWeights, means] = [fresh, freshMeans];
  });
  store.onRemoved(() => {
    relearning.run().catch((error: unknown) => log(`Could not forget removed events: ${error instanceof Error ? error.message : error}`));
  });
  let published = Promise.resolve();
  trainer.onPublish((slot, model, record) => {
    const swapped = slots
      .publish(slot, model, record.id)
      .catch((error: unknown) => log(`Could not make the model ${record.id} live: ${error instanceof Error ? error.message : error}`));
    published = published.then(() => swapped);
  });
  await published;
  store.onEvents((events) => trainer.observe(events));
  const age = config.retention === undefined ? undefined : configDuration(config.retention, "retention");
  const retention = new Retention(store, jobs, age, log, () => trainer.leads);
  const relearned = () => relearning.settled;
  return projectVerbs({
    store,
    skew,
    kinds,
    config,
    models,
    recommenders,
    serving,
    slots,
    trainer,
    learner,
    retention,
    jobs,
    declarations,
    watch,
    relearned,
  });
}

/**
 * What counts as success for a list: the configured objective. Without one, every event in favor of its item counts, because events of the
 * strongest type alone seldom come directly from a list.
 */
function successOf({ objective }: ProjectConfig, { eventTypes }: ProjectStore, weights: EventWeighting): ResolvedObjective {
  return objective === undefined ? anyEvent(weights) : resolveObjective(objective, eventTypes, weights, noEvents);
}

const noEvents = allocateEvents(0);

/** Combines the verbs; each is implemented in its own file. */
function projectVerbs({
  store,
  skew,
  kinds,
  config,
  models,
  recommenders,
  serving,
  slots,
  trainer,
  learner,
  retention,
  jobs,
  declarations,
  watch,
  relearned,
}: Parts): ProjectEngine {
  const rowVerbs = {
    ingest: (events: readonly EventInput[]) => ingest(store, events, { now: Date.now(), skew }, declarations),
    ...catalogVerbs(store, declarations),
    ...userVerbs(store, declarations, relearned),
  };
  return {
    name: store.name,
    store,
    ...rowVerbs,
    ...transferVerbs({ store, jobs, config, project: rowVerbs }),
    recommend: (recommender, request) => recommend(serving, recommender, request),
    recommenders: () => recommenders.all(),
    async putRecommender(name, spec) {
      const { [name]: _, ...others } = recommenders.all();
      checkRecommender(spec, name, { schema: serving.schema, registry: kinds, custom: false, others, models });
      await recommenders.put(name, spec);
    },
    deleteRecommender: (name) => recommenders.delete(name),
    dryRun: (recommender, rule) => dryRun(serving, recommender, rule),
    stats: () => ({ ...store.stats(), schema: store.catalog.schema }),
    ...healthVerbs(store, declarations, (now) => watch.rises(now)),
    eventTypes: () => store.eventTypes,
    models: () => trainer.models(),
    rollback: (slot, id) => trainer.rollback(slot, id),
    jobs: () => jobs.list(),
    job: (id) => jobs.get(id),
    train: () => trainer.start("manual"),
    cancel: (job) => jobs.cancel(job),
    async close() {
      await Promise.all([trainer.close(), learner.close(), retention.close(), jobs.close()]);
      slots.close();
    },
  };
}
