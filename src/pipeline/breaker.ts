/** Consecutive failures before a source is paused, then the first and longest pause in milliseconds. */
const FAILURES = 3;
const FIRST_REST = 1_000;
const LONGEST_REST = 60_000;

/**
 * Pauses a source that failed or timed out several times in a row, so requests don't wait for it (the circuit breaker of Nygard, Release
 * It!, 2007). After the pause, one request tries the source again. Success resets the breaker; failure doubles the pause.
 */
export class Breaker {
  private failures = 0;
  private rest = 0;
  private restsUntil = Number.NEGATIVE_INFINITY;
  private trying = false;
  private lastMessage = "";

  /** Whether the source may be called at `now` (milliseconds on a monotonic clock). If true, the caller must report the outcome. */
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

  /** Says why the source is paused. */
  message(now: number): string {
    const left = Math.max(0, Math.ceil((this.restsUntil - now) / 1000));
    const until = this.trying ? "another request is retrying it now" : `retrying in ${left} s`;
    return `Paused after ${this.failures} failures in a row, ${until}. Last failure: ${this.lastMessage}`;
  }
}
