import type { Recipe } from '../../jobs/recipe'
import type { TensorChange } from '../../methods/method'

/** One tensor in two results; undefined where a result did not change it. */
export interface TensorPair {
  readonly name: string
  readonly a: TensorChange | undefined
  readonly b: TensorChange | undefined
  readonly isDifferent: boolean
}

export const TENSOR_SORTS = ['different', 'name', 'sizeA', 'sizeB', 'errorA', 'errorB'] as const
export type TensorSort = (typeof TENSOR_SORTS)[number]

/** Every tensor of either result, those that differ first, then the largest. */
export function pairTensors(a: readonly TensorChange[], b: readonly TensorChange[]): TensorPair[] {
  const [ofA, ofB] = [lastByName(a), lastByName(b)]
  const names = [...new Set([...ofA.keys(), ...ofB.keys()])]
  const pairs = names.map((name) => {
    const [one, two] = [ofA.get(name), ofB.get(name)]
    return { name, a: one, b: two, isDifferent: !isSame(one, two) }
  })
  return sortTensors(pairs, 'different')
}

/** Sizes: largest first; errors: worst first, with exact ones, and those that a result did not touch, at the end. */
export function sortTensors(pairs: readonly TensorPair[], by: TensorSort): TensorPair[] {
  const sizeBefore = ({ a, b }: TensorPair) => a?.sizeBeforeBytes ?? b?.sizeBeforeBytes ?? 0
  const error = (change: TensorChange | undefined) => change?.sqnrDb ?? Infinity
  const orders: Readonly<Record<TensorSort, (x: TensorPair, y: TensorPair) => number>> = {
    different: (x, y) => Number(y.isDifferent) - Number(x.isDifferent) || sizeBefore(y) - sizeBefore(x),
    name: (x, y) => x.name.localeCompare(y.name, undefined, { numeric: true }),
    sizeA: (x, y) => (y.a?.sizeAfterBytes ?? -1) - (x.a?.sizeAfterBytes ?? -1),
    sizeB: (x, y) => (y.b?.sizeAfterBytes ?? -1) - (x.b?.sizeAfterBytes ?? -1),
    errorA: (x, y) => ascending(error(x.a), error(y.a)),
    errorB: (x, y) => ascending(error(x.b), error(y.b)),
  }
  return [...pairs].sort(orders[by])
}

/** ∞ − ∞ is not a number. */
const ascending = (x: number, y: number) => (x === y ? 0 : x < y ? -1 : 1)

/** Several steps may change one tensor; the last of them made what is in the file. */
const lastByName = (changes: readonly TensorChange[]) => new Map(changes.map((change) => [change.name, change]))

function isSame(a: TensorChange | undefined, b: TensorChange | undefined): boolean {
  return a?.to === b?.to && a?.sizeAfterBytes === b?.sizeAfterBytes && a?.sqnrDb === b?.sqnrDb
}

type Options = Recipe['steps'][number]['options']

/** One step of two recipes; undefined where a recipe does not have it. */
export interface StepPair {
  readonly method: string
  readonly a: Options | undefined
  readonly b: Options | undefined
  /** Options that the two give differently; all of a step that only one of them has. */
  readonly different: readonly string[]
}

/** Steps side by side in order: the n-th of a method in A stands beside the n-th in B. */
export function pairSteps(a: Recipe['steps'], b: Recipe['steps']): StepPair[] {
  const left = [...b]
  const pairs: StepPair[] = a.map(({ method, options }) => {
    const at = left.findIndex((step) => step.method === method)
    const [other] = at < 0 ? [] : left.splice(at, 1)
    return pairOf(method, options, other?.options)
  })
  return [...pairs, ...left.map(({ method, options }) => pairOf(method, undefined, options))]
}

function pairOf(method: string, a: Options | undefined, b: Options | undefined): StepPair {
  const names = [...new Set([...Object.keys(a ?? {}), ...Object.keys(b ?? {})])]
  return { method, a, b, different: names.filter((name) => a?.[name] !== b?.[name]) }
}
