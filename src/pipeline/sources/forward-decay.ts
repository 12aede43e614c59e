/**
 * Weights that fade with age without ever being touched again: an event of time t adds e^((t - landmark) / scale), which grows with t, and
 * a sum is read by dividing by the same of now, so that sums of all items keep their order as time passes. (Cormode, Shkapenyuk,
 * Srivastava and Xu: Forward decay, ICDE 2009.)
 *
 * Times before the landmark just weigh less. When weights come near the end of numbers, the landmark moves and all sums are multiplied.
 */
export class ForwardDecay {
  /** Milliseconds in which a weight falls to 1/e. */
  readonly scale: number;
  private landmark = Number.NaN;
  /** Events of one moment have one weight: a moment is a 2,000th of the scale. */
  private moment = Number.NaN;
  private weightOfMoment = 0;
  private readonly momentLength: number;

  constructor(scale: number) {
    this.scale = scale;
    this.momentLength = scale / 2000;
  }

  /** The weight of an event; `rescale` is called first when sums made so far have to be multiplied by a factor. */
  weight(time: number, rescale: (factor: number) => void): number {
    const moment = Math.floor(time / this.momentLength);
    if (moment === this.moment) return this.weightOfMoment;
    return this.weightOf(time, moment, rescale);
  }

  /** What sums are worth at `now`: multiply them by it. */
  factor(now: number): number {
    return Number.isNaN(this.landmark) ? 1 : Math.exp(Math.max(-MOST, Math.min(MOST, (this.landmark - now) / this.scale)));
  }

  private weightOf(time: number, moment: number, rescale: (factor: number) => void): number {
    if (Number.isNaN(time)) return 0;
    if (Number.isNaN(this.landmark)) this.landmark = time;
    const age = (time - this.landmark) / this.scale;
    if (age > MOST) {
      rescale(Math.exp(-age));
      this.landmark = time;
    }
    this.moment = moment;
    this.weightOfMoment = Math.exp((time - this.landmark) / this.scale);
    return this.weightOfMoment;
  }
}

/** e^300 times a billion events is still a number. */
const MOST = 300;
