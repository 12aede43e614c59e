/** A name that stands in paths of the HTTP API: of a recommender, a project. A regular expression. */
export const PATH_NAME = "^[a-z0-9][a-z0-9_-]{0,63}$";

/** What {@link PATH_NAME} asks for, to stand behind what is wrong. */
export const PATH_NAME_RULE = 'must be 1 to 64 of a-z, 0-9, "-" and "_", beginning with a letter or digit.';

const pattern = new RegExp(PATH_NAME);

export function isPathName(name: string): boolean {
  return pattern.test(name);
}
