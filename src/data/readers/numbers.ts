const POWERS_OF_TEN = Float64Array.from({ length: 23 }, (_, k) => Number(`1e${k}`));
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * The number in bytes[start] … bytes[end - 1], correctly rounded; NaN if they are not a decimal number (including "NaN", "inf" and empty
 * text).
 */
export function parseNumber(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  const first = bytes[at];
  if (first === 45 || first === 43) at++;
  let mantissa = 0;
  let point = -1;
  const digits = at;
  for (; at < end; at++) {
    const digit = bytes[at] - 48;
    if (digit >= 0 && digit <= 9) mantissa = mantissa * 10 + digit;
    else if (digit === -2 && point < 0) point = at;
    else return parseAnyNumber(bytes, start, end);
  }
  // Both the mantissa (below 2^53) and the power of ten (up to 10^22) are exact here, so one division rounds correctly (Clinger 1990).
  if (end - digits > 15 || end - digits <= (point < 0 ? 0 : 1)) return parseAnyNumber(bytes, start, end);
  const value = point < 0 ? mantissa : mantissa / POWERS_OF_TEN[end - point - 1];
  return first === 45 ? -value : value;
}

function parseAnyNumber(bytes: Uint8Array, start: number, end: number): number {
  if (end - start > 400) return Number.NaN;
  return parseNumberText(String.fromCharCode(...bytes.subarray(start, end)));
}

/** The same for text. Spaces around it are allowed; hexadecimal and "Infinity" are not. */
export function parseNumberText(text: string): number {
  const trimmed = text.trim();
  const value = NUMBER.test(trimmed) ? Number(trimmed) : Number.NaN;
  return Number.isFinite(value) ? value : Number.NaN;
}
