import { setImmediate } from "node:timers/promises";
import type { FastifyRequest } from "fastify";
import { type Static, Type } from "typebox";
import { Id } from "../../data/text-schemas.ts";
import { resolveProject } from "../../engine/config/config.ts";
import type { ProjectEngine } from "../../engine/engine.ts";
import type { Answer as AnswerOf, RecommendRequest } from "../../pipeline/answer.ts";
import type { RecommenderSpec } from "../../pipeline/recommender.gen.ts";
import { RecoError } from "../../util/errors.ts";
import { defineRoutes } from "../define-routes.ts";
import { Name, timeAt } from "../schemas/ids.ts";
import { responses } from "../schemas/problem.ts";
import { After, Answer, BatchRequest, Expression, K, PageRequest, RecommendationRequest } from "../schemas/recommendation.ts";
import { personOf } from "../user-token.ts";

const Recommender = Type.Object({ recommender: Name }, { additionalProperties: false });

/**
 * Fields a browser key can't send. With enough requests, filters and boosts could reveal any item property, and traces and long lists
 * reveal more than a page needs. Put rules for pages into a recommender, with `$parameters`.
 */
const NOT_FOR_BROWSERS = ["filter", "boosts", "trace", "why", "seed"] as const;
const LONGEST_FOR_BROWSERS = 100;
/** Items of all lists of a page together. */
const MOST_OF_A_PAGE = 2000;
/** Web pages never get lists of users. */
const LISTS_OF_USERS: readonly string[] = ["items-to-users", "similar-users"] satisfies RecommenderSpec["for"][];

/** What a page is told that names a user without a token. */
const UNSIGNED = {
  source: "user",
  reason: "unsigned",
  message:
    "The list is about nobody: a browser key needs a user token, or an id that nobody can guess, to use what is stored about a user.",
} as const;

export default defineRoutes((app, { engine, metrics }) => {
  const publicOf = (project: string) => resolveProject(engine.config, project).publicProperties ?? [];
  const answer = async (request: FastifyRequest, recommender: string, asked: RecommendRequest): Promise<AnswerOf> => {
    const { access, project } = request;
    const isPage = access.scope === "browser";
    if (isPage) checkBrowser(project, recommender, asked, publicOf(access.project));
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
            items: Type.Optional(Type.Array(Id, { maxItems: 100, description: "The same as `item`." })),
            k: Type.Optional(K),
            filter: Type.Optional(Expression),
            exclude: Type.Optional(Type.Array(Id, { maxItems: 100, description: "Items to leave out. Can be repeated." })),
            return: Type.Optional(
              Type.String({
                maxLength: 4000,
                description: "Properties of the items to return with them, separated by commas: `title,price`. As in POST otherwise.",
              }),
            ),
            after: Type.Optional(After),
          },
          { additionalProperties: false },
        ),
        response: responses({ 200: Answer }),
      },
    },
    (request) => {
      const { user, item, items = item && [], k, filter, exclude, return: names, after } = request.query;
      const returned = names?.split(",").map((name) => name.trim());
      return answer(request, request.params.recommender, {
        user,
        items: items && [...items, ...(item ?? [])],
        k,
        filter,
        exclude,
        return: returned,
        after,
      });
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
    (request) => answer(request, request.params.recommender, requestOf(request.body)),
  );

  app.post(
    "/v1/recommendations",
    {
      config: { scope: "browser" },
      schema: {
        operationId: "recommendPage",
        tags: ["recommendations"],
        summary: "Get several lists for one page, none of which repeats an item",
        description:
          "Lists are made in the given order: each leaves out the items of those before it. Every list is an answer of its own, with its own id for attribution.",
        body: PageRequest,
        response: responses({ 200: Type.Object({ lists: Type.Array(Answer) }, { additionalProperties: false, title: "PageAnswer" }) }),
      },
    },
    async (request) => {
      const { lists, ...shared } = request.body;
      const together = lists.reduce((sum, { k = 10 }) => sum + k, 0);
      if (together > MOST_OF_A_PAGE)
        throw new RecoError("bad-input", `The lists have ${together} items together; at most ${MOST_OF_A_PAGE} are allowed. Reduce k.`);
      const shown: string[] = [];
      const recommenders = request.project.recommenders();
      const made = await inTurn(lists, async ({ recommender, ...own }) => {
        const asked = requestOf({ ...shared, ...own });
        const ofUsers = Object.hasOwn(recommenders, recommender) && returnsUsers(recommenders[recommender].spec);
        const given = await answer(request, recommender, ofUsers ? asked : { ...asked, exclude: [...(asked.exclude ?? []), ...shown] });
        if (!ofUsers) for (const { item } of given.items) shown.push(item);
        return given;
      });
      return { lists: made };
    },
  );

  app.post(
    "/v1/recommendations/:recommender/batch",
    {
      config: { scope: "secret" },
      schema: {
        operationId: "recommendBatch",
        tags: ["recommendations"],
        summary: "Get one list for each of many users, as for a newsletter",
        params: Recommender,
        body: BatchRequest,
        response: responses({
          200: Type.Object(
            {
              answers: Type.Array(Type.Object({ user: Id, answer: Answer }, { additionalProperties: false }), {
                description: "One per user, in the order of the request.",
              }),
            },
            { additionalProperties: false, title: "BatchAnswer" },
          ),
        }),
      },
    },
    async (request) => {
      const { users, ...asked } = request.body;
      const { recommender } = request.params;
      return {
        answers: await inTurn(users, async (user) => ({ user, answer: await answer(request, recommender, requestOf({ ...asked, user })) })),
      };
    },
  );
});

/** Runs work on each entry in turn, and lets other requests in between. */
async function inTurn<T, R>(entries: readonly T[], work: (entry: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const entry of entries) {
    results.push(await work(entry));
    await setImmediate();
  }
  return results;
}

type Past = string | { item: string; type?: string; value?: number; time?: number | string };

/** A request of the body, with times in milliseconds. */
function requestOf({ history, item, items, ...rest }: Static<typeof RecommendationRequest>): RecommendRequest {
  const about = item === undefined ? items : [...(items ?? []), item];
  return { ...rest, ...(about && { items: about }), ...(history && { history: history.map(timed) }) };
}

function timed(past: Past, index: number): NonNullable<RecommendRequest["history"]>[number] {
  if (typeof past === "string") return past;
  const { time, ...rest } = past;
  return time === undefined ? rest : { ...rest, time: timeAt(`/history/${index}/time`, time) };
}

function returnsUsers({ for: kind = "user" }: RecommenderSpec): boolean {
  return LISTS_OF_USERS.includes(kind);
}

function checkBrowser(project: ProjectEngine, recommender: string, asked: RecommendRequest, publicProperties: readonly string[]): void {
  const secret = asked.return?.find((name) => !publicProperties.includes(name));
  if (secret !== undefined)
    throw new RecoError(
      "forbidden",
      `Browser keys can't have the property ${JSON.stringify(secret.slice(0, 64))} returned. Add it to publicProperties in the configuration, or use a secret key from your server.`,
    );
  const recommenders = project.recommenders();
  if (Object.hasOwn(recommenders, recommender) && returnsUsers(recommenders[recommender].spec))
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
