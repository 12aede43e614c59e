/**
 * Weights that decay with age without updating stored sums. An event at time t adds e^((t - landmark) / scale), which grows with t. Reading
 * a sum divides it by the same expression for now, so the order of the sums doesn't change as time passes. (Cormode, Shkapenyuk, Srivastava
 * and Xu: Forward decay, ICDE 2009.)
 *
 * Times before the landmark simply weigh less. Before weights overflow, the landmark moves and all sums are rescaled.
 */
export class ForwardDecay {
  /** Milliseconds in which a weight decays to 1/e. */
  readonly scale: number;
  private landmark = Number.NaN;
  /** Events of one moment share a cached weight. A moment is 1/2,000 of the scale. */
  private moment = Number.NaN;
  private weightOfMoment = 0;
  private readonly momentLength: number;

  constructor(scale: number) {
    this.scale = scale;
    this.momentLength = scale / 2000;
  }

  /** The weight of an event. Calls `rescale` first if existing sums must be multiplied by a factor. */
  weight(time: number, rescale: (factor: number) => void): number {
    const moment = Math.floor(time / this.momentLength);
    if (moment === this.moment) return this.weightOfMoment;
    return this.weightOf(time, moment, rescale);
  }

  /** The weight of an event that was added before. */
  past(time: number): number {
    return Number.isNaN(this.landmark) ? 0 : Math.exp((time - this.landmark) / this.scale);
  }

  /** Multiply sums by this factor to get their value at `now`. */
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

/** e^300 times a billion events is still finite. */
const MOST = 300;
