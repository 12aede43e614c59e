import { Type } from "typebox";
import { Context } from "../../data/events.ts";
import { Id, Label } from "../../data/text-schemas.ts";
import { Time } from "../../data/time-schema.ts";
import { expression } from "../../pipeline/references.ts";
import { Boosts } from "../../pipeline/rerank/boosts.ts";
import { Name } from "./ids.ts";

/** The maximum length of a list. */
const MOST = 1000;
/** A filter of a request. */
export const Expression = expression("boolean", "items", {});

export const K = Type.Integer({ minimum: 1, maximum: MOST, description: "Length of the list. Default 10." });

export const After = {
  ...Id,
  description:
    "The id of the previous answer, to get the next k items without repeating any of it or of those it continued. For the same recommender and user, within an hour.",
};

/** Names of properties to return with the items. */
export const Return = Type.Array(Type.String({ minLength: 1, maxLength: 64 }), {
  maxItems: 50,
  description: "Properties of the items to return with them. With a browser key, only those in `publicProperties` of the configuration.",
});

export const Parameters = Type.Record(
  Type.String({ pattern: "^(?!__proto__$)[A-Za-z_][A-Za-z0-9_]{0,63}$" }),
  Type.Union(
    [
      Type.String({ maxLength: 1024 }),
      Type.Number(),
      Type.Boolean(),
      Type.Null(),
      Type.Array(Type.String({ maxLength: 1024 }), { maxItems: 1000 }),
      Type.Array(Type.Number(), { maxItems: 4096 }),
    ],
    { expects: "text, a number, true or false, null, or a list of text or of numbers" },
  ),
  {
    additionalProperties: false,
    maxProperties: 32,
    expects: "is not a valid name. Use letters, digits and _, starting with a letter.",
    description: "Values of `$name` in expressions.",
  },
);

export const RecommendationRequest = Type.Object(
  {
    user: Type.Optional({ ...Id, description: "Omitted for anonymous visitors; the list is then based on `history` alone." }),
    items: Type.Optional(Type.Array(Id, { maxItems: 100, description: "The items the list is based on, for item-based recommenders." })),
    item: Type.Optional({ ...Id, description: "One more of `items`." }),
    history: Type.Optional(
      Type.Array(
        Type.Union(
          [
            Id,
            Type.Object(
              {
                item: Id,
                type: Type.Optional(Label),
                value: Type.Optional(Type.Number({ minimum: -1e30, maximum: 1e30 })),
                time: Type.Optional(Time),
              },
              { additionalProperties: false },
            ),
          ],
          { expects: "an item's id or an object with one" },
        ),
        { maxItems: 1000, description: "What the visitor did in this session, oldest first. Added to the stored history of `user`." },
      ),
    ),
    k: Type.Optional(K),
    filter: Type.Optional({ ...Expression, description: 'A condition that items must meet: `price <= $max and category in ["a", "b"]`.' }),
    boosts: Type.Optional(Boosts),
    parameters: Type.Optional(Parameters),
    context: Type.Optional(Context),
    candidates: Type.Optional(Type.Array(Id, { maxItems: 10_000, description: "The only items that may be returned: re-rank this list." })),
    exclude: Type.Optional(Type.Array(Id, { maxItems: 10_000 })),
    return: Type.Optional(Return),
    after: Type.Optional(After),
    trace: Type.Optional(Type.Boolean({ description: "Explain how the list was made." })),
    why: Type.Optional(
      Type.Array(Id, { maxItems: 100, description: "For each of these items, explain why it is not in the list, or report its place." }),
    ),
    seed: Type.Optional(Type.Integer({ minimum: 0, maximum: 0xffffffff, description: "Seed for exploration. Default: random." })),
  },
  { additionalProperties: false, title: "RecommendationRequest" },
);

/** Most lists of a page, and users of a batch, in one request. */
const MOST_LISTS = 20;
const MOST_USERS = 1000;
const { user, history, context, parameters, ...ofOneList } = RecommendationRequest.properties;

