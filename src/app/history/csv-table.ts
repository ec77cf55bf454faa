import { t } from '../text'
import type { TensorPair } from './diff'
import type { Fact } from './facts'

/** Two results as rows: facts in words, then tensors in numbers (bytes, decibels; an empty cell: exact, or untouched). */
export function tableOf(facts: readonly Fact[], tensors: readonly TensorPair[]): string[][] {
  const { a, b, of, type, bytesUnit, errorUnit } = t.compare
  const columns = [a, b].flatMap((side) => [of(side, type), of(side, bytesUnit), of(side, errorUnit)])
  const side = (change: TensorPair['a']) =>
    change
      ? [change.to, String(change.sizeAfterBytes), change.sqnrDb === null ? '' : change.sqnrDb.toFixed(2)]
      : ['', '', '']
  return [
    [t.compare.fact, a, b],
    ...facts.map((fact) => [fact.label, fact.a, fact.b]),
    ...(tensors.length > 0 ? [[], [t.compare.tensor, ...columns]] : []),
    ...tensors.map((pair) => [pair.name, ...side(pair.a), ...side(pair.b)]),
  ]
}
