// @ts-check
// Finds the definitions in a source file, such as `export const ease = defineModel({ name: "ease", … })`, with their documentation comments. Only
// parses, so it is fast and works even if other files don't compile.
import ts from "typescript";

/**
 * @typedef {object} Documentation
 * @property {string} summary First sentence.
 * @property {string} text The whole comment as Markdown, without tags.
 * @property {readonly string[]} examples Markdown of each `@example`.
 */

/**
 * @typedef {object} Definition
 * @property {string} constant Name of the exported constant.
 * @property {Readonly<Record<string, string>>} fields Fields with a string literal: name, family.
 * @property {Documentation} documentation
 * @property {Readonly<Record<string, string>>} options Comment of each option, in file order; "" if it has none.
 */

/**
 * The exported constants of a file that are created by calling `maker`.
 *
 * @param {string} path
 * @param {string} text
 * @param {string} maker
 * @returns {Definition[]}
 */
export function definitionsOf(path, text, maker) {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  /** @type {Definition[]} */
  const found = [];
  for (const statement of source.statements) {
    if (!ts.isVariableStatement(statement) || !isExported(statement)) continue;
    for (const { name, initializer } of statement.declarationList.declarations) {
      if (initializer === undefined || !ts.isCallExpression(initializer) || initializer.expression.getText() !== maker) continue;
      const [argument] = initializer.arguments;
      if (argument === undefined || !ts.isObjectLiteralExpression(argument)) continue;
      found.push({
        constant: name.getText(),
        fields: literalStrings(argument),
        documentation: documentationOf(statement),
        options: optionsOf(argument),
      });
    }
  }
  return found;
}

/** @param {ts.VariableStatement} statement */
function isExported(statement) {
  return statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false;
}

/** @param {ts.ObjectLiteralExpression} object */
function literalStrings(object) {
  return Object.fromEntries(
    object.properties.flatMap((property) =>
      ts.isPropertyAssignment(property) && ts.isStringLiteral(property.initializer)
        ? [[property.name.getText(), property.initializer.text]]
        : [],
    ),
  );
}

/**
 * The options of a definition, written in it or in a constant of the same file that it names or spreads.
 *
 * @param {ts.ObjectLiteralExpression} definition
 */
function optionsOf(definition) {
  const property = definition.properties.find((entry) => entry.name?.getText() === "options");
  if (property === undefined) return {};
  const value = ts.isPropertyAssignment(property) ? property.initializer : property.name;
  return value === undefined ? {} : Object.fromEntries(optionTexts(value));
}

/**
 * @param {ts.Node} value
 * @returns {[name: string, text: string][]}
 */
function optionTexts(value) {
  if (ts.isAsExpression(value) || ts.isSatisfiesExpression(value)) return optionTexts(value.expression);
  if (ts.isIdentifier(value)) {
    const constant = constantOf(value);
    return constant === undefined ? [] : optionTexts(constant);
  }
  if (!ts.isObjectLiteralExpression(value)) return [];
  return value.properties.flatMap((option) => {
    if (ts.isSpreadAssignment(option)) return optionTexts(option.expression);
    return [[option.name.getText(), oneLine(documentationOf(option).text)]];
  });
}

/** @param {ts.Identifier} name */
function constantOf(name) {
  for (const statement of name.getSourceFile().statements)
    if (ts.isVariableStatement(statement))
      for (const declaration of statement.declarationList.declarations)
        if (declaration.name.getText() === name.text) return declaration.initializer;
  return undefined;
}

/**
 * The documentation comment of a declaration.
 *
 * @param {ts.Node} node
 * @returns {Documentation}
 */
export function documentationOf(node) {
  const comment = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc).at(-1);
  const text = plain(comment?.comment);
  const examples = (comment?.tags ?? []).filter((tag) => tag.tagName.text === "example").map((tag) => plain(tag.comment));
  return { summary: firstSentence(text), text, examples };
}

/** @param {string | ts.NodeArray<ts.JSDocComment> | undefined} comment */
function plain(comment) {
  return (ts.getTextOfJSDocComment(comment) ?? "").replaceAll(/\{@link\s+([^}]+?)\s*\}/g, "`$1`").trim();
}

/** @param {string} text */
function oneLine(text) {
  return text.replaceAll(/\s*\n\s*/g, " ");
}

/** @param {string} text */
function firstSentence(text) {
  const paragraph = oneLine(text.split(/\n\s*\n/)[0]);
  // A period ends a sentence only before a capital letter, and not in "et al." or "e.g.". A paragraph that leads to a formula counts as a sentence.
  return /^.*?(?<!\b(?:al|vs|e\.g|i\.e))[.](?=\s+[A-Z]|$)/.exec(paragraph)?.[0] ?? paragraph.replace(/[,:]$/, ".");
}
