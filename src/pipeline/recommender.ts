import { type TSchema, type TUnsafe, Type } from "typebox";
import { Label } from "../data/text-schemas.ts";
import { sourceOptions } from "./define-source.ts";
import type { Part } from "./definition.ts";
import type { RecommenderSpec } from "./recommender.gen.ts";
import { code, expression } from "./references.ts";
import { Boosts } from "./rerank/boosts.ts";
import { Calibration } from "./rerank/calibration.ts";
import { Caps } from "./rerank/caps.ts";
import { Pins } from "./rerank/pins.ts";
import { Shares } from "./rerank/shares.ts";

/** Schemas of the available kinds of each part. */
interface KindSchemas {
  readonly sources: readonly TSchema[];
  readonly scorers: readonly TSchema[];
  readonly diversities: readonly TSchema[];
  readonly explorations: readonly TSchema[];
}

const customSource = Type.Object(
  {
    kind: Type.Literal("custom"),
    source: code("Source", "An object with a `name` and a method `candidates`."),
    deadline: sourceOptions.deadline,
  },
  { additionalProperties: false, title: "CustomSource", description: "Your own code. Allowed in configurations, not over HTTP." },
);

/**
 * The schema of a recommender. Its TypeScript type (`recommender.gen.ts`), the checks of configurations and requests, the OpenAPI component
 * and the table in the documentation are all derived from it.
 *
 * @param custom whether sources may be code
 */
export function recommenderSchema(kinds: KindSchemas, { custom }: { readonly custom: boolean }): TUnsafe<RecommenderSpec> {
  const Source = oneOf("Source", "Where candidates come from.", custom ? [...kinds.sources, customSource] : kinds.sources);
  const schema = Type.Object(
    {
      for: Type.Optional(
        Type.Union(
          ["user", "items", "items-to-users", "similar-users"].map((purpose) => Type.Literal(purpose)),
          {
            description:
              "What to recommend: items for a person (`user`, the default), items that go with given ones (`items`), users who would want an item (`items-to-users`), or users similar to a user (`similar-users`).",
          },
        ),
      ),
      sources: Type.Optional(
        Type.Array(Source, {
          maxItems: 20,
          description: "Where candidates come from. Default: model, together and content.",
        }),
      ),
      anchor: Type.Optional({
        ...Type.Literal("strongest"),
        description:
          'If the request names no items, use the strongest recent item of the user ("because you liked …"). Default: use the whole history.',
      }),
      filter: Type.Optional(expression("boolean", "items", { description: "An expression that items must satisfy." })),
      includeSeen: Type.Optional(
        Type.Boolean({
          description:
            "Whether to return items the user has already seen. Default: only if all sources are about seen items (recently-viewed, buy-again).",
        }),
      ),
      seenBy: Type.Optional(
        Type.Array(Label, {
          maxItems: 256,
          description:
            "Event types that mark an item as seen until they are undone. Default: all but those that only undo others, such as `unlike`.",
        }),
      ),
      scorer: Type.Optional(oneOf("Scorer", "How to combine the scores of several sources.", kinds.scorers)),
      boosts: Type.Optional(Boosts),
      pins: Type.Optional(Pins),
      caps: Type.Optional(Caps),
      shares: Type.Optional(Shares),
      diversity: Type.Optional(oneOf("Diversity", "Prefer items that differ from those already in the list.", kinds.diversities)),
      calibration: Type.Optional(Calibration),
      exploration: Type.Optional(
        oneOf("Exploration", "Choose some places at random, to learn about items that would not be shown otherwise.", kinds.explorations),
      ),
      fallbacks: Type.Optional(
        Type.Array(Source, {
          maxItems: 20,
          description:
            "Sources that fill a short list, in this order. Default: trending and popular. Set an empty list to leave lists short.",
        }),
      ),
    },
    {
      additionalProperties: false,
      title: "Recommender",
      description: "A named recipe for a list: sources, filters, a scorer, re-ranking, exploration, fallbacks.",
    },
  );
  return Type.Unsafe<RecommenderSpec>(schema);
}

function oneOf(part: Part, description: string, kinds: readonly TSchema[]): TSchema {
  return Type.Union([...kinds], { title: part, description });
}
