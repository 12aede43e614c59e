import cors from "@fastify/cors";
import Fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyReply, type FastifyRequest, LogController } from "fastify";
import { resolveProject } from "../engine/config/config.ts";
import type { Engine } from "../engine/engine.ts";
import { RecoError } from "../util/errors.ts";
import { authorize, defaultProject, projectHeader } from "./access.ts";
import { answerBrokenClient, answerProblem, refuseUnknownRoutes } from "./answer-errors.ts";
import type { App, ServerContext, Types } from "./app.ts";
import { limitBodyTime } from "./body-time.ts";
import { parseJsonBody } from "./json-body.ts";
import { Keys } from "./keys.ts";
import { ServerMetrics } from "./metrics.ts";
import { describeRoutes } from "./openapi.ts";
import { RateLimiter } from "./rate-limiter.ts";
import { resources } from "./routes.gen.ts";
import { userTokenHeader } from "./user-token.ts";
import { compileValidator } from "./validation.ts";

const SAVE_USE_EVERY = 10 * 60_000;

export interface CreateServerOptions {
  readonly logger?: FastifyBaseLogger;
  /**
   * Treat local requests without a key, except from web pages of other origins, like those with an admin key. For development. Default
   * false.
   */
  readonly keyless?: boolean;
}

export interface CreatedServer {
  /** Not listening yet. Closing it doesn't close the engine. */
  readonly app: FastifyInstance;
  /** Creates the first key, once the server is listening. */
  readonly keys: Keys;
}

/** Creates the HTTP server for an engine, and the default project if it is missing. */
export async function createServer(engine: Engine, options: CreateServerOptions = {}): Promise<CreatedServer> {
  if (!engine.store.projects().includes(defaultProject)) await engine.createProject(defaultProject);
  const keys = new Keys(engine.store.documents);
  const context: ServerContext = { engine, keys, metrics: new ServerMetrics(engine) };
  const { limits = {} } = engine.config;

  const app: App = Fastify({
    ...(options.logger === undefined ? {} : { loggerInstance: options.logger }),
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: limits.bodyBytes ?? 10 * 2 ** 20,
    requestIdHeader: false,
    // A child logger per request would cost as much as the rest of the framework.
    childLoggerFactory: (logger) => logger,
    routerOptions: { maxParamLength: 512 * 12 },
    // Requests on open connections are still answered while the server closes; /readyz reports that it is closing.
    return503OnClosing: false,
    // Maximum idle time of a connection. A backup of a large store is made before its first byte is sent.
    connectionTimeout: 600_000,
    http: { headersTimeout: 20_000, maxHeaderSize: 16 * 1024 },
    frameworkErrors: (error, request, reply) => answerProblem(error, request, reply),
    clientErrorHandler: answerBrokenClient,
  }).withTypeProvider<Types>();
  app.setValidatorCompiler(compileValidator);
  app.setErrorHandler(answerProblem);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", { parseAs: "buffer" }, (_request, body, done) => {
    try {
      done(null, parseJsonBody(body as Buffer));
    } catch (error) {
      done(error as Error);
    }
  });

  const origins = (project: string) => resolveProject(engine.config, project).origins ?? [];
  await allowPages(app, () => engine.store.projects().flatMap(origins));
  const shared = process.env.RECOBASE_USER_SECRET;
  const userSecrets = (project: string) => [
    ...(shared === undefined || shared === "" ? [] : [shared]),
    ...(resolveProject(engine.config, project).userSecrets ?? []),
  ];
  const rules = { engine, keys, keyless: options.keyless ?? false, origins, userSecrets };
  const { requestsPerMinute = 60_000, browserRequestsPerMinute = 10_000 } = limits;
  const limiter = requestsPerMinute > 0 ? new RateLimiter(requestsPerMinute) : undefined;
  const pages = browserRequestsPerMinute > 0 ? new RateLimiter(browserRequestsPerMinute) : undefined;
  refuseUnknownRoutes(app);
  app.addHook("onRequest", (request, reply, done) => {
    try {
      authorize(request, rules);
      const own = request.access?.scope === "browser" ? pages : limiter;
      if (own !== undefined && request.access !== undefined) limitRate(own, request, reply);
      done();
    } catch (error) {
      done(error as Error);
    }
  });
  tellOfRequests(app, context.metrics);
  limitBodyTime(app);
  await describeRoutes(app);
  for (const routes of resources) routes(app, context);
  // The last use of keys is informational; failing to save it is not an error.
  const saveUse = () => keys.saveUse().catch((error) => app.log.warn({ err: error }, "Could not save when keys were last used."));
  const saving = setInterval(saveUse, SAVE_USE_EVERY).unref();
  app.addHook("onClose", async () => {
    clearInterval(saving);
    context.metrics.close();
    await saveUse();
  });
  await app.ready();
  return { app, keys };
}

/**
 * Answers CORS preflight requests, which carry no key: allowed if any project allows the origin. The call itself is checked against its
 * project.
 */
async function allowPages(app: App, origins: () => readonly string[]): Promise<void> {
  await app.register(cors, {
    origin: (origin, done) => {
      const allowed = origin === undefined ? [] : origins();
      done(null, allowed.includes("*") || allowed.includes(origin ?? ""));
    },
    methods: ["GET", "POST", "PUT", "PATCH", "DELETE"],
    allowedHeaders: ["authorization", "content-type", projectHeader, userTokenHeader],
    exposedHeaders: ["retry-after"],
    maxAge: 600,
  });
}

function limitRate(limiter: RateLimiter, request: FastifyRequest, reply: FastifyReply): void {
  const seconds = limiter.take(request.access.key, Date.now());
  if (seconds === 0) return;
  reply.header("retry-after", seconds);
  throw new RecoError(
    "rate-limited",
    `Rate limit exceeded for this key: ${limiter.perMinute.toLocaleString("en")} requests per minute. Retry in ${seconds} s.`,
  );
}

/** Counts every request and logs failed ones; at level `debug`, all of them. */
function tellOfRequests(app: App, metrics: ServerMetrics): void {
  app.addHook("onResponse", (request, reply, done) => {
    const { method, routeOptions } = request;
    metrics.requested(method, routeOptions.url ?? "", reply.statusCode, reply.elapsedTime / 1000);
    const entry = {
      request: request.id,
      method,
      route: routeOptions.url,
      status: reply.statusCode,
      milliseconds: reply.elapsedTime,
      key: request.access?.key,
    };
    // No path or query: they contain user ids, or a key put there by mistake.
    if (reply.statusCode < 400) request.log.debug(entry, "answered");
    else request.log.info(entry, "refused");
    done();
  });
}
