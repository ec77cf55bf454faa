/** Faces that ultraface finds. Source: its repository's post-processing (scores above 0.7, hard NMS at IoU 0.3). */
const LEAST_SCORE = 0.7
const MOST_OVERLAP = 0.3

/** Intersection over union of two boxes [x1, y1, x2, y2]. */
export function iou(a, b) {
  const width = Math.max(0, Math.min(a[2], b[2]) - Math.max(a[0], b[0]))
  const height = Math.max(0, Math.min(a[3], b[3]) - Math.max(a[1], b[1]))
  const area = (box) => Math.max(0, box[2] - box[0]) * Math.max(0, box[3] - box[1])
  const both = width * height
  return both === 0 ? 0 : both / (area(a) + area(b) - both)
}

/** Boxes of one picture, best first. @param outputs scores [1, n, 2], boxes [1, n, 4] */
export function facesOf(outputs) {
  const scores = outputs.get('scores').values
  const boxes = outputs.get('boxes').values
  const found = []
  for (let i = 0; i < boxes.length / 4; i++) {
    const score = scores[2 * i + 1]
    if (score > LEAST_SCORE) found.push({ score, box: [...boxes.slice(4 * i, 4 * i + 4)] })
  }
  found.sort((a, b) => b.score - a.score)
  const kept = []
  for (const one of found) if (kept.every(({ box }) => iou(box, one.box) <= MOST_OVERLAP)) kept.push(one)
  return kept
}

/** How many faces of two answers are the same: pairs of one another's best at IoU 0.5 or more. */
export function sameFaces(before, after) {
  const left = [...after]
  let same = 0
  for (const { box } of before) {
    const at = left.findIndex((other) => iou(box, other.box) >= 0.5)
    if (at < 0) continue
    left.splice(at, 1)
    same++
  }
  return { same, lost: before.length - same, added: left.length }
}
