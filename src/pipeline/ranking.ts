import type { ItemList } from "../data/item-list.ts";
import { TopItems } from "../model/top-items.ts";
import type { CandidateTable } from "./candidate-table.ts";
import { orderByScore } from "./rerank/score-order.ts";

/** Items sorted by score with their sources, followed by the items that fill the list. */
export class Ranking {
  readonly table: CandidateTable;
  private readonly rows: Uint32Array;
  private readonly scored: Float32Array;
  private readonly filled: { readonly item: number; readonly source: string; readonly sourceScore: number }[] = [];

  /**
   * @param scores one per table row
   * @param most number of places wanted
   */
  constructor(table: CandidateTable, scores: Float32Array, most: number) {
    this.table = table;
    // Sorting everything is faster than a heap of everything.
    this.rows = most < scores.length ? bestRows(scores, most) : orderByScore(scores);
    this.scored = new Float32Array(this.rows.length);
    for (let place = 0; place < this.rows.length; place++) this.scored[place] = scores[this.rows[place]];
  }

  get length(): number {
    return this.rows.length + this.filled.length;
  }

  /** Appends the items of a fallback. */
  add(source: string, { items, scores }: ItemList): void {
    for (let i = 0; i < items.length; i++) this.filled.push({ item: items[i], source, sourceScore: scores[i] });
  }

  /** The item at a place, from 0. */
  item(place: number): number {
    return place < this.rows.length ? this.table.items[this.rows[place]] : this.filled[place - this.rows.length].item;
  }

  /** Fill items continue downward from the lowest score, as in rank fusion. */
  score(place: number): number {
    const { length } = this.rows;
    if (place < length) return this.scored[place];
    const lowest = length > 0 ? this.scored[length - 1] : 1;
    return (lowest * SMOOTHING) / (SMOOTHING + place - length + 1);
  }

  candidates(): ItemList {
    const items = new Uint32Array(this.length);
    const scores = new Float32Array(this.length);
    for (let place = 0; place < items.length; place++) {
      items[place] = this.item(place);
      scores[place] = this.score(place);
    }
    return { items, scores };
  }

  /** The place of an item, from 0; -1 if it isn't ranked. */
  placeOf(item: number): number {
    const row = this.table.items.indexOf(item);
    if (row >= 0) return this.rows.indexOf(row);
    const filled = this.filled.findIndex((entry) => entry.item === item);
    return filled < 0 ? -1 : this.rows.length + filled;
  }

  /** The sources that returned the item at a place. */
  sources(place: number): readonly string[] {
    if (place >= this.rows.length) return [this.filled[place - this.rows.length].source];
    const { names, ranks, stride } = this.table;
    const by: string[] = [];
    for (let column = 0, at = this.rows[place]; column < names.length; column++, at += stride) if (ranks[at] > 0) by.push(names[column]);
    return by;
  }

  /** The score from each source that returned the item at a place, on the source's own scale. */
  sourceScores(place: number): Record<string, number> {
    if (place >= this.rows.length) {
      const { source, sourceScore } = this.filled[place - this.rows.length];
      return { [source]: sourceScore };
    }
    const { names, ranks, scores, stride } = this.table;
    const said: Record<string, number> = {};
    for (let column = 0, at = this.rows[place]; column < names.length; column++, at += stride)
      if (ranks[at] > 0) said[names[column]] = scores[at];
    return said;
  }

  /** Picks the values (one per table row) of the items at some places; NaN for items that have no row. */
  ofRows(numbers: Float32Array, places: readonly number[]): Float32Array {
    return Float32Array.from(places, (place) => (place >= 0 && place < this.rows.length ? numbers[this.rows[place]] : Number.NaN));
  }

  /** A source's score and rank (from 1) for the items at some places; NaN if it didn't return the item, or if the place is -1. */
  feature(column: number, places: readonly number[]): { readonly scores: Float32Array; readonly ranks: Float32Array } {
    const scores = new Float32Array(places.length).fill(Number.NaN);
    const ranks = new Float32Array(places.length).fill(Number.NaN);
    for (let i = 0; i < places.length; i++) {
      if (places[i] < 0 || places[i] >= this.rows.length) continue;
      const at = column * this.table.stride + this.rows[places[i]];
      if (this.table.ranks[at] === 0) continue;
      scores[i] = this.table.scores[at];
      ranks[i] = this.table.ranks[at];
    }
    return { scores, ranks };
  }
}

function bestRows(scores: Float32Array, most: number): Uint32Array {
  best.start(most);
  for (let row = 0; row < scores.length; row++) best.offer(row, scores[row]);
  return best.take().items;
}

const best = new TopItems();
/** As in reciprocal rank fusion. */
const SMOOTHING = 60;
