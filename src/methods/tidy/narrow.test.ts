import { describe, expect, it } from 'vitest'
import { asNumbers } from '../../core/tensor'
import { constantThrough, loadTensor, widenedConstant } from '../../graph/constants'
import { GraphEditor } from '../../graph/edit'
import { buildModel, f32, i64, node } from '../../testing/build-model'
import { expectSameBits, only, opTypes, randomFloats, runTidy } from '../../testing/tidy-kit'

const narrow = only('narrowMasks', 'narrowFloat16', 'narrowIntegers')

/** x [rows, columns] + a table of that shape. */
function adding(values: readonly number[], shape: readonly number[], opset = 17) {
  return buildModel({
    opset,
    inputs: { x: ['float32', shape] },
    outputs: { y: ['float32'] },
    initializers: { table: f32(shape, values) },
    nodes: [node('Add', 'x table', 'y')],
  })
}

const grid = (rows: number, columns: number, at: (row: number, column: number) => number) =>
  Array.from({ length: rows * columns }, (_, i) => at(Math.floor(i / columns), i % columns))

const feedsOf = (shape: readonly number[]) => new Map([['x', randomFloats(shape)]])

describe('narrow storage', () => {
  it.each([
    ['whole numbers from −128', 'int8', (i: number) => (i % 256) - 128],
    ['whole numbers to 255', 'uint8', (i: number) => i % 256],
    ['halves, tiny values and minus zero', 'float16', (i: number) => (i === 3 ? -0 : i === 4 ? 2 ** -24 : i / 8)],
    ['infinity among halves', 'float16', (i: number) => (i === 300 ? -Infinity : i * 0.5)],
    ['whole numbers beyond float16', 'int16', (i: number) => i * 61 - 9001],
  ] as const)('of %s is %s behind a Cast, exact', async (_what, dtype, at) => {
    const model = adding(
      Array.from({ length: 19 * 21 }, (_, i) => at(i)),
      [19, 21],
    )
    const { model: after, tensors } = await runTidy(model, narrow)
    expect(opTypes(after)).toEqual(['Cast', 'Add'])
    const stored = after.graph.initializers.get('table')
    expect({ dtype: stored?.dtype, shape: stored?.shape }).toEqual({ dtype, shape: [19, 21] })
    expect(tensors).toEqual([
      {
        ...{ name: 'table', from: 'float32', to: dtype, sizeBeforeBytes: 1596, sqnrDb: null },
        sizeAfterBytes: dtype.endsWith('16') ? 798 : 399,
      },
    ])
    await expectSameBits(model, after, feedsOf([19, 21]))
  })

  it.each([
    ['a value just off float16', (i: number) => (i === 398 ? 1 + 2 ** -11 : i / 8)],
    ['a value beyond float16', (i: number) => (i === 398 ? 65536.5 : i / 8)],
    ['NaN', (i: number) => (i === 398 ? NaN : i / 8)],
  ])('is not used with %s', async (_what, at) => {
    const model = adding(
      Array.from({ length: 19 * 21 }, (_, i) => at(i)),
      [19, 21],
    )
    expect((await runTidy(model, narrow)).model.edits).toBe(0)
  })

  it('reads ranges of a narrow tensor piece by piece, and looks through the Cast again', async () => {
    const { model } = await runTidy(
      adding(
        grid(19, 21, (r, c) => r - c / 8),
        [19, 21],
      ),
      narrow,
    )
    const editor = new GraphEditor(model)
    const reader = model.graph.nodes.find((one) => one.opType === 'Add')
    const constant = reader && constantThrough(editor, editor.input(reader, 1))
    expect(constant?.tensor.dtype).toBe('float16')
    const wide = constant && widenedConstant(constant)
    const values = wide && asNumbers(await loadTensor(wide))
    expect(values && [...values]).toEqual(grid(19, 21, (r, c) => r - c / 8))
    const piece = await wide?.data.read(6, 7)
    const whole = await wide?.data.read(0, 1596)
    expect(piece).toEqual(whole?.slice(6, 13))
  })

  it('takes int64 tables, leaves small ones and those of quantized operators', async () => {
    const model = buildModel({
      inputs: { t: ['int64', [3]] },
      outputs: { y: ['int64'] },
      initializers: {
        table: i64(
          [201],
          Array.from({ length: 201 }, (_, i) => i * 150 - 15000),
        ),
        small: i64([3], [1, 2, 3]),
      },
      nodes: [node('Gather', 'table t', 'g'), node('Add', 'g small', 'y')],
    })
    const { model: after } = await runTidy(model, narrow)
    expect(after.graph.initializers.get('table')?.dtype).toBe('int16')
    expect(after.graph.initializers.get('small')?.dtype).toBe('int64')
    const t = { dtype: 'int64', shape: [3], data: new Uint8Array(BigInt64Array.of(0n, 200n, 7n).buffer) } as const
    await expectSameBits(model, after, new Map([['t', t]]))
  })

  it('raises IR 3 to 4, where weights need not be inputs, and says so', async () => {
    const model = buildModel({
      ...{ irVersion: 3, opset: 7 },
      inputs: { x: ['float32', [19, 21]], table: ['float32', [19, 21]] },
      outputs: { y: ['float32'] },
      initializers: {
        table: f32(
          [19, 21],
          grid(19, 21, (r, c) => r / 4 - c),
        ),
      },
      nodes: [node('Add', 'x table', 'y')],
    })
    const { model: after, notes } = await runTidy(model, narrow)
    expect(after.irVersion).toBe(4)
    expect(after.graph.inputs.map((info) => info.name)).toEqual(['x'])
    expect(notes[0]).toMatch(/raised to IR version 4/)
    await expectSameBits(model, after, feedsOf([19, 21]))
  })
})

