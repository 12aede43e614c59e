import type { FastifyRequest } from "fastify";
import { Type } from "typebox";
import { Id } from "../../data/text-schemas.ts";
import type { ProjectEngine } from "../../engine/engine.ts";
import type { Answer as AnswerOf, RecommendRequest } from "../../pipeline/answer.ts";
import type { RecommenderSpec } from "../../pipeline/recommender.gen.ts";
import { RecoError } from "../../util/errors.ts";
import { defineRoutes } from "../define-routes.ts";
import { Name, timeAt } from "../schemas/ids.ts";
import { responses } from "../schemas/problem.ts";
import { Answer, Expression, K, RecommendationRequest } from "../schemas/recommendation.ts";

const Recommender = Type.Object({ recommender: Name }, { additionalProperties: false });

/**
 * What a browser key may not ask. Filters and boosts could read out any property of the items by asking often enough, and a trace or
 * long lists tell more than a page needs; rules for pages belong in a recommender, with `$parameters`.
 */
const NOT_FOR_BROWSERS = ["filter", "boosts", "trace", "why", "seed"] as const;
const LONGEST_FOR_BROWSERS = 100;
/** Lists of people are for nobody's page. */
const LISTS_OF_USERS: readonly string[] = ["items-to-users", "similar-users"] satisfies RecommenderSpec["for"][];

export default defineRoutes((app, { metrics }) => {
  const answer = async (request: FastifyRequest, recommender: string, asked: RecommendRequest): Promise<AnswerOf> => {
    if (request.access.scope === "browser") checkBrowser(request.project, recommender, asked);
    const given = await request.project.recommend(recommender, asked);
    metrics.answered(request.access.project, given);
    if (request.access.scope !== "browser" || given.skipped.length === 0) return given;
    // Why a source failed is for the server's owner, not for everybody.
    return { ...given, skipped: given.skipped.map((skipped) => ({ ...skipped, message: "" })) };
  };

  app.get(
    "/v1/recommendations/:recommender",
    {
      config: { scope: "browser" },
      schema: {
        operationId: "recommend",
        tags: ["recommendations"],
        summary: "Recommendations, for the common case",
        description:
          "Ready-made recommenders are for-you, similar, and more: see /v1/recommenders. Rules, context, an anonymous history and the rest are asked for with POST.",
        params: Recommender,
        querystring: Type.Object(
          {
            user: Type.Optional(Id),
            item: Type.Optional(Type.Array(Id, { maxItems: 100, description: "What it is about. May be given several times." })),
            k: Type.Optional(K),
            filter: Type.Optional(Expression),
            exclude: Type.Optional(Type.Array(Id, { maxItems: 100, description: "May be given several times." })),
          },
          { additionalProperties: false },
        ),
        response: responses({ 200: Answer }),
      },
    },
    (request) => {
      const { user, item, k, filter, exclude } = request.query;
      return answer(request, request.params.recommender, { user, items: item, k, filter, exclude });
    },
  );

  app.post(
    "/v1/recommendations/:recommender",
    {
      config: { scope: "browser" },
      schema: {
        operationId: "recommendWith",
        tags: ["recommendations"],
        summary: "Recommendations with rules, context, history, candidates, trace",
        params: Recommender,
        body: RecommendationRequest,
        response: responses({ 200: Answer }),
      },
    },
    (request) => {
      const { history, ...rest } = request.body;
      return answer(request, request.params.recommender, history === undefined ? rest : { ...rest, history: history.map(timed) });
    },
  );
});

type Past = string | { item: string; type?: string; value?: number; time?: number | string };

function timed(past: Past, index: number): NonNullable<RecommendRequest["history"]>[number] {
  if (typeof past === "string") return past;
  const { time, ...rest } = past;
  return time === undefined ? rest : { ...rest, time: timeAt(`/history/${index}/time`, time) };
}

function checkBrowser(project: ProjectEngine, recommender: string, asked: RecommendRequest): void {
  const recommenders = project.recommenders();
  if (Object.hasOwn(recommenders, recommender) && LISTS_OF_USERS.includes(recommenders[recommender].spec.for ?? "user"))
    throw new RecoError("forbidden", "A browser key may not ask for lists of users.");
  const field = NOT_FOR_BROWSERS.find((name) => asked[name] !== undefined && asked[name] !== false);
  if (field !== undefined)
    throw new RecoError(
      "forbidden",
      `A browser key may not give ${field}. Put rules into a recommender, with $parameters, or ask with a secret key from a server.`,
    );
  if ((asked.k ?? 0) > LONGEST_FOR_BROWSERS)
    throw new RecoError("forbidden", `A browser key may ask for at most ${LONGEST_FOR_BROWSERS} items.`);
}
