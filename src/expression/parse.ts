import { expressionError, type Span } from "./expression-error.ts";
import { limits } from "./limits.ts";
import type { ArithmeticOperator, CompareOperator, Syntax, Unplaced } from "./syntax.ts";
import { type Token, tokens } from "./tokens.ts";

const keywords = new Set(["and", "or", "not", "in", "if", "then", "else", "true", "false", "null"]);
const comparisons = new Map<string, CompareOperator>([
  ["=", "="],
  ["==", "="],
  ["!=", "!="],
  ["<", "<"],
  ["<=", "<="],
  [">", ">"],
  [">=", ">="],
]);

/**
 * Parses a source by recursive descent; docs/expressions.md has the grammar.
 *
 * @throws RecoError `bad-expression`, with the position, also if the expression exceeds the {@link limits}
 */
export function parse(source: string): Syntax {
  return new Parser(source).whole();
}

class Parser {
  private readonly source: string;
  private readonly tokens: readonly Token[];
  private at = 0;
  private depth = 0;
  private nodes = 0;

  constructor(source: string) {
    this.source = source;
    this.tokens = tokens(source);
  }

  whole(): Syntax {
    const tree = this.expression();
    if (this.next.kind !== "end") throw this.unexpected("expected the end of the expression");
    return tree;
  }

  private get next(): Token {
    return this.tokens[this.at];
  }

  /** Whether the next token is this keyword or symbol. */
  private is(text: string): boolean {
    return this.next.text === text && (this.next.kind === "symbol" || this.next.kind === "name");
  }

  private take(text: string): boolean {
    const found = this.is(text);
    if (found) this.at++;
    return found;
  }

  private expect(text: string, why: string): void {
    if (!this.take(text)) throw this.unexpected(`expected "${text}" ${why}`);
  }

  private unexpected(message: string): Error {
    const { kind, text } = this.next;
    const lower = text.toLowerCase();
    const hint = kind === "name" && text !== lower && keywords.has(lower) ? ` Operators are lowercase: ${lower}.` : "";
    const found = kind === "end" ? "the end" : this.source.slice(this.next.from, this.next.to);
    return expressionError(this.source, this.next, `${message}, but found ${found}.${hint}`);
  }

  private make(from: number, node: Unplaced, to = this.tokens[Math.max(0, this.at - 1)].to): Syntax {
    const place: Span = { from, to };
    if (++this.nodes > limits.nodes) {
      throw expressionError(this.source, place, `the expression has more than ${limits.nodes} parts.`);
    }
    return { ...node, ...place };
  }

  private nested(parse: () => Syntax): Syntax {
    if (++this.depth > limits.depth) {
      throw expressionError(this.source, this.next, `the expression is nested more than ${limits.depth} levels deep.`);
    }
    const node = parse();
    this.depth--;
    return node;
  }

  private expression(): Syntax {
    return this.nested(() => (this.is("if") ? this.conditional() : this.or()));
  }

  private conditional(): Syntax {
    const { from } = this.next;
    this.at++;
    const condition = this.expression();
    this.expect("then", 'after the condition of "if"');
    const consequence = this.expression();
    this.expect("else", 'after "then"; every "if" has one');
    const otherwise = this.expression();
    return this.make(from, { kind: "if", condition, consequence, otherwise });
  }

  private or(): Syntax {
    let left = this.and();
    while (this.take("or")) left = this.make(left.from, { kind: "or", left, right: this.and() });
    return left;
  }

  private and(): Syntax {
    let left = this.not();
    while (this.take("and")) left = this.make(left.from, { kind: "and", left, right: this.not() });
    return left;
  }

  private not(): Syntax {
    const { from } = this.next;
    if (!this.take("not")) return this.comparison();
    const operand = this.nested(() => this.not());
    return this.make(from, { kind: "not", operand });
  }