describe('masks', () => {
  it.each([
    ['above the diagonal, zero below', 1, -1e9, 0],
    ['below the diagonal, zero above', 0, 0, -Infinity],
    ['far off the diagonal', -4, 3.5, 0],
    ['one over zero', 2, 1, 0],
  ])('that are triangles are computed: %s', async (_what, k, upper, lower) => {
    const model = adding(
      grid(19, 23, (r, c) => (c - r >= k ? upper : lower)),
      [19, 23],
    )
    const { model: after, tensors, notes } = await runTidy(model, narrow)
    expect(opTypes(after)).toEqual(['ConstantOfShape', 'Trilu', 'Add'])
    expect(after.graph.initializers.has('table')).toBe(false)
    expect(tensors[0]).toMatchObject({ name: 'table', to: 'triangle', sizeBeforeBytes: 1748 })
    expect(notes).toEqual(['1 triangular mask computed.'])
    await expectSameBits(model, after, feedsOf([19, 23]))
  })

  it.each([
    [11, 'neither side is zero', -7.5, 0.3],
    [9, 'the opset has no Trilu', -1e9, 0],
  ])('at opset %i compare rows and columns where %s', async (opset, _why, upper, lower) => {
    const shape = [1, 1, 31, 37]
    const model = adding(
      grid(31, 37, (r, c) => (c - r >= 3 ? upper : lower)),
      shape,
      opset,
    )
    const { model: after } = await runTidy(model, narrow)
    expect(opTypes(after)).toEqual(['Less', 'Where', 'Add'])
    await expectSameBits(model, after, feedsOf(shape))
  })

  it('of two values in no order become booleans that choose', async () => {
    const model = adding(
      grid(19, 23, (r, c) => ((r * c) % 5 < 2 ? -Infinity : 0.1)),
      [19, 23],
    )
    const { model: after, tensors } = await runTidy(model, narrow)
    expect(opTypes(after)).toEqual(['Where', 'Add'])
    expect(after.graph.initializers.get('table')?.dtype).toBe('bool')
    expect(tensors[0]).toMatchObject({ to: 'bool', sizeAfterBytes: 437 })
    await expectSameBits(model, after, feedsOf([19, 23]))
  })

  it('with minus zero, with one broken element, or before Where exist in another exact form or stay', async () => {
    const broken = grid(19, 23, (r, c) => (c > r ? -1e9 : 0))
    broken[200] = 0
    const forms: [number[], number, string[]][] = [
      [grid(19, 23, (r, c) => (c > r ? -1e9 : -0)), 17, ['Less', 'Where', 'Add']],
      [broken, 17, ['Where', 'Add']],
      [grid(19, 23, (r, c) => (c > r ? -1e9 : 0)), 8, ['Add']],
      [grid(19, 23, (r, c) => ((r * c) % 3 ? 1 : 0)), 8, ['Cast', 'Add']],
    ]
    for (const [values, opset, expected] of forms) {
      const model = adding(values, [19, 23], opset)
      const { model: after } = await runTidy(model, narrow)
      expect(opTypes(after)).toEqual(expected)
      await expectSameBits(model, after, feedsOf([19, 23]))
    }
  })

  it('do not come back: a second run changes nothing', async () => {
    const model = adding(
      grid(19, 23, (r, c) => (c > r ? -1e9 : 0)),
      [19, 23],
    )
    const once = await runTidy(model)
    expect((await runTidy(once.model)).model.edits).toBe(once.model.edits)
  })
})
