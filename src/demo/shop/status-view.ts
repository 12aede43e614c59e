import type { ModelRecord } from "../../engine/engine.ts";
import type { Job } from "../../engine/jobs/job.ts";
import type { Ink, Stream } from "../screen.ts";
import type { LiveVisitors } from "./live-visitors.ts";
import { type Status, statusBlock, statusLog } from "./status.ts";

/** What {@link StatusView} shows. */
interface Moment {
  readonly seconds: number;
  readonly visitors: LiveVisitors;
  readonly models: readonly ModelRecord[];
  readonly jobs: readonly Job[];
}

/** Seconds between log lines. */
const LINE_EVERY = 5;

/** Shows the status of the shop: on a terminal, a block that is overwritten; elsewhere, a line every few seconds. */
export class StatusView {
  private readonly output: Stream;
  private readonly ink: Ink;
  private readonly visitPace = new Pace();
  private readonly eventPace = new Pace();
  /** Lines of the block currently on the terminal. */
  private standing = 0;
  private nextLine = 0;

  constructor(output: Stream, ink: Ink) {
    this.output = output;
    this.ink = ink;
  }

  show(moment: Moment): void {
    const status = this.status(moment);
    if (this.output.isTTY) this.draw(status);
    else if (status.seconds >= this.nextLine) {
      this.nextLine = status.seconds + LINE_EVERY;
      this.output.write(`${statusLog(status)}\n`);
    }
  }

  /** Shows the final status. */
  end(moment: Moment): void {
    this.nextLine = 0;
    this.show(moment);
  }

  private draw(status: Status): void {
    const block = statusBlock(status, this.ink, this.output.columns ?? 80);
    // Moves up to the start of the block, and clears everything below.
    const back = this.standing === 0 ? "" : `\x1b[${this.standing}A\x1b[0J`;
    this.output.write(`${back}${block}\n`);
    this.standing = block.split("\n").length;
  }

  private status({ seconds, visitors, models, jobs }: Moment): Status {
    const { visits, events, clicks, watched, failures, lastFailure } = visitors;
    return {
      seconds,
      visits,
      visitsPerSecond: this.visitPace.at(1000 * seconds, visits),
      events,
      eventsPerSecond: this.eventPace.at(1000 * seconds, events),
      service: clicks.service,
      popular: clicks.popular,
      newItems: { arrived: watched.size, shown: [...watched.values()].filter((times) => times > 0).length },
      models,
      jobs,
      failures,
      lastFailure,
    };
  }
}

/** Milliseconds over which a rate is measured. */
const WINDOW = 10_000;

/** The growth rate of a count over the last ten seconds. */
export class Pace {
  private readonly marks: { readonly time: number; readonly count: number }[] = [];

  /** Records the count at a time in milliseconds, and returns its growth per second. */
  at(time: number, count: number): number {
    this.marks.push({ time, count });
    while (this.marks.length > 2 && this.marks[1].time <= time - WINDOW) this.marks.shift();
    const [first] = this.marks;
    return time > first.time ? ((count - first.count) * 1000) / (time - first.time) : 0;
  }
}
