/** Regular expression for names used in HTTP paths: recommenders, projects. */
export const PATH_NAME = "^[a-z0-9][a-z0-9_-]{0,63}$";

/** What {@link PATH_NAME} requires, to append to the name of the value in an error. */
export const PATH_NAME_RULE = 'must be 1 to 64 of a-z, 0-9, "-" and "_", beginning with a letter or digit.';

const pattern = new RegExp(PATH_NAME);

export function isPathName(name: string): boolean {
  return pattern.test(name);
}
