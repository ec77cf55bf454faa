/** A result as a point of size and loss. */
export interface Point {
  readonly sizeBytes: number
  readonly drop: number
  /** Decides between points of one size and one drop; smaller is better. */
  readonly distance: number
}

/** Sizes this close count as one. */
const SIZE_TOLERANCE = 0.002

/** The points that no other beats: smaller and not worse, or better and not larger. */
export function paretoFront<P extends Point>(points: readonly P[]): P[] {
  return points.filter((point, i) => !points.some((other, j) => i !== j && beats(other, point, j < i)))
}

/** @param isFirst decides between two that are equal in everything */
function beats(a: Point, b: Point, isFirst: boolean): boolean {
  const isNotLarger = a.sizeBytes <= b.sizeBytes * (1 + SIZE_TOLERANCE)
  if (!isNotLarger || a.drop > b.drop) return false
  if (a.drop < b.drop || a.sizeBytes * (1 + SIZE_TOLERANCE) < b.sizeBytes) return true
  return a.distance < b.distance || (a.distance === b.distance && isFirst)
}
