import { describe, expect, it } from 'vitest'
import type { Dim } from '../graph/model'
import { buildModel, i64, node, type ModelSpec } from '../testing/build-model'
import { inferTypes } from './infer'
import { normalize } from './normalize'

type Nodes = ModelSpec['nodes']

const numbers = {
  zero: i64([], [0]),
  one: i64([], [1]),
  two: i64([], [2]),
  minusOne: i64([], [-1]),
  zeroList: i64([1], [0]),
  oneList: i64([1], [1]),
  twoList: i64([1], [2]),
  threeList: i64([1], [3]),
  minusOneList: i64([1], [-1]),
  ends: i64([1], [2 ** 62]),
  heads: i64([2], [4, -1]),
}

/** Shape of `y` and what inference complains of, x being [batch, 6, time, 8] and m [batch, 6]. */
async function shapeOfY(nodes: Nodes): Promise<readonly Dim[] | undefined> {
  const model = buildModel({
    opset: 25,
    inputs: { x: ['float32', ['batch', 6, 'time', 8]], m: ['float32', ['batch', 6]] },
    initializers: numbers,
    outputs: { y: ['float32'] },
    nodes,
  })
  const { types, problems } = inferTypes(await normalize(model))
  expect(problems).toEqual([])
  return types.get('y')?.shape
}

describe('shape arithmetic with symbols', () => {
  it.each<[string, Nodes, readonly Dim[]]>([
    [
      'one size picked, given an axis, joined with others',
      [
        node('Shape', 'x', 's'),
        node('Gather', 's two', 'time'),
        node('Unsqueeze', 'time zeroList', 'time1'),
        node('Concat', 'time1 threeList', 'sizes', { axis: 0 }),
        node('ConstantOfShape', 'sizes', 'y'),
      ],
      ['time', 3],
    ],
    [
      'symbols on both sides of a Reshape cancel',
      [
        node('Shape', 'x', 'all'),
        node('Slice', 'all zeroList oneList', 'first'),
        node('Slice', 'all twoList threeList', 'third'),
        node('Concat', 'first heads third', 'target', { axis: 0 }),
        node('Reshape', 'x target', 'y'),
      ],
      ['batch', 4, 12, 'time'],
    ],
    [
      'what remains may be a symbol',
      [
        node('Shape', 'm', 's', { start: 0, end: 1 }),
        node('Concat', 'minusOneList s threeList', 'target', { axis: 0 }),
        node('Transpose', 'x', 'turned', { perm: [0, 1, 3, 2] }),
        node('Slice', 'turned zeroList oneList oneList', 'cut'),
        node('Slice', 'cut zeroList threeList twoList', 'cut3'),
        node('Reshape', 'cut3 target', 'y'),
      ],
      ['time', 'batch', 3],
    ],
    [
      'sums, differences, products and quotients with nothing, once and itself',
      [
        node('Shape', 'x', 's', { start: 2, end: 3 }),
        node('Add', 's zeroList', 'a'),
        node('Mul', 'a oneList', 'b'),
        node('Div', 'b oneList', 'c'),
        node('Sub', 'c s', 'nothing'),
        node('Add', 'nothing threeList', 'three'),
        node('Concat', 'c three', 'sizes', { axis: 0 }),
        node('ConstantOfShape', 'sizes', 'y'),
      ],
      ['time', 3],
    ],
    [
      'backwards and from the end',
      [
        node('Shape', 'x', 's'),
        node('Slice', 's minusOneList zeroList zeroList minusOneList', 'back'),
        node('ConstantOfShape', 'back', 'y'),
      ],
      [8, 'time', 6],
    ],
    [
      'Range up to a size',
      [node('Shape', 'x', 's'), node('Gather', 's two', 'time'), node('Range', 'zero time one', 'y')],
      ['time'],
    ],
    [
      'Expand to sizes of another value',
      [
        node('Shape', 'x', 's', { start: 1 }),
        node('Unsqueeze', 'm oneList', 'wide'),
        node('Shape', 'm', 't'),
        node('Concat', 't s', 'sizes', { axis: 0 }),
        node('Identity', 'zero', 'z'),
        node('Expand', 'z sizes', 'y'),
      ],
      ['batch', 6, 6, 'time', 8],
    ],
    [
      'a computed size beside known ones stays open alone',
      [
        node('Shape', 'x', 's', { start: 2, end: 3 }),
        node('Mul', 's twoList', 'twice'),
        node('Concat', 'twice threeList', 'sizes', { axis: 0 }),
        node('ConstantOfShape', 'sizes', 'y'),
      ],
      [null, 3],
    ],
    [
      'Size of what is known',
      [
        node('Slice', 'm zeroList oneList zeroList', 'row'),
        node('Shape', 'row', 's'),
        node('Gather', 's one', 'n'),
        node('Reshape', 'n oneList', 'list'),
        node('ConstantOfShape', 'list', 'y'),
      ],
      [6],
    ],
    [
      'Tile and Split of open sizes',
      [
        node('Concat', 'oneList twoList', 'times', { axis: 0 }),
        node('Tile', 'm times', 'wide'),
        node('Split', 'wide', 'y z', { axis: 1, num_outputs: 2 }),
      ],
      ['batch', 6],
    ],
    ['a whole Slice of an open axis', [node('Slice', 'x zeroList ends twoList', 'y')], ['batch', 6, 'time', 8]],
    ['a part of an open axis', [node('Slice', 'x oneList ends twoList', 'y')], ['batch', 6, null, 8]],
    [
      'ReduceProd of sizes',
      [
        node('Shape', 'x', 's'),
        node('Slice', 's oneList twoList', 'six'),
        node('Slice', 's minusOneList ends', 'eight'),
        node('Concat', 'six eight', 'both', { axis: 0 }),
        node('ReduceProd', 'both', 'count', { keepdims: 0 }),
        node('Range', 'zero count one', 'y'),
      ],
      [48],
    ],
    ['Flatten', [node('Flatten', 'x', 'y', { axis: 1 })], ['batch', null]],
    [
      'Squeeze of a list of one',
      [
        node('Shape', 'x', 's', { start: 0, end: 1 }),
        node('Squeeze', 's zeroList', 'n'),
        node('Range', 'zero n one', 'y'),
      ],
      ['batch'],
    ],
  ])('%s', async (_, nodes, expected) => {
    expect(await shapeOfY(nodes)).toEqual(expected)
  })
})
