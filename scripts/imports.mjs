// @ts-check
import ts from "typescript";

/**
 * @typedef {object} Import
 * @property {string} specifier
 * @property {number} line from 1
 * @property {"value" | "type" | "dynamic"} kind
 */

/**
 * All imports and re-exports of a module: `import`, `import type`, `export … from`, `import()`, and `import("…").Type`.
 *
 * @param {string} path
 * @param {string} text
 * @returns {Import[]}
 */
export function importsOf(path, text) {
  const known = found.get(text);
  if (known !== undefined) return known;
  const imports = readImports(path, text);
  found.set(text, imports);
  return imports;
}

/**
 * Cache by file contents: each rule visits every file, and parsing is slow.
 *
 * @type {Map<string, Import[]>}
 */
const found = new Map();

/** @param {string} path @param {string} text */
function readImports(path, text) {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  /** @type {Import[]} */
  const imports = [];
  /** @param {ts.Node | undefined} specifier @param {Import["kind"]} kind */
  const add = (specifier, kind) => {
    if (specifier === undefined || !ts.isStringLiteral(specifier)) return;
    imports.push({ specifier: specifier.text, line: source.getLineAndCharacterOfPosition(specifier.getStart()).line + 1, kind });
  };
  /** @param {ts.Node} node */
  const visit = (node) => {
    if (ts.isImportDeclaration(node))
      add(node.moduleSpecifier, node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword ? "type" : "value");
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly ? "type" : "value");
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal, "type");
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) add(node.arguments[0], "dynamic");
    ts.forEachChild(node, visit);
  };
  visit(source);
  return imports;
}
