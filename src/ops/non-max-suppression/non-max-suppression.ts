import { hostArray, integersOf, numbersOf } from '../../core/host-array'
import { flag } from '../attributes'
import { defineOperator, EXACT, notDifferentiable, onHost } from '../op'
import { mergeDims } from '../shapes'

interface Box {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

/** From [y1, x1, y2, x2] with corners in any order, or from [x, y, width, height] around the center. */
function boxOf([a, b, c, d]: readonly [number, number, number, number], isCentered: boolean): Box {
  return isCentered
    ? { left: a - c / 2, right: a + c / 2, top: b - d / 2, bottom: b + d / 2 }
    : { left: Math.min(b, d), right: Math.max(b, d), top: Math.min(a, c), bottom: Math.max(a, c) }
}

const areaOf = ({ left, right, top, bottom }: Box) => (right - left) * (bottom - top)

/** Intersection over union; 0 for boxes without area. */
function overlap(a: Box, b: Box): number {
  const width = Math.min(a.right, b.right) - Math.max(a.left, b.left)
  const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top)
  if (width <= 0 || height <= 0 || areaOf(a) <= 0 || areaOf(b) <= 0) return 0
  const shared = width * height
  return shared / (areaOf(a) + areaOf(b) - shared)
}

interface Rules {
  /** Most boxes of one class. */
  readonly most: number
  /** Boxes that overlap a chosen one by more are dropped. */
  readonly overlap: number
  /** Boxes that score no more are dropped. */
  readonly score: number
}

/** Boxes by falling score, each only if it overlaps none that was chosen before. */
function choose(boxes: readonly Box[], scores: readonly number[], rules: Rules): number[] {
  const order = scores.flatMap((score, i) => (score > rules.score ? [i] : []))
  order.sort((a, b) => scores[b]! - scores[a]! || a - b)
  const chosen: number[] = []
  for (const candidate of order) {
    if (chosen.length >= rules.most) break
    if (chosen.every((one) => overlap(boxes[one]!, boxes[candidate]!) <= rules.overlap)) chosen.push(candidate)
  }
  return chosen
}

/** Boxes [batch, boxes, 4], scores [batch, classes, boxes] → [chosen, 3]: batch entry, class, box. */
export const nonMaxSuppression = defineOperator({
  name: 'NonMaxSuppression',
  domain: '',
  attributes: { center_point_box: flag(false) },
  inputs: [2, 5],
  infer(context) {
    const [boxes, scores] = [context.shape(0), context.shape(1)]
    if (boxes && (boxes.length !== 3 || mergeDims(boxes[2]!, 4) === undefined)) {
      context.fail('boxes must have the shape [batch, boxes, 4]')
    }
    if (scores && scores.length !== 3) context.fail('scores must have the shape [batch, classes, boxes]')
    const isOdd = (a: number, b: number) => boxes && scores && mergeDims(boxes[a]!, scores[b]!) === undefined
    if (isOdd(0, 0) || isOdd(1, 2)) context.fail('boxes and scores must have the same batch and number of boxes')
    return [{ dtype: 'int64', shape: [null, 3] }]
  },
  reference(context, boxes, scores, most, iou, least) {
    const [batches, count] = boxes!.shape as readonly [number, number]
    const classes = scores!.shape[1] as number
    const rules = {
      most: most ? Math.max(0, integersOf(most)[0] as number) : 0,
      overlap: iou ? (numbersOf(iou)[0] as number) : 0,
      score: least ? (numbersOf(least)[0] as number) : -Infinity,
    }
    const [corners, marks] = [numbersOf(boxes!), numbersOf(scores!)]
    const found: number[] = []
    for (let batch = 0; batch < batches; batch++) {
      const own = Array.from({ length: count }, (_, i) => {
        const at = (batch * count + i) * 4
        return boxOf(
          [corners[at]!, corners[at + 1]!, corners[at + 2]!, corners[at + 3]!],
          context.attributes.center_point_box,
        )
      })
      for (let kind = 0; kind < classes; kind++) {
        const start = (batch * classes + kind) * count
        const chosen = choose(own, [...marks.subarray(start, start + count)], rules)
        for (const box of chosen) found.push(batch, kind, box)
      }
    }
    return [hostArray('int64', [found.length / 3, 3], found)]
  },
  gradient: notDifferentiable('indices are whole numbers'),
  lower: onHost('the size of the result depends on values'),
  tolerance: EXACT,
})
