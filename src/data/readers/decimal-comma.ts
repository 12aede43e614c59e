import { parseNumberText } from "./numbers.ts";

/** The character before the decimals of a column's numbers. */
export type Decimal = "," | ".";

/** A number with a comma, or with several points: "12,50", "1.234,50", "1,234.50", "1,234,567". */
const LOCAL = /^[+-]?\d[\d.]*,\d[\d.,]*$|^[+-]?\d+(\.\d{3}){2,}$/;
const COMMA_DECIMALS = /^[+-]?(\d+|\d{1,3}(\.\d{3})+)(,\d+)?$/;
const POINT_DECIMALS = /^[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?$/;

/** Whether this is a number that only a {@link Decimal} explains. */
export function hasComma(text: string): boolean {
  return LOCAL.test(text);
}

/**
 * What the numbers of a column have before their decimals; undefined if that is open (a column of "1,234" and the like) or contradictory. "1,234"
 * is 1.234 in some countries and 1234 in others, so it takes another number to tell.
 */
export function decimalOf(texts: Iterable<string>): Decimal | undefined {
  let comma = false;
  let point = false;
  for (const text of texts) {
    const asComma = COMMA_DECIMALS.test(text);
    const asPoint = POINT_DECIMALS.test(text);
    if (asComma && !asPoint) comma = true;
    if (asPoint && !asComma) point = true;
  }
  return comma === point ? undefined : comma ? "," : ".";
}

/** The number, read with this character before its decimals; NaN if it isn't one. */
export function parseWithDecimal(text: string, decimal: Decimal): number {
  if (decimal === "," && COMMA_DECIMALS.test(text)) return Number(text.replaceAll(".", "").replace(",", "."));
  if (decimal === "." && POINT_DECIMALS.test(text)) return Number(text.replaceAll(",", ""));
  return /[.,]/.test(text) ? Number.NaN : parseNumberText(text);
}
