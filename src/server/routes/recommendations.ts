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
import { After, Answer, Expression, K, RecommendationRequest } from "../schemas/recommendation.ts";
import { personOf } from "../user-token.ts";

const Recommender = Type.Object({ recommender: Name }, { additionalProperties: false });

/**
 * Fields a browser key can't send. With enough requests, filters and boosts could reveal any item property, and traces and long lists
 * reveal more than a page needs. Put rules for pages into a recommender, with `$parameters`.
 */
const NOT_FOR_BROWSERS = ["filter", "boosts", "trace", "why", "seed"] as const;
const LONGEST_FOR_BROWSERS = 100;
/** Web pages never get lists of users. */
const LISTS_OF_USERS: readonly string[] = ["items-to-users", "similar-users"] satisfies RecommenderSpec["for"][];

/** What a page is told that names a user without a token. */
const UNSIGNED = {
  source: "user",
  reason: "unsigned",
  message:
    "The list is about nobody: a browser key needs a user token, or an id that nobody can guess, to use what is stored about a user.",
} as const;

export default defineRoutes((app, { metrics }) => {
  const answer = async (request: FastifyRequest, recommender: string, asked: RecommendRequest): Promise<AnswerOf> => {
    const { access, project } = request;
    const isPage = access.scope === "browser";
    if (isPage) checkBrowser(project, recommender, asked);
    const user = isPage || access.user !== undefined ? personOf(asked.user, access.user) : asked.user;
    const given = await project.recommend(recommender, { ...asked, user });
    metrics.answered(access.project, given);
    if (!isPage) return given;
    // Only the operator should see why a source failed.
    const skipped = given.skipped.map((one) => ({ ...one, message: "" }));
    return { ...given, skipped: user === asked.user || access.user !== undefined ? skipped : [...skipped, UNSIGNED] };
  };

  app.get(
    "/v1/recommendations/:recommender",
    {
      config: { scope: "browser" },
      schema: {
        operationId: "recommend",
        tags: ["recommendations"],
        summary: "Get recommendations: the common case",
        description:
          "Built-in recommenders are for-you, similar and more; see /v1/recommenders. For rules, context, the history of an anonymous visitor and other options, use POST.",
        params: Recommender,
        querystring: Type.Object(
          {
            user: Type.Optional(Id),
            item: Type.Optional(Type.Array(Id, { maxItems: 100, description: "The items the list is based on. Can be repeated." })),
            k: Type.Optional(K),
            filter: Type.Optional(Expression),
            exclude: Type.Optional(Type.Array(Id, { maxItems: 100, description: "Items to leave out. Can be repeated." })),
            after: Type.Optional(After),
          },
          { additionalProperties: false },
        ),
        response: responses({ 200: Answer }),
      },
    },
    (request) => {
      const { user, item, k, filter, exclude, after } = request.query;
      return answer(request, request.params.recommender, { user, items: item, k, filter, exclude, after });
    },
  );

  app.post(
    "/v1/recommendations/:recommender",
    {
      config: { scope: "browser" },
      schema: {
        operationId: "recommendWith",
        tags: ["recommendations"],
        summary: "Get recommendations, with all options: rules, context, history, candidates, trace",
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
    throw new RecoError("forbidden", "Browser keys can't request lists of users. Use a secret key from your server.");
  const field = NOT_FOR_BROWSERS.find((name) => asked[name] !== undefined && asked[name] !== false);
  if (field !== undefined)
    throw new RecoError(
      "forbidden",
      `Browser keys can't send ${field}. Put rules into a recommender, with $parameters, or use a secret key from your server.`,
    );
  if ((asked.k ?? 0) > LONGEST_FOR_BROWSERS)
    throw new RecoError(
      "forbidden",
      `Browser keys can request at most ${LONGEST_FOR_BROWSERS} items. Reduce k, or use a secret key from your server.`,
    );
}
