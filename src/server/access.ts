import type { FastifyRequest } from "fastify";
import type { Engine, ProjectEngine } from "../engine/engine.ts";
import { RecoError } from "../util/errors.ts";
import { type Keys, type Scope, scopes } from "./keys.ts";
import { userOfToken, userTokenHeader } from "./user-token.ts";

/** Who makes a request. */
export interface Access {
  /** The id of the key, or `keyless`. */
  readonly key: string;
  readonly scope: Scope;
  readonly project: string;
  /** The user whom a signed token names. */
  readonly user?: string;
}

declare module "fastify" {
  interface FastifyRequest {
    /** Set on every route that needs a key. */
    access: Access;
    /** The project of the request. Set on every route that needs a key, except those for projects and keys. */
    project: ProjectEngine;
  }
  interface FastifyContextConfig {
    /** The minimum scope of the key for this route; `public` needs no key. Default `admin`. */
    scope?: Scope | "public";
    /** The route applies to the server, not to one project. */
    server?: true;
  }
}

/** The project of requests that don't name one. */
export const defaultProject = "default";

/**
 * The header that selects a project for an admin key. A header rather than part of the URL, so a link or log can't lead to the wrong
 * project.
 */
export const projectHeader = "recobase-project";

/** The access rules of this server. */
export interface AccessRules {
  readonly engine: Engine;
  readonly keys: Keys;
  /** Requests without a key may do everything if they are local and don't come from a web page of another origin. */
  readonly keyless: boolean;
  /** Origins of web pages that may call a project; `"*"` for all. */
  origins(project: string): readonly string[];
  /** Secrets with which user tokens of a project are signed. */
  userSecrets(project: string): readonly string[];
}

/**
 * Authenticates a request and checks that it is allowed.
 *
 * A key belongs to a project. Only an admin key can choose one, with a header. With any other key the header must match the key's project.
 *
 * @throws RecoError `unauthorized`, `forbidden`, `unknown-project`
 */
export function authorize(request: FastifyRequest, rules: AccessRules): void {
  const { scope: needed = "admin", server } = request.routeOptions.config;
  if (needed === "public") return;
  request.access = accessOf(request, rules);
  if (scopes.indexOf(request.access.scope) < scopes.indexOf(needed))
    throw new RecoError(
      "forbidden",
      `A ${request.access.scope} key is not allowed to do this. Use ${needed === "admin" ? "an admin" : "a secret"} key, and keep it on your server.`,
    );
  if (server === true) return;
  request.project = rules.engine.project(request.access.project);
  checkOrigin(request, rules);
  const token = request.headers[userTokenHeader];
  if (token === undefined || token === "") return;
  const { project } = request.access;
  request.access = { ...request.access, user: userOfToken(String(token), project, rules.userSecrets(project), Date.now()) };
}

function accessOf(request: FastifyRequest, rules: AccessRules): Access {
  const { authorization } = request.headers;
  const asked = request.headers[projectHeader];
  const named = asked === undefined || asked === "" ? undefined : String(asked);
  if (authorization === undefined) {
    if (!rules.keyless) throw new RecoError("unauthorized", 'Missing API key. Send the header "Authorization: Bearer rb_…".');
    checkLocal(request);
    return { key: "keyless", scope: "admin", project: named ?? defaultProject };
  }
  const key = /^Bearer +(\S+) *$/i.exec(authorization)?.[1];
  if (key === undefined) throw new RecoError("unauthorized", 'Invalid Authorization header. Send "Authorization: Bearer rb_…".');
  const record = rules.keys.find(key);
  if (record === undefined) throw new RecoError("unauthorized", "Unknown API key. It may have been revoked.");
  const { id, scope, project } = record;
  if (project !== undefined && named !== undefined && named !== project)
    throw new RecoError("forbidden", "This key belongs to a different project than the one in the header RecoBase-Project.");
  return { key: id, scope, project: project ?? named ?? defaultProject };
}

/**
 * Without a key, all that counts is that the request is local, but so is one from any web page open in a local browser. Such pages are
 * recognized by their origin, by the browser's Sec-Fetch-Site header, or, with DNS rebinding, by the host they ask for.
 */
function checkLocal(request: FastifyRequest): void {
  const { host = "", "sec-fetch-site": site = "none" } = request.headers;
  const foreign = site !== "none" && site !== "same-origin";
  const proxied = request.headers["x-forwarded-for"] !== undefined || request.headers.forwarded !== undefined;
  if (!isLoopback(request.ip) || !isLoopback(hostName(host)) || foreign || proxied || !isOwnOrigin(request))
    throw new RecoError(
      "unauthorized",
      "Without a key, only local requests to localhost are allowed, and none from web pages of other origins.",
    );
}

/** A page of another origin may only call if the project allows its origin, whatever its key. */
function checkOrigin(request: FastifyRequest, rules: AccessRules): void {
  if (isOwnOrigin(request)) return;
  const origins = rules.origins(request.access.project);
  if (!origins.includes("*") && !origins.includes(String(request.headers.origin)))
    throw new RecoError("forbidden", "Web pages of this origin may not call this project. Add the origin to the project's origins.");
}

function isOwnOrigin(request: FastifyRequest): boolean {
  const { origin, host } = request.headers;
  return origin === undefined || origin === `http://${host}` || origin === `https://${host}`;
}

/** The host name of a Host header, without the port. */
function hostName(host: string): string {
  return host
    .replace(/:\d+$/, "")
    .replace(/^\[(.*)\]$/, "$1")
    .toLowerCase();
}

/** Whether it is a loopback name or address. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^(::ffff:)?127\.\d+\.\d+\.\d+$/.test(host);
}
