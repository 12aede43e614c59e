import { expressionError, type Span } from "./expression-error.ts";
import { limits } from "./limits.ts";

/** `quoted` is a name in backticks, which is never a keyword. `text` is the source, except for texts and quoted names, where it is the content. */
export interface Token extends Span {
  readonly kind: "number" | "text" | "name" | "quoted" | "parameter" | "symbol" | "end";
  readonly text: string;
}

const patterns: readonly (readonly [Token["kind"] | "space", RegExp])[] = [
  ["space", /\s+/y],
  ["number", /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y],
  ["name", /[\p{L}_][\p{L}\p{N}_]*/uy],
  ["parameter", /\$[\p{L}_][\p{L}\p{N}_]*/uy],
  ["quoted", /`[^`\n]+`/y],
  ["symbol", /<=|>=|!=|==|[=<>+\-*/%()[\],.]/y],
];

/** Hints for syntax from other languages. */
const foreign: Readonly<Record<string, string>> = {
  "&": ' Write "and".',
  "|": ' Write "or".',
  "!": ' Write "not", or "!=".',
  "?": ' Write "if … then … else …".',
  "{": " Write lists with [ ].",
  $: " A parameter needs a name: $max.",
  "`": " A name in backticks must end on the same line.",
};

const escapes: Readonly<Record<string, string>> = { n: "\n", t: "\t", "\\": "\\", '"': '"', "'": "'" };

/** Splits a source into tokens, the last of kind `end`. @throws RecoError `bad-expression` */
export function tokens(source: string): Token[] {
  if (source.length > limits.source) {
    const message = `the expression has ${source.length} characters; at most ${limits.source} are allowed.`;
    throw expressionError(source, { from: limits.source, to: limits.source }, message);
  }
  const found: Token[] = [];
  for (let at = 0; at < source.length; ) {
    const token = source[at] === '"' || source[at] === "'" ? textToken(source, at) : patternToken(source, at);
    if (token.kind !== "space") found.push({ ...token, kind: token.kind });
    at = token.to;
  }
  found.push({ kind: "end", text: "", from: source.length, to: source.length });
  return found;
}

function patternToken(source: string, at: number): Omit<Token, "kind"> & { readonly kind: Token["kind"] | "space" } {
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = at;
    const match = pattern.exec(source)?.[0];
    if (match === undefined) continue;
    const to = at + match.length;
    if (kind === "number" && /[\p{L}_]/u.test(source[to] ?? "")) {
      throw expressionError(source, { from: at, to: to + 1 }, "a number can't end in a letter. Write durations as days(7) or hours(12).");
    }
    if (kind === "quoted") return { kind, text: match.slice(1, -1), from: at, to };
    return { kind, text: match, from: at, to };
  }
  const character = String.fromCodePoint(source.codePointAt(at) ?? 0);
  throw expressionError(source, { from: at, to: at + 1 }, `unexpected ${JSON.stringify(character)}.${foreign[character] ?? ""}`);
}

function textToken(source: string, from: number): Token {
  const quote = source[from];
  let text = "";
  for (let at = from + 1; at < source.length; at++) {
    const character = source[at];
    if (character === quote) {
      if (text.length > limits.text) {
        throw expressionError(source, { from, to: at + 1 }, `the text has ${text.length} characters; at most ${limits.text} are allowed.`);
      }
      return { kind: "text", text, from, to: at + 1 };
    }
    if (character !== "\\") {
      text += character;
      continue;
    }
    const escaped = escapes[source[++at] ?? ""];
    if (escaped === undefined) throw expressionError(source, { from: at - 1, to: at + 1 }, "after \\ write one of \" ' \\ n t.");
    text += escaped;
  }
  throw expressionError(source, { from, to: source.length }, `the text is not closed. End it with ${quote}.`);
}
