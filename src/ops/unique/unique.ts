import { hostArray, type HostArray, type Values } from '../../core/host-array'
import { flag, int, optional } from '../attributes'
import { refuseTexts } from '../dtype-kinds'
import { defineOperator, EXACT, notDifferentiable, onHost } from '../op'
import { around, normalizeAxis } from '../shapes'

/** Numbers ascending, NaN last and equal to itself. */
function compare(a: Values[number], b: Values[number]): number {
  if (a < b) return -1
  if (a > b) return 1
  return a === b ? 0 : Number(Number.isNaN(a)) - Number(Number.isNaN(b))
}

/** Entries of one axis (or all elements), compared element by element. */
interface Entries {
  readonly count: number
  compare(a: number, b: number): number
  /** The array of these entries only. */
  take(chosen: readonly number[], empty: (shape: readonly number[]) => HostArray): HostArray
}

function entriesOf({ shape, values }: HostArray, axis: number | undefined): Entries {
  const { outer, size, inner } = axis === undefined ? { outer: 1, size: values.length, inner: 1 } : around(shape, axis)
  const at = (entry: number, o: number, k: number) => values[(o * size + entry) * inner + k]!
  return {
    count: size,
    compare(a, b) {
      for (let o = 0; o < outer; o++) {
        for (let k = 0; k < inner; k++) {
          const order = compare(at(a, o, k), at(b, o, k))
          if (order !== 0) return order
        }
      }
      return 0
    },
    take(chosen, empty) {
      const taken = empty(axis === undefined ? [chosen.length] : shape.with(axis, chosen.length))
      for (let o = 0; o < outer; o++) {
        chosen.forEach((entry, i) => {
          for (let k = 0; k < inner; k++) taken.values[(o * chosen.length + i) * inner + k] = at(entry, o, k)
        })
      }
      return taken
    },
  }
}

/** Equal entries together: each group's members ascending, groups in the order of their values. */
function groupsOf(entries: Entries): number[][] {
  const order = Array.from({ length: entries.count }, (_, i) => i).sort((a, b) => entries.compare(a, b) || a - b)
  const groups: number[][] = []
  for (const entry of order) {
    const last = groups.at(-1)
    if (last && entries.compare(last[0]!, entry) === 0) last.push(entry)
    else groups.push([entry])
  }
  return groups
}

const int64 = (numbers: readonly number[]) => hostArray('int64', [numbers.length], numbers)

/**
 * The different elements, or entries of an axis: sorted, or in the order in which they first stand. Further outputs: where
 * each stands first, which of them each input entry is, and how often each stands.
 */
export const unique = defineOperator({
  name: 'Unique',
  domain: '',
  attributes: { axis: optional(int()), sorted: flag(true) },
  inputs: [1, 1],
  infer(context) {
    const [shape, { axis: named, sorted }] = [context.shape(0), context.attributes]
    if (sorted) refuseTexts(context, context.dtype(0))
    const axis = named !== undefined && shape ? normalizeAxis(context, named, shape.length) : undefined
    const list = { dtype: 'int64', shape: [null] } as const
    const first = named === undefined ? [null] : shape?.with(axis!, null)
    return [{ dtype: context.dtype(0), shape: first }, list, list, list]
  },
  reference(context, x) {
    const { axis: named, sorted } = context.attributes
    const entries = entriesOf(x!, named === undefined ? undefined : normalizeAxis(context, named, x!.shape.length))
    const groups = groupsOf(entries)
    if (!sorted) groups.sort((a, b) => a[0]! - b[0]!)
    const firsts = groups.map((group) => group[0]!)
    const inverse = new Array<number>(entries.count).fill(0)
    groups.forEach((group, i) => group.forEach((entry) => (inverse[entry] = i)))
    return [
      entries.take(firsts, (shape) => context.empty(x!.dtype, shape)),
      int64(firsts),
      int64(inverse),
      int64(groups.map((group) => group.length)),
    ]
  },
  gradient: notDifferentiable('which elements remain depends on equality'),
  lower: onHost('the size of the result depends on values'),
  tolerance: EXACT,
})
