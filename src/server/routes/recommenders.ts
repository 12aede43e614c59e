import { Type } from "typebox";
import type { RecommenderSpec } from "../../pipeline/recommender.gen.ts";
import { RecoError } from "../../util/errors.ts";
import { defineRoutes } from "../define-routes.ts";
import { Name } from "../schemas/ids.ts";
import { Nothing, responses } from "../schemas/problem.ts";
import { DryRun, NamedRecommender, RuleReport } from "../schemas/recommender.ts";

const tags = ["recommenders"];
const OneRecommender = Type.Object({ recommender: Name }, { additionalProperties: false });

export default defineRoutes((app, { engine }) => {
  app.get(
    "/v1/recommenders",
    {
      config: { scope: "secret" },
      schema: {
        operationId: "listRecommenders",
        tags,
        summary: "List recommenders: built in, configured, and created over HTTP",
        response: responses({ 200: Type.Object({ recommenders: Type.Array(NamedRecommender) }, { additionalProperties: false }) }),
      },
    },
    (request, reply) => {
      const recommenders = Object.entries(request.project.recommenders()).map(([name, { spec, origin }]) => ({
        name,
        origin,
        spec: plain(spec),
      }));
      reply.send({ recommenders });
    },
  );

  app.get(
    "/v1/recommenders/:recommender",
    {
      config: { scope: "secret" },
      schema: {
        operationId: "getRecommender",
        tags,
        summary: "A recommender",
        params: OneRecommender,
        response: responses({ 200: NamedRecommender }),
      },
    },
    (request, reply) => {
      const { recommender } = request.params;
      const all = request.project.recommenders();
      if (!Object.hasOwn(all, recommender)) throw unknown(recommender);
      const { spec, origin } = all[recommender];
      reply.send({ name: recommender, origin, spec: plain(spec) });
    },
  );

  app.put(
    "/v1/recommenders/:recommender",
    {
      config: { scope: "secret" },
      schema: {
        operationId: "putRecommender",
        tags,
        summary: "Create or replace a recommender",
        description:
          "Expressions are checked against the existing properties. Recommenders in the configuration file can't be changed here.",
        params: OneRecommender,
        body: engine.registry.schema,
        response: responses({ 204: Nothing }, 409),
      },
    },
    async (request, reply) => {
      await request.project.putRecommender(request.params.recommender, request.body);
      return reply.code(204).send();
    },
  );

  app.delete(
    "/v1/recommenders/:recommender",
    {
      config: { scope: "secret" },
      schema: {
        operationId: "deleteRecommender",
        tags,
        summary: "Delete a recommender that was created over HTTP",
        params: OneRecommender,
        response: responses({ 204: Nothing }, 409),
      },
    },
    async (request, reply) => {
      const { recommender } = request.params;
      if (!(await request.project.deleteRecommender(recommender))) throw unknown(recommender);
      return reply.code(204).send();
    },
  );

  app.post(
    "/v1/recommenders/:recommender/dry-run",
    {
      config: { scope: "secret" },
      schema: {
        operationId: "dryRun",
        tags,
        summary: "Measure what a rule would do to coverage and accuracy, on logged data",
        params: OneRecommender,
        body: DryRun,
        response: responses({ 200: RuleReport }, 409),
      },
    },
    async (request) => {
      const { coverage, ndcg, ...counts } = await request.project.dryRun(request.params.recommender, request.body);
      // Without events to measure on, a value is NaN, which JSON doesn't have.
      const finite = (values: readonly number[]) => values.map((value) => (Number.isFinite(value) ? value : null));
      return { ...counts, coverage: finite(coverage), ndcg: finite(ndcg) };
    },
  );
});

/** A recommender as data: custom sources are code, so only their name is shown. */
function plain(spec: RecommenderSpec): object {
  const shown = (sources: RecommenderSpec["sources"]) =>
    sources?.map((source) => (source.kind === "custom" ? { kind: "custom", name: source.source.name } : source));
  const { sources, fallbacks, ...rest } = spec;
  return { ...rest, ...(sources && { sources: shown(sources) }), ...(fallbacks && { fallbacks: shown(fallbacks) }) };
}

function unknown(name: string): RecoError {
  return new RecoError("unknown-recommender", `Unknown recommender "${name}". GET /v1/recommenders lists all recommenders.`);
}
