import type { Socket } from "node:net";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { App } from "./app.ts";
import { HttpError, type Problem, problemOf } from "./problem.ts";

const PROBLEM_TYPE = "application/problem+json; charset=utf-8";

/** Answers every error with problem details. Internal errors go to the log, not to the client. */
export function answerProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const problem = problemOf(error, request.id);
  if (problem.status >= 500) request.log.error({ request: request.id, route: request.routeOptions.url, err: error }, "request failed");
  if (problem.status === 401) reply.header("www-authenticate", "Bearer");
  if (problem.status === 503) reply.header("retry-after", "5");
  reply.code(problem.status).type(PROBLEM_TYPE).send(problem);
}

/**
 * Rejects requests without a route: 404 if the path doesn't exist, 405 if it exists with other methods. Also rejects queries that aren't
 * percent-encoded UTF-8, which the framework would accept.
 */
export function refuseUnknownRoutes(app: App): void {
  const routes = new Map<string, { readonly pattern: RegExp; readonly methods: Set<string> }>();
  app.addHook("onRoute", ({ url, method }) => {
    if (url.includes("*")) return;
    const pattern = new RegExp(`^${url.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replace(/:[^/]+/g, "[^/]+")}$`);
    const known = routes.get(url) ?? { pattern, methods: new Set() };
    for (const one of [method].flat()) known.methods.add(one);
    routes.set(url, known);
  });
  const refuse = (request: FastifyRequest, reply: FastifyReply) => {
    const path = request.url.split("?", 1)[0];
    const methods = new Set([...routes.values()].flatMap(({ pattern, methods }) => (pattern.test(path) ? [...methods] : [])));
    if (methods.size === 0) return new HttpError("no-such-route", "Not found. The API reference is at /docs.");
    const allowed = [...methods].join(", ");
    reply.header("allow", allowed);
    return new HttpError("method-not-allowed", `This path only supports ${allowed}.`);
  };
  app.addHook("onRequest", (request, reply, done) => {
    // Before the body is read, and without checking the key.
    if (request.is404) return done(refuse(request, reply));
    if (request.url.includes("%") && !isEncoded(request.url))
      return done(new HttpError("bad-request", "The URL is not percent-encoded UTF-8."));
    done();
  });
  app.setNotFoundHandler((request, reply) => answerProblem(refuse(request, reply), request, reply));
}

function isEncoded(url: string): boolean {
  try {
    decodeURIComponent(url);
    return true;
  } catch {
    return false;
  }
}

/** Answers connections that don't speak HTTP, are too slow, or send headers that are too large. */
export function answerBrokenClient(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === "ECONNRESET" || !socket.writable) return void socket.destroy();
  const [status, phrase, problem]: [number, string, Problem] =
    error.code === "HPE_HEADER_OVERFLOW"
      ? [
          431,
          "Request Header Fields Too Large",
          { ...problemOf(new HttpError("bad-request", "The headers are larger than 16 KiB.")), status: 431 },
        ]
      : error.code === "ERR_HTTP_REQUEST_TIMEOUT"
        ? [408, "Request Timeout", { ...problemOf(new HttpError("bad-request", "The request took too long to arrive.")), status: 408 }]
        : [400, "Bad Request", problemOf(new HttpError("bad-request", "This is not a valid HTTP request."))];
  const body = JSON.stringify(problem);
  socket.end(
    `HTTP/1.1 ${status} ${phrase}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nContent-Type: ${PROBLEM_TYPE}\r\nConnection: close\r\n\r\n${body}`,
  );
}
