import { type Role, roles } from "./columns.ts";

const CAPACITY = 1 << 16;

/** Rows as positions in a block of bytes: field `role` of row r is bytes[starts[role][r]] … bytes[ends[role][r] - 1]. */
export class Batch {
  count = 0;
  readonly lines = new Float64Array(CAPACITY);
  readonly starts: Record<Role, Int32Array>;
  readonly ends: Record<Role, Int32Array>;
  /** The same for the columns of `Moments`. */
  readonly moments: readonly { readonly starts: Int32Array; readonly ends: Int32Array }[];

  constructor(wanted: readonly Role[], moments = 0) {
    const places = () => Object.fromEntries(roles.map((role) => [role, new Int32Array(wanted.includes(role) ? CAPACITY : 0)]));
    this.starts = places() as Record<Role, Int32Array>;
    this.ends = places() as Record<Role, Int32Array>;
    this.moments = Array.from({ length: moments }, () => ({ starts: new Int32Array(CAPACITY), ends: new Int32Array(CAPACITY) }));
  }

  get full(): boolean {
    return this.count === CAPACITY;
  }
}
