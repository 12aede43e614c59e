import type { App } from "./app.ts";

declare module "fastify" {
  interface FastifyRequest {
    bodyTimer: NodeJS.Timeout | undefined;
  }
  interface FastifyContextConfig {
    /** The body is streamed, without a time limit. */
    streamed?: true;
  }
}

/** Time limit for receiving a body, so that slow clients can't hold many connections. */
const LONGEST = 60_000;

/** Closes connections that send a body too slowly, except imports. Node's own limit would apply to all requests. */
export function limitBodyTime(app: App, longest = LONGEST): void {
  app.decorateRequest("bodyTimer", undefined);
  app.addHook("preParsing", (request, _reply, payload, done) => {
    const { "content-length": length, "transfer-encoding": encoding } = request.headers;
    const streamed = request.routeOptions.config.streamed === true;
    if (!streamed && (length !== undefined || encoding !== undefined))
      request.bodyTimer = setTimeout(() => request.raw.socket.destroy(), longest);
    done(null, payload);
  });
  app.addHook("preValidation", (request, _reply, done) => {
    clearTimeout(request.bodyTimer);
    done();
  });
  app.addHook("onResponse", (request, _reply, done) => {
    clearTimeout(request.bodyTimer);
    done();
  });
  app.addHook("onRequestAbort", (request, done) => {
    clearTimeout(request.bodyTimer);
    done();
  });
}
