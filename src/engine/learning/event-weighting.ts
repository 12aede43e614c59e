import type { EventSpec } from "../config/config.ts";

/** Weights of common event types. Names are lower case, letters only. Other types weigh 1. */
const wellKnown: Readonly<Record<string, number>> = {
  ...weighing(3, "like favourite favorite bookmark wishlist addtowishlist save follow subscribe share"),
  ...weighing(3, "cart addtocart basket addtobasket"),
  ...weighing(5, "purchase buy order transaction conversion checkout"),
  ...weighing(-3, "dislike thumbsdown hide block report notinterested"),
  ...weighing(-1, "return returned refund refunded"),
  ...weighing(0, "skip"),
};

const likes = "like favourite favorite bookmark wishlist addtowishlist save follow subscribe";
const carts = "cart addtocart basket addtobasket";
const purchases = "purchase buy order transaction conversion checkout";
const hides = "hide block report notinterested";
const dislikes = `dislike thumbsdown ${hides}`;

/** What takes back what. Those without a weight above count as nothing themselves. */
const wellKnownPairs: Readonly<Record<string, readonly string[]>> = {
  ...undoing(likes, "dislike unlike unsave unfavourite unfavorite unfollow unsubscribe removefromwishlist"),
  ...undoing(dislikes, "like favourite favorite undislike"),
  ...undoing(hides, "unhide unblock interested undonotinterested"),
  ...undoing(carts, "removefromcart removefrombasket"),
  ...undoing(`${carts} ${likes}`, "remove"),
  ...undoing(purchases, "return returned refund refunded cancel canceled cancelled"),
};

/** Types whose value is an opinion: for the item if it is at or above the mean of all such values and not below 0, against it if below 0. */
const opinions = new Set(["rating", "rate", "stars", "review", "score"]);
const OPINION_WEIGHT = 3;
const HIDING_WEIGHT = -3;

/** Whether a type has a meaning without being declared. */
export function isWellKnownType(name: string): boolean {
  const plain = name.toLowerCase().replace(/[^a-z]/g, "");
  return plain === "view" || plain === "click" || Object.hasOwn(wellKnown, plain) || opinions.has(plain);
}

/**
 * How much one event counts in favor of its item, in training and in histories: as configured, or by default view and click 1, like and
 * cart 3, purchase 5, skip 0, return -1, dislike and hide -3, and a rating 3 if it is at or above the mean of all ratings, -3 if it is below 0.
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

  /** The weight of an event; 0 if it says nothing about its item, below 0 if it speaks against it. */
  of(type: number, value: number): number {
    const rule = this.rule(type);
    if (rule.opinion) {
      if (value < 0) return -rule.weight;
      return rule.count === 0 || value >= rule.sum / rule.count ? rule.weight : 0;
    }
    const product = rule.byValue ? rule.weight * value : rule.weight;
    return Number.isFinite(product) ? product : 0;
  }

  /** Whether an event of one type takes back earlier ones of another. A new opinion replaces the earlier one. */
  undoes(type: number, other: number): boolean {
    const rule = this.rule(type);
    if (rule.opinion) return this.rule(other).opinion;
    if (rule.undoes.length === 0) return false;
    const { name, plain } = this.rule(other);
    return rule.undoes.includes(name) || (rule.builtIn && rule.undoes.includes(plain));
  }

  /** Whether an event of this type hides its item from every list of the user. */
  hides(type: number): boolean {
    return this.rule(type).hides;
  }

  /** Whether an event of this type does nothing but take others back. */
  retracts(type: number): boolean {
    const { weight, undoes, opinion, hides } = this.rule(type);
    return weight === 0 && undoes.length > 0 && !opinion && !hides;
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
  readonly name: string;
  /** The name in lower case, letters only. */
  readonly plain: string;
  /** Names it takes back: as configured, or plain names if it is built in. */
  readonly undoes: readonly string[];
  readonly builtIn: boolean;
  readonly weight: number;
  readonly byValue: boolean;
  readonly opinion: boolean;
  readonly hides: boolean;
  sum: number;
  count: number;
}

function ruleOf(name: string, specs: Readonly<Record<string, number | EventSpec>>): Rule {
  const own = Object.hasOwn(specs, name) ? specs[name] : undefined;
  const plain = name.toLowerCase().replace(/[^a-z]/g, "");
  const declared = typeof own === "object" ? own.undoes : undefined;
  const usual = Object.hasOwn(wellKnownPairs, plain) ? wellKnownPairs[plain] : [];
  const undoes = declared === undefined ? usual : [declared];
  const hiding = typeof own === "object" && own.hides !== undefined ? own.hides : hides.split(" ").includes(plain);
  const rule = (weight: number, byValue: boolean, opinion: boolean): Rule => ({
    ...{ name, plain, undoes, builtIn: declared === undefined },
    ...{ weight, byValue, opinion, hides: hiding, sum: 0, count: 0 },
  });
  if (typeof own === "number") return rule(own, false, false);
  if (own?.weight !== undefined) return rule(own.weight, own.byValue ?? false, false);
  if (own?.hides === true && !Object.hasOwn(wellKnown, plain)) return rule(HIDING_WEIGHT, own.byValue ?? false, false);
  if (own?.undoes !== undefined && !Object.hasOwn(wellKnown, plain)) {
    const takesInterest = usual.length === 0 && own.undoes !== name && ruleOf(own.undoes, specs).weight > 0;
    return rule(takesInterest ? -1 : 0, own.byValue ?? false, false);
  }
  if (opinions.has(plain)) return rule(OPINION_WEIGHT, false, true);
  return rule(Object.hasOwn(wellKnown, plain) ? wellKnown[plain] : usual.length > 0 ? 0 : 1, own?.byValue ?? false, false);
}

function weighing(weight: number, names: string): Record<string, number> {
  return Object.fromEntries(names.split(" ").map((name) => [name, weight]));
}

function undoing(undone: string, names: string): Record<string, readonly string[]> {
  return Object.fromEntries(names.split(" ").map((name) => [name, undone.split(" ")]));
}
