import { type TObject, Type } from "typebox";
import { Id, Label } from "../../data/text-schemas.ts";
import { Boosts, Expression, Parameters } from "./recommendation.ts";

/** A length of time, `"30m"`, `"6h"`, `"7d"`. */
const Duration = Type.String({
  maxLength: 16,
  pattern: "^\\d+(\\.\\d+)?[a-z]{1,2}$",
  expects: 'must be a length of time such as "30m", "6h" or "7d".',
});

const named = {
  name: Type.Optional({ ...Label, description: "What answers and blends call it; by default its kind, or the model's name." }),
  deadline: Type.Optional(
    Type.Number({
      minimum: 1,
      maximum: 60_000,
      description: "Longest time an answer waits for it, in milliseconds; 50 by default.",
    }),
  ),
};

const closed = { additionalProperties: false };
const Event = Type.Optional({ ...Label, description: "The event type that counts; all by default." });

const sources = [
  Type.Object(
    {
      kind: Type.Literal("model"),
      model: Type.Optional(Label),
      options: Type.Optional(
        Type.Record(
          Type.String({ pattern: "^[A-Za-z]\\w{0,63}$" }),
          Type.Union([Type.Number(), Type.String({ maxLength: 256 }), Type.Boolean()]),
          { ...closed, maxProperties: 64 },
        ),
      ),
      ...named,
    },
    { ...closed, description: "The model in service that training chose, or one by name with options." },
  ),
  Type.Object(
    { kind: Type.Literal("trending"), window: Type.Optional(Duration), event: Event, ...named },
    { ...closed, description: "What rises now." },
  ),
  Type.Object(
    { kind: Type.Literal("popular"), halfLife: Type.Optional(Duration), event: Event, ...named },
    { ...closed, description: "Most events." },
  ),
  Type.Object(
    { kind: Type.Literal("newest"), by: Type.Optional(Label), ...named },
    { ...closed, description: "Newest first, by the first time the item was seen or by a property of type time." },
  ),
  Type.Object({ kind: Type.Literal("recently-viewed"), event: Event, ...named }, closed),
  Type.Object(
    { kind: Type.Literal("buy-again"), event: Event, ...named },
    { ...closed, description: "What the user buys again and again, when it is due." },
  ),
  Type.Object(
    { kind: Type.Literal("content"), properties: Type.Optional(Type.Array(Label, { maxItems: 64 })), ...named },
    { ...closed, description: "Alike by properties." },
  ),
  Type.Object(
    { kind: Type.Literal("together"), event: Event, ...named },
    { ...closed, description: "Often in the same session or basket." },
  ),
] satisfies TObject[];

const Source = Type.Union(sources);
const Sources = Type.Array(Source, { maxItems: 20 });
const Weights = Type.Record(
  Type.String({ pattern: "^(?!__proto__$)[^\\p{Cc}\\p{Cs}]{1,64}$" }),
  Type.Number({ minimum: 0, maximum: 1e6 }),
  { ...closed, maxProperties: 20 },
);
const Method = Type.Union([Type.Literal("ranks"), Type.Literal("scores")]);
const Strength = Type.Number({ minimum: 0, maximum: 1 });
const By = Type.Optional(Type.Array(Label, { maxItems: 64 }));

/** One named recommender, as plain data: everything but sources of one's own, which are code. */
export const Recommender = Type.Object(
  {
    for: Type.Optional(
      Type.Union([Type.Literal("user"), Type.Literal("items"), Type.Literal("items-to-users"), Type.Literal("similar-users")], {
        description: "What is asked for: a list for a person (default), items like given ones, who would want an item, who is like a user.",
      }),
    ),
    anchor: Type.Optional({
      ...Type.Literal("strongest"),
      description: "Be about the strongest recent item of the user, where the request names none.",
    }),
    sources: Type.Optional(Sources),
    filter: Type.Optional({ ...Expression, description: "What items must satisfy." }),
    includeSeen: Type.Optional(Type.Boolean({ description: "Whether items of the history may come back." })),
    seenBy: Type.Optional(
      Type.Array(Label, { maxItems: 64, description: "Event types after which an item counts as seen; all by default." }),
    ),
    scorer: Type.Optional(
      Type.Union([
        Type.Object(
          {
            kind: Type.Literal("blend"),
            weights: Type.Optional(Weights),
            method: Type.Optional(Method),
          },
          closed,
        ),
        Type.Object(
          { kind: Type.Literal("learned"), weights: Type.Optional(Weights), method: Type.Optional(Method) },
          { ...closed, description: "Learned from what was served and what came of it." },
        ),
      ]),
    ),
    boosts: Type.Optional(Boosts),
    pins: Type.Optional(
      Type.Array(Type.Object({ item: Id, place: Type.Integer({ minimum: 1, maximum: 1000 }), when: Type.Optional(Expression) }, closed), {
        maxItems: 100,
      }),
    ),
    caps: Type.Optional(
      Type.Array(Type.Object({ by: Label, max: Type.Integer({ minimum: 1, maximum: 1000 }) }, closed), {
        maxItems: 20,
        description: "At most so many items of one value in a list.",
      }),
    ),
    shares: Type.Optional(
      Type.Array(Type.Object({ of: Expression, min: Type.Number({ exclusiveMinimum: 0, maximum: 1 }) }, closed), {
        maxItems: 20,
        description: "At least this share of a list, as long as there are such items.",
      }),
    ),
    diversity: Type.Optional(
      Type.Union([
        Type.Object({ kind: Type.Literal("mmr"), strength: Strength, by: By }, closed),
        Type.Object({ kind: Type.Literal("dpp"), strength: Strength, by: By }, closed),
      ]),
    ),
    calibration: Type.Optional(
      Type.Object({ by: Label, strength: Strength }, { ...closed, description: "Shares of categories as in the user's history." }),
    ),
    exploration: Type.Optional(
      Type.Union([
        Type.Object({ kind: Type.Literal("epsilon"), epsilon: Strength }, closed),
        Type.Object({ kind: Type.Literal("thompson"), share: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 1 })) }, closed),
      ]),
    ),
    fallbacks: Type.Optional(Sources),
  },
  { ...closed, title: "Recommender", description: "A pipeline: sources, filters, a scorer, re-ranking, exploration, fallbacks." },
);

export const NamedRecommender = Type.Object(
  {
    name: Type.String(),
    origin: Type.String({ description: "`ready` (made for you), `config` or `api`." }),
    spec: Type.Unsafe<object>({
      type: "object",
      additionalProperties: true,
      description: "As it was given; sources of one's own are shown by name.",
    }),
  },
  { ...closed, title: "NamedRecommender" },
);

export const DryRun = Type.Object(
  { filter: Type.Optional(Expression), boosts: Type.Optional(Boosts), parameters: Type.Optional(Parameters) },
  closed,
);

const Pair = Type.Array(Type.Union([Type.Number(), Type.Null()]), { description: "Without and with the rule." });

export const RuleReport = Type.Object(
  {
    items: Type.Integer({ description: "Items that satisfy the filter." }),
    of: Type.Integer({ description: "Items that may be recommended." }),
    coverage: { ...Pair, description: "Share of the catalogue in the lists of sampled users, without and with the rule." },
    ndcg: { ...Pair, description: "ndcg@10 on the newest events of sampled users, without and with the rule." },
    shortLists: Type.Integer({ description: "Lists shorter than asked for." }),
    users: Type.Integer({ description: "Users that were sampled." }),
  },
  { ...closed, title: "RuleReport" },
);
