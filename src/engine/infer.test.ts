import { describe, expect, it } from 'vitest'
import type { Dim } from '../graph/model'
import { allCases } from '../testing/all-cases'
import { buildGraph, buildModel, f32, i64, node, type ModelSpec } from '../testing/build-model'
import { modelOfCase, outputNames } from '../testing/operator-cases'
import { inferTypes } from './infer'
import { normalize } from './normalize'

const CASES = allCases().flatMap(({ one, frozen }) => {
  const expected = one.expected ?? frozen
  return expected && !one.error ? [{ name: `${one.operator}: ${one.name}`, one, expected }] : []
})

/** Whether `shape` says nothing that is wrong of `actual`. */
const holds = (shape: readonly Dim[] | undefined, actual: readonly number[]) =>
  shape === undefined ||
  (shape.length === actual.length && shape.every((dim, axis) => typeof dim !== 'number' || dim === actual[axis]))

/** What inference says of a case, the shapes of its inputs changed before. */
async function infer(
  one: (typeof CASES)[number]['one'],
  change: (shape: readonly number[], input: string) => readonly Dim[],
) {
  const model = modelOfCase(one)
  const given = new Map(
    model.graph.inputs.map(({ name, type }) => {
      const shape = type?.kind === 'tensor' ? type.shape : undefined
      return [name, change(shape as readonly number[], name)] as const
    }),
  )
  const { types, problems } = inferTypes(await normalize(model), given)
  return {
    outputs: outputNames(one)
      .filter(Boolean)
      .map((name) => types.get(name)),
    problems,
  }
}

describe('inference agrees with what every operator makes', () => {
  it.each(CASES)('$name', async ({ one, expected }) => {
    const { outputs, problems } = await infer(one, (shape) => shape)
    expect(problems).toEqual([])
    outputs.forEach((type, i) => {
      if (!type) return
      expect(type.dtype).toBe(expected[i]!.dtype)
      expect({ shape: type.shape, holds: holds(type.shape, expected[i]!.shape) }).toMatchObject({ holds: true })
    })
  })
})

describe('with open sizes it says less, and nothing wrong', () => {
  it.each(CASES)('$name', async ({ one, expected }) => {
    for (const change of [
      (shape: readonly number[]) => shape.map(() => null),
      (shape: readonly number[], input: string) => shape.map((_, axis) => `${input}_${axis}`),
      (shape: readonly number[]) => shape.map((size, axis) => (axis === 0 ? 'batch' : size)),
    ]) {
      const { outputs, problems } = await infer(one, change)
      expect(problems.map(({ message }) => message)).toEqual([])
      outputs.forEach((type, i) => {
        if (type)
          expect({ shape: type.shape, holds: holds(type.shape, expected[i]!.shape) }).toMatchObject({ holds: true })
      })
    }
  })
})

const inferOf = async (spec: ModelSpec) => inferTypes(await normalize(buildModel(spec)))
const shapeOf = (found: Awaited<ReturnType<typeof inferOf>>, name: string) => found.types.get(name)?.shape

describe('whole graphs', () => {
  it('carry symbols through, also where shapes are computed', async () => {
    const found = await inferOf({
      inputs: { x: ['float32', ['batch', 3, 8]] },
      initializers: { zero: i64([1], [0]), rest: i64([1], [-1]), w: f32([24, 5], new Array<number>(120).fill(1)) },
      outputs: { y: ['float32'] },
      nodes: [
        node('Shape', 'x', 'shape'),
        node('Gather', 'shape zero', 'first', { axis: 0 }),
        node('Concat', 'first rest', 'target', { axis: 0 }),
        node('Reshape', 'x target', 'flat'),
        node('MatMul', 'flat w', 'y'),
      ],
    })
    expect(found.problems).toEqual([])
    expect(shapeOf(found, 'flat')?.[0]).toBe('batch')
    expect(shapeOf(found, 'y')).toEqual(['batch', 5])
  })

  it('degrade node by node', async () => {
    const found = await inferOf({
      opset: 25,
      inputs: { x: ['float32', [2, 3]] },
      outputs: { z: ['float32'], b: ['float32'] },
      nodes: [
        node('Frobnicate', 'x', 'y', {}, 'odd'),
        node('Abs', 'y', 'z'),
        node('Abs', 'x', 'a'),
        node('Add', 'a x', 'b'),
      ],
    })
    expect(found.problems.map(({ message }) => message)).toEqual(['Frobnicate "odd": the engine has no such operator.'])
    expect(found.types.has('z')).toBe(false)
    expect(shapeOf(found, 'b')).toEqual([2, 3])
  })

  it('tell of inputs that do not fit, with node, operator and shapes', async () => {
    const found = await inferOf({
      inputs: { x: ['float32', ['n', 4]], y: ['float32', [2, 3]] },
      outputs: { z: ['float32'] },
      nodes: [node('Add', 'x y', 'z', {}, 'sum')],
    })
    expect(found.problems[0]?.message).toBe(
      'Add "sum": the sizes 4 and 3 of axis -1 differ and neither is 1. Its inputs have the shapes [n, 4], [2, 3].',
    )
  })

  it('look into branches: what differs is open', async () => {
    const branch = (columns: number) =>
      buildGraph({
        nodes: [
          node('Constant', '', 'value', {
            value: { tensor: { ...f32([2, columns], new Array<number>(2 * columns).fill(1)), name: 'v' } },
          }),
        ],
        outputs: { value: ['float32'] },
      })
    const found = await inferOf({
      inputs: { c: ['bool', []] },
      outputs: { y: ['float32'] },
      nodes: [node('If', 'c', 'y', { then_branch: branch(3), else_branch: branch(4) })],
    })
    expect(shapeOf(found, 'y')).toEqual([2, null])
  })
})
