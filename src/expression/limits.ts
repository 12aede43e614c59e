/** What an expression may cost. All are far above what people write, and low enough that a hostile one is refused in well under a millisecond. */
export const limits = {
  /** Characters of the source. */
  source: 4096,
  /** Nodes of the tree: names, constants, operators, calls. */
  nodes: 1000,
  /** Parts within parts: brackets, `not`, `-`, `if`, arguments. */
  depth: 40,
  /** Members of a list that is written out. */
  list: 500,
  /** Members of a list that comes as a parameter. */
  parameterList: 1000,
  /** Characters of a text, written out or a parameter. */
  text: 1000,
} as const;
