/** How text is set off on a terminal; each gives its argument back where there is no colour. */
export interface Ink {
  readonly coloured: boolean;
  bold(text: string): string;
  dim(text: string): string;
  accent(text: string): string;
  good(text: string): string;
}

/** Colour on a terminal, unless NO_COLOR (https://no-color.org) is set; plain text elsewhere. */
export function inkFor(stream: { readonly isTTY?: boolean }, environment: Readonly<Record<string, string | undefined>>): Ink {
  const coloured = stream.isTTY === true && !environment.NO_COLOR && environment.TERM !== "dumb";
  const style = (open: number, close: number) => (text: string) => (coloured ? `\x1b[${open}m${text}\x1b[${close}m` : text);
  return { coloured, bold: style(1, 22), dim: style(2, 22), accent: style(36, 39), good: style(32, 39) };
}
