import { type TSchema, Type } from "typebox";

/** Problem details, RFC 9457. */
export const ProblemDetails = Type.Object(
  {
    type: Type.String(),
    title: Type.String({ description: "What the code means." }),
    status: Type.Integer(),
    detail: Type.String({ description: "What happened and what to do." }),
    code: Type.String({ description: "For programs: stable, unlike the other texts." }),
    request: Type.Optional(Type.String({ description: "The request's id in the server's log." })),
    errors: Type.Optional(
      Type.Array(
        Type.Object(
          {
            in: Type.String(),
            path: Type.String({ description: "JSON pointer (RFC 6901) into that part of the request." }),
            message: Type.String(),
          },
          { additionalProperties: false },
        ),
        { description: "For an invalid request: every invalid field." },
      ),
    ),
  },
  { additionalProperties: false, title: "Problem" },
);

/** A response in one of some media types. */
interface MediaTypes {
  readonly description: string;
  readonly content: Readonly<Record<string, { readonly schema: TSchema }>>;
}

const ALWAYS = [400, 401, 403, 404, 413, 415, 429, 503];

/** The responses of a route: the given ones on success, and problem details for errors. */
export function responses(good: Readonly<Record<number, TSchema | MediaTypes>>, ...more: readonly number[]): Record<number, unknown> {
  const problem = { description: "A problem", content: { "application/problem+json": { schema: ProblemDetails } } };
  return { ...Object.fromEntries([...ALWAYS, ...more].map((status) => [status, problem])), ...good };
}

/** A response without a body. */
export const Nothing = Type.Null({ description: "Done." });
