import { describe, expect, it } from 'vitest'
import type { Dim } from '../graph/model'
import { bool, buildModel, i64, node, type ModelSpec } from '../testing/build-model'
import { inferTypes } from './infer'
import { normalize } from './normalize'

const initializers = { a: i64([3], [1, 2, 0]), b: i64([3], [0, 4, 2]), two: i64([], [2]), pick: bool([3], [1, 0, 1]) }

/** Shape of a tensor made of the sizes `sizes`, x being [batch, 6, time]; null: a rank without sizes. */
async function shapeFrom(nodes: ModelSpec['nodes']): Promise<readonly Dim[] | undefined> {
  const model = buildModel({
    opset: 25,
    inputs: { x: ['float32', ['batch', 6, 'time']] },
    initializers,
    outputs: { y: ['float32'] },
    nodes: [node('Shape', 'x', 's'), ...nodes, node('ConstantOfShape', 'sizes', 'y')],
  })
  const { types, problems } = inferTypes(await normalize(model))
  expect(problems).toEqual([])
  return types.get('y')?.shape
}

describe('arithmetic on sizes', () => {
  it.each<[string, ModelSpec['nodes'], readonly Dim[]]>([
    ['Add keeps a symbol beside 0', [node('Add', 's b', 'sizes')], ['batch', 10, null]],
    ['Sub keeps a symbol beside 0', [node('Sub', 's b', 'sizes')], ['batch', 2, null]],
    ['a symbol less itself is 0', [node('Sub', 's s', 'sizes')], [0, 0, 0]],
    ['Mul keeps a symbol beside 1 and knows 0', [node('Mul', 's a', 'sizes')], ['batch', 12, 0]],
    ['one factor for all', [node('Mul', 'two s', 'sizes')], [null, 12, null]],
    ['Div keeps a symbol beside 1 and cuts', [node('Add', 'a two', 'd'), node('Div', 's d', 'sizes')], [null, 1, null]],
    ['Div by a half of them', [node('Max', 'a two', 'd'), node('Div', 's two', 'sizes')], [null, 3, null]],
    ['Where picks by a known condition', [node('Where', 'pick s b', 'sizes')], ['batch', 4, 'time']],
    [
      'Cast there and back',
      [node('Cast', 's', 'narrow', { to: 6 }), node('Cast', 'narrow', 'sizes', { to: 7 })],
      ['batch', 6, 'time'],
    ],
  ])('%s', async (_, nodes, shape) => {
    expect(await shapeFrom(nodes)).toEqual(shape)
  })

  it('goes no way through floats, which may be no whole numbers', async () => {
    const nodes = [node('Cast', 's', 'wide', { to: 1 }), node('Cast', 'wide', 'sizes', { to: 7 })]
    expect(await shapeFrom(nodes)).toEqual([null, null, null])
  })
})
