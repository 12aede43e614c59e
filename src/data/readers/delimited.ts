import { throwIfAborted } from "../../util/progress.ts";

const NEWLINE = 10;
const RETURN = 13;
const TAB = 9;
const BLANK = 32;
const QUOTE = 34;
/** A longer row is taken for a quote that was never closed. */
const LONGEST_ROW = 1 << 21;

/** Padding after the bytes of a block: for the line feed that ends the scan, and for readers of whole words. */
const SPARE = 16;

/** Receives one row at a time, as positions in a block of bytes that is valid only during the call. */
export interface DelimitedSink {
  /** A block whose rows follow. */
  blockBegin?(bytes: Uint8Array, from: number, to: number): void;
  /** Field f is bytes[starts[f]] … bytes[ends[f] - 1], without quotes. `line` is its first line, from 1. */
  row(bytes: Uint8Array, starts: Int32Array, ends: Int32Array, fields: number, line: number): void;
  /** A row with mismatched quotes. */
  broken(line: number, reason: string, text: string): void;
  /** The block is about to become invalid. */
  blockEnd?(): void;
}

/**
 * Splits a stream of bytes into rows and fields: RFC 4180 with any delimiter of one or more ASCII characters. Skips a byte-order mark, carriage
 * returns before line feeds, blank lines, and the blanks around fields without quotes.
 */
export class DelimitedScanner {
  private readonly delimiter: Uint8Array;
  private readonly quotes: boolean;
  private readonly sink: DelimitedSink;
  private readonly special = new Uint8Array(256);
  private starts = new Int32Array(64);
  private ends = new Int32Array(64);
  /** The fields of the current row that contain doubled quotes. */
  private doubled: number[] = [];
  private line = 1;

  /** Quotes are special unless the delimiter is a space or has several characters; such files don't use quoting. */
  constructor(delimiter: string, sink: DelimitedSink) {
    this.delimiter = new TextEncoder().encode(delimiter);
    this.quotes = this.delimiter.length === 1 && delimiter !== " ";
    this.sink = sink;
    this.special[NEWLINE] = 1;
    this.special[this.delimiter[0]] = 1;
  }

  /** Reads `chunks` to their end. */
  async scan(chunks: AsyncIterable<Uint8Array>, signal?: AbortSignal): Promise<void> {
    let block = new Uint8Array(1 << 16);
    let length = 0;
    let first = true;
    for await (const chunk of chunks) {
      throwIfAborted(signal);
      if (length + chunk.length + SPARE > block.length) {
        const longer = new Uint8Array(Math.max(length + chunk.length + SPARE, Math.min(2 * block.length, LONGEST_ROW)));
        longer.set(block.subarray(0, length));
        block = longer;
      }
      block.set(chunk, length);
      length += chunk.length;
      if (first && length < 3) continue;
      const from = first ? markLength(block) : 0;
      first = false;
      this.sink.blockBegin?.(block, from, block.lastIndexOf(NEWLINE, length - 1) + 1);
      const used = this.scanBlock(block, from, length, false);
      this.sink.blockEnd?.();
      block.copyWithin(0, used, length);
      length -= used;
    }
    if (length > 0) {
      this.sink.blockBegin?.(block, 0, length);
      this.scanBlock(block, 0, length, true);
      this.sink.blockEnd?.();
    }
  }

