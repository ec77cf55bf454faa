import { describe, expect, it } from 'vitest'
import type { Expression, MapCall, Operand, Window } from '../../backends/kernel-calls'
import { emptyArray, hostArray, type HostArray } from '../../core/host-array'
import { runNaively } from '../../testing/naive-kernels'
import { withAffine, type ConvolutionCall } from './affine'

const wave = (shape: readonly number[], seed: number) =>
  hostArray(
    'float32',
    shape,
    Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(i * 1.7 + seed) + 0.2),
  )

const axis: Window = { input: 5, output: 5, kernel: 3, stride: 1, dilation: 1, padBegin: 1 }

/** Two groups of 2 → 3 channels over [5, 5], and arrays for all operands. */
function setUp(kernel: ConvolutionCall['kernel'], hasBias: boolean) {
  const arrays = new Map<Operand, HostArray>()
  const operand = (array: HostArray): Operand => {
    const made = { id: arrays.size, dtype: array.dtype, shape: array.shape }
    arrays.set(made, array)
    return made
  }
  const weightShape = kernel === 'conv' ? [6, 2, 3, 3] : [4, 3, 3, 3]
  const call: ConvolutionCall = {
    ...{ kernel: kernel as 'conv', batch: 2, groups: 2, inPerGroup: 2, outPerGroup: 3, axes: [axis, axis] },
    input: operand(wave([2, 4, 5, 5], 1)),
    weight: operand(wave(weightShape, 2)),
    ...(hasBias && { bias: operand(wave([6], 3)) }),
    output: operand(emptyArray('float32', [2, 6, 5, 5])),
  }
  const scale = operand(wave([6, 1, 1], 4))
  const shift = operand(wave([1, 6, 1, 1], 5))
  const output = operand(emptyArray('float32', [2, 6, 5, 5]))
  return { arrays, operand, call, scale, shift, output }
}

const x: Expression = { input: 0 }
const [scaleOf, shiftOf]: Expression[] = [{ input: 1 }, { input: 2 }]
const binary = (name: 'add' | 'sub' | 'mul' | 'div', left: Expression, right: Expression): Expression => ({
  ...{ binary: name, left, right },
})

describe.each(['conv', 'convTranspose'] as const)('a formula after %s', (kernel) => {
  it.each([
    ['x · a + b', binary('add', binary('mul', x, scaleOf!), shiftOf!), true],
    ['b − x / a', binary('sub', shiftOf!, binary('div', x, scaleOf!)), false],
    [
      '(x − b) · √a²',
      binary('mul', binary('sub', x, shiftOf!), { unary: 'sqrt', of: binary('mul', scaleOf!, scaleOf!) }),
      true,
    ],
    ['−x + 0.5', binary('add', { unary: 'neg', of: x }, { constant: 0.5 }), false],
  ] as const)('%s joins the weights', (_, expression, hasBias) => {
    const { arrays, operand, call, scale, shift, output } = setUp(kernel, hasBias)
    const map: MapCall = { kernel: 'map', expression, inputs: [call.output, scale, shift], output }
    const arrayOf = (one: Operand) => arrays.get(one)!
    const fail = () => expect.fail('no index')
    const made = withAffine(call, map, 0, { constantOf: arrayOf, store: operand })!
    expect(made).toMatchObject({ kernel, output })
    runNaively(call, arrayOf, fail)
    runNaively(map, arrayOf, fail)
    const result = arrayOf(output).values as Float32Array
    const expected = [...result]
    result.fill(0)
    runNaively(made, arrayOf, fail)
    result.forEach((value, i) => expect(value).toBeCloseTo(expected[i] as number, 4))
  })

  it.each([
    ['x · x', binary('mul', x, x)],
    ['1 / x', binary('div', { constant: 1 }, x)],
    ['x / 0', binary('div', x, { constant: 0 })],
    ['|x|', { unary: 'abs', of: x } as Expression],
  ])('%s does not', (_, expression) => {
    const { arrays, operand, call, output } = setUp(kernel, true)
    const map: MapCall = { kernel: 'map', expression, inputs: [call.output], output }
    expect(withAffine(call, map, 0, { constantOf: (one) => arrays.get(one), store: operand })).toBeUndefined()
  })

  it('needs one value per channel, and weights that are known', () => {
    const { arrays, operand, call, scale, shift, output } = setUp(kernel, true)
    const wide = operand(wave([1, 1, 1, 5], 6))
    const map: MapCall = { kernel: 'map', expression: binary('add', x, scaleOf!), inputs: [call.output, wide], output }
    const constantOf = (one: Operand) => arrays.get(one)
    expect(withAffine(call, map, 0, { constantOf, store: operand })).toBeUndefined()
    const fine = { ...map, inputs: [call.output, scale] }
    expect(withAffine(call, fine, 0, { constantOf, store: operand })).toBeDefined()
    for (const unknown of [call.weight, call.bias, scale]) {
      const known = (one: Operand) => (one === unknown ? undefined : arrays.get(one))
      expect(withAffine(call, fine, 0, { constantOf: known, store: operand })).toBeUndefined()
    }
    expect(shift.shape).toEqual([1, 6, 1, 1])
  })
})
