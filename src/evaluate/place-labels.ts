/** A rectangle in pixels, from its top left corner. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface PlacedLabel {
  /** Position in the list of points. */
  readonly index: number;
  readonly text: string;
  /** From the point to the label, in pixels. */
  readonly dx: number;
  readonly dy: number;
  readonly anchor: "start" | "middle" | "end";
}

const LETTER = 7.4;
const LINE = 16;

/**
 * Places a label next to each point so that no label covers another label, a point or the edge. Tries right, left, above and below, in that order
 * and in the order of the points. A point without a free side gets no label. `above` and `below` are the extents of the point's mark.
 */
export function placeLabels(
  points: readonly { readonly x: number; readonly y: number; readonly text: string; readonly above: number; readonly below: number }[],
  { obstacles, bounds }: { obstacles: readonly Box[]; bounds: Box },
): PlacedLabel[] {
  const taken = [...obstacles];
  const placed: PlacedLabel[] = [];
  points.forEach(({ x, y, text, above, below }, index) => {
    const width = text.length * LETTER;
    const ways = [
      { dx: 11, dy: 0, anchor: "start" },
      { dx: -11, dy: 0, anchor: "end" },
      { dx: 9, dy: -13, anchor: "start" },
      { dx: 9, dy: 13, anchor: "start" },
      { dx: -9, dy: -13, anchor: "end" },
      { dx: -9, dy: 13, anchor: "end" },
      { dx: 0, dy: -above - 10, anchor: "middle" },
      { dx: 0, dy: below + 10, anchor: "middle" },
    ] as const;
    for (const { dx, dy, anchor } of ways) {
      const box = {
        x: x + dx - (anchor === "start" ? 0 : anchor === "end" ? width : width / 2),
        y: y + dy - LINE / 2,
        width,
        height: LINE,
      };
      if (!inside(box, bounds) || taken.some((other) => overlap(box, other))) continue;
      taken.push(box);
      placed.push({ index, text, dx, dy, anchor });
      return;
    }
  });
  return placed;
}

function inside(box: Box, bounds: Box): boolean {
  return (
    box.x >= bounds.x && box.y >= bounds.y && box.x + box.width <= bounds.x + bounds.width && box.y + box.height <= bounds.y + bounds.height
  );
}

function overlap(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}