  private comparison(): Syntax {
    const left = this.sum();
    const operator = this.next.kind === "symbol" ? comparisons.get(this.next.text) : undefined;
    if (operator !== undefined) {
      this.at++;
      const compared = this.make(left.from, { kind: "compare", operator, left, right: this.sum() });
      if (comparisons.has(this.next.text))
        throw expressionError(this.source, this.next, 'comparisons can\'t be chained. Write "1 < x and x < 5".');
      return compared;
    }
    const negated = this.is("not") && this.tokens[this.at + 1].text === "in" && this.take("not");
    if (!this.take("in")) return left;
    return this.make(left.from, { kind: "in", negated, left, right: this.sum() });
  }

  private sum(): Syntax {
    return this.chain(["+", "-"], () => this.product());
  }

  private product(): Syntax {
    return this.chain(["*", "/", "%"], () => this.negation());
  }

  private chain(operators: readonly ArithmeticOperator[], operand: () => Syntax): Syntax {
    let left = operand();
    for (;;) {
      const operator = operators.find((candidate) => this.take(candidate));
      if (operator === undefined) return left;
      left = this.make(left.from, { kind: "arithmetic", operator, left, right: operand() });
    }
  }

  private negation(): Syntax {
    const { from } = this.next;
    if (!this.take("-")) return this.primary();
    const operand = this.nested(() => this.negation());
    if (operand.kind === "constant" && typeof operand.value === "number") return { ...operand, value: -operand.value, from };
    return this.make(from, { kind: "negate", operand });
  }

  private primary(): Syntax {
    const token = this.next;
    const { kind, text, from } = token;
    if (this.take("(")) {
      const inner = this.expression();
      this.expect(")", "to close the parenthesis");
      return { ...inner, from, to: this.tokens[this.at - 1].to };
    }
    if (this.take("[")) return this.make(from, { kind: "list", items: this.members("]", limits.list) });
    if (kind === "name" && keywords.has(text) && !["true", "false", "null"].includes(text)) {
      if (text === "if")
        throw expressionError(this.source, this.next, 'put an "if" inside an expression in parentheses: (if … then … else …).');
      throw this.unexpected("expected a value");
    }
    this.at++;
    switch (kind) {
      case "number": {
        const value = Number(text);
        if (!Number.isFinite(value)) throw expressionError(this.source, token, "the number is too large.");
        return this.make(from, { kind: "constant", value });
      }
      case "text":
        return this.make(from, { kind: "constant", value: text });
      case "parameter":
        return this.make(from, { kind: "scoped", root: "parameter", name: text.slice(1) });
      case "quoted":
        return this.make(from, { kind: "property", name: text });
      case "name":
        return this.named(token);
      default:
        this.at--;
        throw this.unexpected("expected a value");
    }
  }

  private named({ text, from }: Token): Syntax {
    if (text === "null") return this.make(from, { kind: "constant", value: null });
    if (text === "true" || text === "false") return this.make(from, { kind: "constant", value: text === "true" });
    if (this.take("(")) return this.make(from, { kind: "call", name: text, arguments: this.members(")", limits.list) });
    if (!this.take(".")) return this.make(from, { kind: "property", name: text });
    if (text !== "user" && text !== "context") {
      throw expressionError(
        this.source,
        { from, to: this.next.to },
        'only "user" and "context" have members. Write item properties without a prefix.',
      );
    }
    const { kind, text: name } = this.next;
    if (kind !== "name" && kind !== "quoted") throw this.unexpected(`expected a name after "${text}."`);
    this.at++;
    return this.make(from, { kind: "scoped", root: text, name });
  }

  /** Comma-separated members up to the closing bracket. */
  private members(close: string, most: number): Syntax[] {
    const found: Syntax[] = [];
    if (this.take(close)) return found;
    do {
      if (found.length === most) throw expressionError(this.source, this.next, `the list has more than ${most} members.`);
      found.push(this.expression());
    } while (this.take(","));
    this.expect(close, "to close the list");
    return found;
  }
}
