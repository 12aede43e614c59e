/** How many failures in a row make a source rest, the first rest, and the longest, in milliseconds. */
const FAILURES = 3;
const FIRST_REST = 1_000;
const LONGEST_REST = 60_000;

/**
 * Lets a source rest that failed or was late several times in a row, so that requests do not wait for it in vain (the circuit breaker of
 * Nygard, Release It!, 2007). When a rest is over, one request tries it: if that goes well all is forgotten, else the next rest is twice as
 * long.
 */
export class Breaker {
  private failures = 0;
  private rest = 0;
  private restsUntil = Number.NEGATIVE_INFINITY;
  private trying = false;
  private lastMessage = "";

  /** Whether the source may be asked at `now` (milliseconds of any steady clock). Whoever is let through reports what came of it. */
  lets(now: number): boolean {
    if (this.rest === 0) return true;
    if (now < this.restsUntil || this.trying) return false;
    this.trying = true;
    return true;
  }

  succeeded(): void {
    this.failures = 0;
    this.rest = 0;
    this.trying = false;
  }

  failed(now: number, message: string): void {
    this.failures++;
    this.lastMessage = message;
    if (this.trying) this.rest = Math.min(LONGEST_REST, 2 * this.rest);
    else if (this.rest === 0 && this.failures >= FAILURES) this.rest = FIRST_REST;
    else return;
    this.trying = false;
    this.restsUntil = now + this.rest;
  }

  /** Why it rests, for people. */
  message(now: number): string {
    const left = Math.max(0, Math.ceil((this.restsUntil - now) / 1000));
    const until = this.trying ? "another request is trying it now" : `the next try is in ${left} s`;
    return `Rests after ${this.failures} failures in a row; ${until}. The last: ${this.lastMessage}`;
  }
}
