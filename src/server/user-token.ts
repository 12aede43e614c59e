import { createHmac, timingSafeEqual } from "node:crypto";
import { RecoError } from "../util/errors.ts";

/** The header with which a page says, signed by the shop's server, who its visitor is. */
export const userTokenHeader = "recobase-user";

/**
 * Ids of visitors that nobody can guess: `anon-` and at least 20 random characters, such as `anon-${crypto.randomUUID()}`. Whoever has one is the visitor it
 * was made for. A plain UUID isn't one of them, because shops use those for accounts and show them.
 */
const UNGUESSABLE = /^anon-[A-Za-z0-9_-]{20,}$/;

/**
 * The user that a token is for. A token is `user.expires.signature`: the id in base64url, seconds since 1970, and the HMAC-SHA256 of
 * `project.user.expires` in base64url.
 *
 * @param secrets of the project; several while one replaces another
 * @throws RecoError `unauthorized`
 */
export function userOfToken(token: string, project: string, secrets: readonly string[], now: number): string {
  const [user = "", expires = "", signature = "", ...more] = token.split(".");
  const given = Buffer.from(signature, "base64url");
  const signed = (secret: string) => createHmac("sha256", secret).update(`${project}.${user}.${expires}`).digest();
  // Every secret is tried, so that the time it takes tells nothing.
  const valid = secrets.filter((secret) => given.length === 32 && timingSafeEqual(signed(secret), given)).length > 0;
  if (!valid || more.length > 0 || !/^\d{1,12}$/.test(expires))
    throw new RecoError(
      "unauthorized",
      "The user token is not valid for this project. Sign it as the documentation says, with a secret in userSecrets.",
    );
  if (Number(expires) * 1000 < now) throw new RecoError("unauthorized", "The user token has expired. Get a new one from your server.");
  return Buffer.from(user, "base64url").toString("utf8");
}

/**
 * Whose history a page may have used in its lists: that of the user in its token, or of a visitor with an id that nobody can guess.
 *
 * @returns the user, or undefined for a list that isn't about anybody
 * @throws RecoError `forbidden` if the token is for another user
 */
export function personOf(user: string | undefined, token: string | undefined): string | undefined {
  if (token !== undefined && user !== undefined && user !== token)
    throw new RecoError("forbidden", "The user token is for another user than the request. Leave user out, or get a token for that user.");
  if (token !== undefined) return token;
  return user !== undefined && UNGUESSABLE.test(user) ? user : undefined;
}
