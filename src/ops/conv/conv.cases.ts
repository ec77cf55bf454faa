import { f16, wave, type OperatorCase } from '../../testing/operator-cases'

const conv = (
  name: string,
  inputs: OperatorCase['inputs'],
  attributes: OperatorCase['attributes'] = {},
): OperatorCase => ({
  name,
  operator: 'Conv',
  attributes,
  inputs,
})

export const cases: readonly OperatorCase[] = [
  conv('one axis', [wave([2, 3, 9]), wave([4, 3, 3], 1)], { strides: [2], pads: [1, 0] }),
  conv('two axes with bias', [wave([1, 2, 5, 7]), wave([3, 2, 3, 2], 1), wave([3], 2)], {
    pads: [1, 0, 2, 1],
    dilations: [1, 2],
  }),
  conv('three axes', [wave([1, 2, 3, 4, 3]), wave([2, 2, 2, 2, 2], 1)], { strides: [1, 2, 1] }),
  conv('groups', [wave([1, 4, 5, 5]), wave([6, 2, 3, 3], 1)], { group: 2, strides: [2, 1] }),
  conv('depthwise', [wave([1, 3, 6, 5]), wave([3, 1, 3, 3], 1), wave([3], 2)], { group: 3, pads: [1, 1, 1, 1] }),
  conv('a kernel of one pixel', [wave([2, 3, 3, 5]), wave([4, 3, 1, 1], 1)]),
  conv('padded as needed, more at the end', [wave([1, 2, 6, 5]), wave([2, 2, 3, 2], 1)], {
    auto_pad: 'SAME_UPPER',
    strides: [2, 2],
  }),
  conv('padded as needed, more at the beginning', [wave([1, 2, 6, 5]), wave([2, 2, 3, 2], 1)], {
    auto_pad: 'SAME_LOWER',
    strides: [2, 2],
  }),
  conv('only where it fits', [wave([1, 1, 5, 5]), wave([1, 1, 3, 3], 1)], { auto_pad: 'VALID', strides: [2, 2] }),
  {
    ...conv('float16', [
      f16(
        [1, 1, 4, 4],
        Array.from({ length: 16 }, (_, i) => i / 8 - 1),
      ),
      f16([1, 1, 2, 2], [0.5, -1, 0.25, 2]),
    ]),
    expected: [
      {
        dtype: 'float16',
        shape: [1, 1, 3, 3],
        // 0.5·a − b + 0.25·c + 2·d of neighbours a b / c d
        values: [0, 1, 2, 4, 5, 6, 8, 9, 10].map((i) => {
          const at = (k: number) => k / 8 - 1
          return 0.5 * at(i) - at(i + 1) + 0.25 * at(i + 4) + 2 * at(i + 5)
        }),
      },
    ],
  },
  {
    ...conv('channels that do not fit', [wave([1, 3, 5, 5]), wave([2, 2, 3, 3])]),
    error: {
      name: 'ShapeError',
      message: 'Conv "tested": the input has 3 channels, and the weight wants 2 in each of 1 groups.',
    },
  },
  {
    ...conv('a kernel larger than the input', [wave([1, 1, 2, 5]), wave([1, 1, 3, 3])]),
    error: {
      name: 'ShapeError',
      message: /kernel covers 3 elements, and axis 2 has only 2, padding included.*\[1, 1, 2, 5\], \[1, 1, 3, 3\]/,
    },
  },
  {
    ...conv('strides for another rank', [wave([1, 1, 5, 5]), wave([1, 1, 3, 3])], { strides: [1] }),
    error: { name: 'ShapeError', message: 'strides has 1 entries for 2 spatial axes' },
  },
]
