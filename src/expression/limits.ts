/** Size limits of an expression. All are far above what people write, and low enough to reject a hostile one in well under a millisecond. */
export const limits = {
  /** Characters of the source. */
  source: 4096,
  /** Nodes of the tree: names, constants, operators, calls. */
  nodes: 1000,
  /** Depth of nesting: parentheses, `not`, `-`, `if`, arguments. */
  depth: 40,
  /** Members of a list literal. */
  list: 500,
  /** Members of a list parameter. */
  parameterList: 1000,
  /** Characters of a text, literal or parameter. */
  text: 1000,
} as const;