  /** Scans the rows that end in bytes[at] … bytes[to - 1] (all, if this is the last block); returns the start of the first incomplete one. */
  private scanBlock(bytes: Uint8Array, at: number, to: number, last: boolean): number {
    const { special, quotes, sink } = this;
    const rest = this.delimiter.subarray(1);
    bytes[to] = NEWLINE;
    while (at < to) {
      const rowStart = at;
      const rowLine = this.line;
      let fields = 0;
      let problem: string | undefined;
      if (this.doubled.length > 0) this.doubled = [];
      for (;;) {
        let start = at;
        let end = -1;
        if (quotes && bytes[at] === BLANK) at = this.quoteAfterBlanks(bytes, at);
        if (quotes && bytes[at] === QUOTE) {
          start = at + 1;
          end = this.closingQuote(bytes, start, to, fields);
          if (end === -1) {
            if (!last && to - rowStart < LONGEST_ROW) {
              this.line = rowLine;
              return rowStart;
            }
            problem = "a quote that is never closed";
            break;
          }
          at = end + 1;
          while (bytes[at] === BLANK) at++;
          const next = bytes[at];
          if (special[next] === 0 && !(next === RETURN && bytes[at + 1] === NEWLINE)) {
            problem = "text after a closing quote";
            break;
          }
          if (next === RETURN) at++;
        } else while (special[bytes[at]] === 0) at++;
        if (bytes[at] !== NEWLINE && rest.length > 0 && !follows(bytes, at + 1, rest)) {
          // Half a delimiter is text: continue after it, keeping the start of the field.
          do {
            at++;
            while (special[bytes[at]] === 0) at++;
          } while (bytes[at] !== NEWLINE && !follows(bytes, at + 1, rest));
        }
        if (end === -1) {
          end = at;
          if (bytes[at] === NEWLINE && end > start && bytes[end - 1] === RETURN) end--;
          while (end > start && (bytes[end - 1] === BLANK || bytes[end - 1] === TAB)) end--;
          while (start < end && (bytes[start] === BLANK || bytes[start] === TAB)) start++;
        }
        if (fields === this.starts.length) this.widen();
        this.starts[fields] = start;
        this.ends[fields++] = end;
        if (bytes[at] === NEWLINE) break;
        at += 1 + rest.length;
      }
      if (problem !== undefined) {
        // Where the row ends is unknown, so only its first line is skipped.
        at = bytes.indexOf(NEWLINE, rowStart);
        this.line = rowLine;
        if (at === to && !last) return rowStart;
        this.line++;
        sink.broken(rowLine, problem, new TextDecoder().decode(bytes.subarray(rowStart, Math.min(at, rowStart + 80))));
        at++;
        continue;
      }
      if (at === to && !last) {
        this.line = rowLine;
        return rowStart;
      }
      if (this.doubled.length > 0) this.undouble(bytes);
      at++;
      this.line++;
      if (fields > 1 || this.ends[0] > this.starts[0]) sink.row(bytes, this.starts, this.ends, fields, rowLine);
    }
    return to;
  }

  /** The position of the quote that opens a field behind blanks; `at` if there is none. */
  private quoteAfterBlanks(bytes: Uint8Array, at: number): number {
    let quote = at;
    while (bytes[quote] === BLANK) quote++;
    return bytes[quote] === QUOTE ? quote : at;
  }

  /** Returns the position of the quote that closes the field starting at `start`, or -1; counts the lines in it. */
  private closingQuote(bytes: Uint8Array, start: number, to: number, field: number): number {
    let doubled = false;
    for (let at = start; at < to; at++) {
      const byte = bytes[at];
      if (byte === QUOTE) {
        // At the end of a block, the next byte isn't known yet.
        if (bytes[at + 1] !== QUOTE || at + 1 === to) {
          if (doubled) this.doubled.push(field);
          return at;
        }
        doubled = true;
        at++;
      } else if (byte === NEWLINE) this.line++;
    }
    return -1;
  }

  /** Replaces doubled quotes by single ones, in place. Only for complete rows, because an incomplete one is read again. */
  private undouble(bytes: Uint8Array): void {
    for (const field of this.doubled) {
      let end = this.starts[field];
      for (let at = end; at < this.ends[field]; at++) {
        bytes[end++] = bytes[at];
        if (bytes[at] === QUOTE) at++;
      }
      this.ends[field] = end;
    }
  }

  private widen(): void {
    const twice = (places: Int32Array) => {
      const wider = new Int32Array(2 * places.length);
      wider.set(places);
      return wider;
    };
    this.starts = twice(this.starts);
    this.ends = twice(this.ends);
  }
}

function follows(bytes: Uint8Array, at: number, rest: Uint8Array): boolean {
  for (let i = 0; i < rest.length; i++) if (bytes[at + i] !== rest[i]) return false;
  return true;
}

/** 3 if the bytes start with a UTF-8 byte-order mark, otherwise 0. */
function markLength(bytes: Uint8Array): number {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
}
