import { describe, expect, it } from 'vitest'
import { Random } from '../core/random'
import type { Dim } from '../graph/model'
import { allCases } from '../testing/all-cases'
import { modelOfCase, outputNames } from '../testing/operator-cases'
import { inferTypes } from './infer'
import { normalize } from './normalize'

const CASES = allCases().flatMap(({ one, frozen }) => {
  const expected = one.expected ?? frozen
  return expected && !one.error ? [{ name: `${one.operator}: ${one.name}`, one, expected }] : []
})
const ROUNDS = 8

/** Some sizes stay, some get a symbol that stands for this very size, of some nothing is known. */
function open(shape: readonly Dim[], random: Random): Dim[] {
  return shape.map((dim) => {
    const kind = random.below(3)
    return kind === 0 ? dim : kind === 1 ? `s${dim}` : null
  })
}

const isTrue = (dim: Dim, size: number) => dim === null || dim === size || dim === `s${size}`

describe('whatever sizes are open, inference finds no fault and its symbols are right', () => {
  it.each(CASES)('$name', async ({ one, expected }) => {
    const model = modelOfCase(one)
    const normalized = await normalize(model)
    const random = new Random(23)
    for (let round = 0; round < ROUNDS; round++) {
      const given = new Map(
        model.graph.inputs.map(({ name, type }) => [
          name,
          open((type?.kind === 'tensor' ? type.shape : undefined) ?? [], random),
        ]),
      )
      const { types, problems } = inferTypes(normalized, given)
      expect({ given, problems: problems.map(({ message }) => message) }).toEqual({ given, problems: [] })
      outputNames(one)
        .filter(Boolean)
        .forEach((name, i) => {
          const [found, wanted] = [types.get(name)?.shape, expected[i]!.shape]
          if (!found) return
          const holds = found.length === wanted.length && found.every((dim, axis) => isTrue(dim, wanted[axis]!))
          expect({ given, found, holds }).toEqual({ given, found, holds: true })
        })
    }
  })
})
