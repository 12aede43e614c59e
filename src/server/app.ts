import type {
  FastifyBaseLogger,
  FastifyInstance,
  FastifyTypeProvider,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from "fastify";
import type { Static, TSchema } from "typebox";
import type { Engine } from "../engine/engine.ts";
import type { Keys } from "./keys.ts";
import type { ServerMetrics } from "./metrics.ts";

/**
 * Requests are typed by their schemas. Responses aren't, because answers are read-only and schemas are not; the serializers made from the
 * schemas catch mismatches.
 */
export interface Types extends FastifyTypeProvider {
  readonly validator: this["schema"] extends TSchema ? Static<this["schema"]> : unknown;
  readonly serializer: unknown;
}

/** Fastify with requests typed by their schemas. */
export type App = FastifyInstance<RawServerDefault, RawRequestDefaultExpression, RawReplyDefaultExpression, FastifyBaseLogger, Types>;

/** What routes can use. */
export interface ServerContext {
  readonly engine: Engine;
  readonly keys: Keys;
  readonly metrics: ServerMetrics;
}
