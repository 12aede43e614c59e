/** A readable id: `"The Silent Orbit"` becomes `"the-silent-orbit"`. */
export function slug(name: string): string {
  return name
    .normalize("NFD")
    .replace(/\p{M}|['’.]/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
}
