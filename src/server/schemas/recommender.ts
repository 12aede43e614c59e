import { Type } from "typebox";
import { Boosts } from "../../pipeline/rerank/boosts.ts";
import { Expression, Parameters } from "./recommendation.ts";

const closed = { additionalProperties: false };

export const NamedRecommender = Type.Object(
  {
    name: Type.String(),
    origin: Type.String({ description: "`ready` (built in), `config` or `api`." }),
    spec: Type.Unsafe<object>({
      type: "object",
      additionalProperties: true,
      description: "As it was written; custom sources are shown by name.",
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
    items: Type.Integer({ description: "Items that match the filter." }),
    of: Type.Integer({ description: "Items that can be recommended." }),
    coverage: { ...Pair, description: "Share of the catalog in the lists of sampled users, without and with the rule." },
    ndcg: { ...Pair, description: "ndcg@10 on the newest events of sampled users, without and with the rule." },
    shortLists: Type.Integer({ description: "Sampled users whose list is shorter than requested." }),
    users: Type.Integer({ description: "Number of sampled users." }),
  },
  { ...closed, title: "RuleReport" },
);
