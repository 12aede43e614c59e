import type { RecommenderSpec, SourceSpec } from "./recommender-spec.ts";

const byPurpose: Readonly<Record<string, readonly SourceSpec[]>> = {
  user: [{ kind: "model" }, { kind: "together" }, { kind: "content" }],
  items: [{ kind: "together" }, { kind: "model" }, { kind: "content" }],
};

/** The sources of a recommender: its own, or those for what it is asked for. */
export function sourcesOf(spec: Pick<RecommenderSpec, "for" | "sources">): readonly SourceSpec[] {
  return spec.sources ?? byPurpose[spec.for ?? "user"] ?? byPurpose.user;
}
