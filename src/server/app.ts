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
 * Requests are typed by their schemas. Responses are not: answers are read-only and schemas are not, and what does not fit a schema is
 * found by the serializers made from it.
 */
export interface Types extends FastifyTypeProvider {
  readonly validator: this["schema"] extends TSchema ? Static<this["schema"]> : unknown;
  readonly serializer: unknown;
}

/** Fastify with requests typed by their schemas. */
export type App = FastifyInstance<RawServerDefault, RawRequestDefaultExpression, RawReplyDefaultExpression, FastifyBaseLogger, Types>;

/** What routes have to work with. */
export interface ServerContext {
  readonly engine: Engine;
  readonly keys: Keys;
  readonly metrics: ServerMetrics;
}
