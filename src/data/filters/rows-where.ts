/** The rows, ascending, for which `keep` holds. */
export function rowsWhere(rows: number, keep: (row: number) => boolean): Uint32Array {
  const kept = new Uint32Array(rows);
  let count = 0;
  for (let row = 0; row < rows; row++) if (keep(row)) kept[count++] = row;
  return kept.slice(0, count);
}
