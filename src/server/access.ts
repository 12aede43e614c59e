import type { FastifyRequest } from "fastify";
import type { Engine, ProjectEngine } from "../engine/engine.ts";
import { RecoError } from "../util/errors.ts";
import { type Keys, type Scope, scopes } from "./keys.ts";

/** On whose behalf a request is made. */
export interface Access {
  /** The id of the key; `keyless` without one. */
  readonly key: string;
  readonly scope: Scope;
  readonly project: string;
}

declare module "fastify" {
  interface FastifyRequest {
    /** Set for every route that needs a key. */
    access: Access;
    /** The project that the request is about. Set for every route that needs a key, but for those of projects and keys. */
    project: ProjectEngine;
  }
  interface FastifyContextConfig {
    /** The least a key must be allowed for this route; `public` needs none. Routes that do not say are for admin keys. */
    scope?: Scope | "public";
    /** The route is about the server, not one project. */
    server?: true;
  }
}

/** The project of requests that name none. */
export const defaultProject = "default";

/** The header by which an admin key chooses its project. It stands in no URL, so no link and no log can send somebody to another one. */
export const projectHeader = "recobase-project";

/** Who may do what, on this server. */
export interface AccessRules {
  readonly engine: Engine;
  readonly keys: Keys;
  /** Requests without a key may do everything if they come from this machine and from no web page of elsewhere. */
  readonly keyless: boolean;
  /** Origins of pages that may call for a project; `"*"` for all. */
  origins(project: string): readonly string[];
}

/**
 * Finds out on whose behalf a request is made, and whether that may be.
 *
 * A key says which project it is for. Only an admin key may choose one, by header; for another key the header must agree with it.
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
      `A ${request.access.scope} key may not do that; it takes ${needed === "admin" ? "an admin" : "a secret"} key, which belongs on a server.`,
    );
  if (server === true) return;
  request.project = rules.engine.project(request.access.project);
  checkOrigin(request, rules);
}

function accessOf(request: FastifyRequest, rules: AccessRules): Access {
  const { authorization } = request.headers;
  const asked = request.headers[projectHeader];
  const named = asked === undefined || asked === "" ? undefined : String(asked);
  if (authorization === undefined) {
    if (!rules.keyless) throw new RecoError("unauthorized", 'This needs a key: send the header "Authorization: Bearer rb_…".');
    checkLocal(request);
    return { key: "keyless", scope: "admin", project: named ?? defaultProject };
  }
  const key = /^Bearer +(\S+) *$/i.exec(authorization)?.[1];
  if (key === undefined) throw new RecoError("unauthorized", 'The header must be "Authorization: Bearer rb_…".');
  const record = rules.keys.find(key);
  if (record === undefined) throw new RecoError("unauthorized", "The key is not known. It may have been revoked.");
  const { id, scope, project } = record;
  if (project !== undefined && named !== undefined && named !== project)
    throw new RecoError("forbidden", "The key is for another project than the header RecoBase-Project names.");
  return { key: id, scope, project: project ?? named ?? defaultProject };
}

/**
 * Without a key, being on the same machine is all there is to go by, and every web page that somebody has open there is on it too. A page
 * gives itself away: by its origin, by what the browser says of its site, and, when its name was made to point at this machine (DNS
 * rebinding), by the host that it asks for.
 */
function checkLocal(request: FastifyRequest): void {
  const { host = "", "sec-fetch-site": site = "none" } = request.headers;
  const foreign = site !== "none" && site !== "same-origin";
  const proxied = request.headers["x-forwarded-for"] !== undefined || request.headers.forwarded !== undefined;
  if (!isLoopback(request.ip) || !isLoopback(hostName(host)) || foreign || proxied || !isOwnOrigin(request))
    throw new RecoError("unauthorized", "Without a key, only this machine may ask, at localhost and not from a page of elsewhere.");
}

/** A page of elsewhere may call only where the project allows its origin, whatever key it has. */
function checkOrigin(request: FastifyRequest, rules: AccessRules): void {
  if (isOwnOrigin(request)) return;
  const origins = rules.origins(request.access.project);
  if (!origins.includes("*") && !origins.includes(String(request.headers.origin)))
    throw new RecoError("forbidden", "Pages of this origin may not call for this project. Add it to the project's origins.");
}

function isOwnOrigin(request: FastifyRequest): boolean {
  const { origin, host } = request.headers;
  return origin === undefined || origin === `http://${host}` || origin === `https://${host}`;
}

/** The name of a Host header, without its port. */
function hostName(host: string): string {
  return host
    .replace(/:\d+$/, "")
    .replace(/^\[(.*)\]$/, "$1")
    .toLowerCase();
}

/** Is it a name or an address of the machine itself? */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^(::ffff:)?127\.\d+\.\d+\.\d+$/.test(host);
}