export const PageRequest = Type.Object(
  {
    user,
    history,
    context,
    parameters,
    lists: Type.Array(Type.Object({ recommender: Name, ...ofOneList, context, parameters }, { additionalProperties: false }), {
      minItems: 1,
      maxItems: MOST_LISTS,
      description: "The lists, the most important one first. Each can have its own `context` and `parameters`.",
    }),
  },
  { additionalProperties: false, title: "PageRequest" },
);

const { user: _, history: __, after: ___, ...forEachUser } = RecommendationRequest.properties;

export const BatchRequest = Type.Object(
  { users: Type.Array(Id, { minItems: 1, maxItems: MOST_USERS }), ...forEachUser },
  { additionalProperties: false, title: "BatchRequest" },
);

const Weighted = Type.Object({ item: Type.String(), weight: Type.Number() }, { additionalProperties: false });
const Numbers = Type.Record(Type.String(), Type.Number());

export const Answer = Type.Object(
  {
    id: Type.String({ description: "For attribution: send it as `recommendation` with the events that come from this list." }),
    recommender: Type.String(),
    basis: Type.Union([Type.Literal("personal"), Type.Literal("rule"), Type.Literal("fallback")], {
      description:
        "What the list goes by. `personal`: what the person did; at least one item comes from a source that looks at it. `rule`: what everybody is shown, or the items asked about. `fallback`: only what fills up lists when the recommender's own sources have nothing.",
    }),
    items: Type.Array(
      Type.Object(
        {
          item: Type.String(),
          score: Type.Number(),
          propensity: Type.Number({ description: "The probability of the item being in this place, in (0, 1]." }),
          sources: Type.Array(Type.String(), {
            description: "The sources that returned it; `pin` or `exploration` if one of those put it here.",
          }),
          properties: Type.Optional(
            Type.Record(Type.String(), Type.Unknown(), {
              description: "With `return`: these properties of the item, as far as it has them.",
            }),
          ),
          reasons: Type.Optional(
            Type.Array(Weighted, { description: "With `trace`: the items of the history that led to it, strongest first." }),
          ),
          sourceScores: Type.Optional(Numbers),
          rules: Type.Optional(Type.Array(Type.String())),
        },
        { additionalProperties: false },
      ),
    ),
    about: Type.Optional(
      Type.Array(Type.String(), {
        description: "The items the list is based on: those of the request, or the one taken from the history.",
      }),
    ),
    skipped: Type.Array(
      Type.Object({ source: Type.String(), reason: Type.String(), message: Type.String() }, { additionalProperties: false }),
      {
        description:
          "Sources that gave nothing, and why: `empty` if a source found nothing for this request, `not-ready`, `failed`, `timed-out` or `resting`. `unsigned`: a browser key asked about a `user` without a user token, so nothing stored about them was used.",
      },
    ),
    trace: Type.Optional(
      Type.Object(
        {
          history: Type.Array(Weighted),
          steps: Type.Array(Type.Object({ step: Type.String(), left: Type.Integer() }, { additionalProperties: false }), {
            description: "Items left after each step, starting with the whole catalog.",
          }),
          sources: Type.Array(
            Type.Object(
              { source: Type.String(), candidates: Type.Integer(), milliseconds: Type.Number() },
              { additionalProperties: false },
            ),
          ),
          scorer: Type.Object(
            {
              kind: Type.String({ description: "`blend` or `learned`." }),
              note: Type.Optional(Type.String({ description: "For a learned scorer: how much it learned from, or why it still blends." })),
            },
            { additionalProperties: false, description: "How scores were computed." },
          ),
          models: Type.Record(Type.String(), Type.String()),
          milliseconds: Type.Number(),
        },
        { additionalProperties: false },
      ),
    ),
    why: Type.Optional(
      Type.Array(
        Type.Object(
          {
            item: Type.String(),
            place: Type.Optional(Type.Integer({ description: "Place in the list, from 1." })),
            reason: Type.String(),
          },
          { additionalProperties: false },
        ),
      ),
    ),
  },
  { additionalProperties: false, title: "Answer" },
);
