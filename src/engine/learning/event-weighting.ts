import type { EventSpec } from "../config/config.ts";

/** Weights of common event types. Names are lower case, letters only. Other types weigh 1. */
const wellKnown: Readonly<Record<string, number>> = {
  ...weighing(3, "like favourite favorite bookmark wishlist addtowishlist save follow subscribe share"),
  ...weighing(3, "cart addtocart basket addtobasket"),
  ...weighing(5, "purchase buy order transaction conversion checkout"),
  ...weighing(0, "dislike unlike skip hide block report remove removefromcart removefrombasket unfavourite unfavorite unfollow"),
  ...weighing(0, "unsubscribe return refund cancel"),
};

/** Types whose value is an opinion: it counts for the item if it is at or above the mean of all such values. */
const opinions = new Set(["rating", "rate", "stars", "review", "score"]);
const OPINION_WEIGHT = 3;

/** Whether a type has a meaning without being declared. */
export function isWellKnownType(name: string): boolean {
  const plain = name.toLowerCase().replace(/[^a-z]/g, "");
  return plain === "view" || plain === "click" || Object.hasOwn(wellKnown, plain) || opinions.has(plain);
}

/**
 * How much one event counts in favor of its item, in training and in histories: as configured, or by default view and click 1, like and
 * cart 3, purchase 5, dislike and skip 0, and a rating 3 if it is at or above the mean of all ratings, else 0.
 */
export class EventWeighting {
  private readonly specs: Readonly<Record<string, number | EventSpec>>;
  private readonly names: () => readonly string[];
  private readonly rules: Rule[] = [];

  /**
   * @param events `events` of the configuration
   * @param names names of event types by index; may grow over time
   */
  constructor(events: Readonly<Record<string, number | EventSpec>> | undefined, names: () => readonly string[]) {
    this.specs = events ?? {};
    this.names = names;
  }

  /** The weight of an event; 0 if it doesn't count in favor of its item, never negative. */
  of(type: number, value: number): number {
    const rule = this.rule(type);
    const weight = rule.opinion ? (rule.count === 0 || value >= rule.sum / rule.count ? rule.weight : 0) : rule.weight;
    const product = rule.byValue ? weight * value : weight;
    return product > 0 && product < Number.POSITIVE_INFINITY ? product : 0;
  }

  /** Adds events to the means of ratings. Call it once per event. */
  observe(events: { readonly length: number; readonly type: Uint8Array; readonly value: Float64Array }): void {
    for (let i = 0; i < events.length; i++) {
      const rule = this.rule(events.type[i]);
      if (!rule.opinion || Number.isNaN(events.value[i])) continue;
      rule.sum += events.value[i];
      rule.count++;
    }
  }

  private rule(type: number): Rule {
    this.rules[type] ??= ruleOf(this.names()[type] ?? "", this.specs);
    return this.rules[type];
  }
}

interface Rule {
  readonly weight: number;
  readonly byValue: boolean;
  readonly opinion: boolean;
  sum: number;
  count: number;
}

function ruleOf(name: string, specs: Readonly<Record<string, number | EventSpec>>): Rule {
  const own = Object.hasOwn(specs, name) ? specs[name] : undefined;
  const rule = (weight: number, byValue: boolean, opinion: boolean): Rule => ({ weight, byValue, opinion, sum: 0, count: 0 });
  if (typeof own === "number") return rule(own, false, false);
  if (own !== undefined) return rule(own.weight, own.byValue ?? false, false);
  const plain = name.toLowerCase().replace(/[^a-z]/g, "");
  if (opinions.has(plain)) return rule(OPINION_WEIGHT, false, true);
  return rule(Object.hasOwn(wellKnown, plain) ? wellKnown[plain] : 1, false, false);
}

function weighing(weight: number, names: string): Record<string, number> {
  return Object.fromEntries(names.split(" ").map((name) => [name, weight]));
}
