import { describe, expect, it } from 'vitest'
import { bool, buildGraph, buildModel, f32, i64, node, ramp } from '../../testing/build-model'
import { expectSameBits, only, opTypes, randomFloats, runTidy } from '../../testing/tidy-kit'

const x = new Map([['x', randomFloats([3, 7])]])
const io = { inputs: { x: ['float32', [3, 7]] }, outputs: { y: ['float32'] } } as const

/** w[r, c] of a ramp, and its transpose as stored elsewhere. */
function transposed(rows: number, columns: number) {
  const values = new Float32Array(ramp([rows, columns]).bytes.buffer)
  return f32(
    [columns, rows],
    Array.from({ length: rows * columns }, (_, i) => values[(i % rows) * columns + Math.floor(i / rows)] as number),
  )
}

describe('equal tensors', () => {
  it('are stored once, initializers and Constant nodes alike; others of the same size stay', async () => {
    const model = buildModel({
      ...io,
      initializers: { w: ramp([7, 11]), copy: ramp([7, 11]), near: ramp([7, 11], 0.38) },
      nodes: [
        node('Constant', '', 'again', { value: { tensor: { ...ramp([7, 11]), name: '' } } }),
        node('MatMul', 'x w', 'a'),
        node('MatMul', 'x copy', 'b'),
        node('MatMul', 'x near', 'c'),
        node('MatMul', 'x again', 'd'),
        node('Sum', 'a b c d', 'y'),
      ],
    })
    const { model: after, tensors } = await runTidy(model, only('shareEqual'))
    expect([...after.graph.initializers.keys()]).toEqual(['w', 'near'])
    expect(tensors).toEqual([
      { name: 'copy', from: 'float32', to: 'float32/shared', sizeBeforeBytes: 308, sizeAfterBytes: 0, sqnrDb: null },
      { name: 'again_1', from: 'float32', to: 'float32/shared', sizeBeforeBytes: 308, sizeAfterBytes: 0, sqnrDb: null },
    ])
    await expectSameBits(model, after, x)
  })

  it('of different dtype or bits stay apart: int64 zeros, float zeros and minus zeros', async () => {
    const model = buildModel({
      ...io,
      initializers: { f: f32([2], [0, 0]), m: f32([2], [0, -0]), i: i64([1], [0]) },
      nodes: [
        node('Cast', 'i', 'c', { to: 1 }),
        node('Concat', 'f m c', 'k', { axis: 0 }),
        node('ReduceSum', 'k', 's'),
        node('Add', 'x s', 'y'),
      ],
    })
    const { model: after } = await runTidy(model, only('shareEqual'))
    expect([...after.graph.initializers.keys()]).toEqual(['f', 'm', 'i'])
  })

  it('in sibling branches and two levels down move to the graph around them', async () => {
    const leaf = (name: string, op: string) =>
      buildGraph({
        outputs: { [name]: ['float32'] },
        nodes: [
          node('Constant', '', `${name}_w`, { value: { tensor: { ...ramp([7, 5]), name: '' } } }),
          node('MatMul', `x ${name}_w`, `${name}_m`),
          node(op, `${name}_m`, name),
        ],
      })
    const middle = buildGraph({
      outputs: { z: ['float32'] },
      nodes: [node('If', 'd', 'z', { then_branch: leaf('p', 'Neg'), else_branch: leaf('q', 'Abs') })],
    })
    const model = buildModel({
      ...io,
      inputs: { ...io.inputs, c: ['bool', []], d: ['bool', []] },
      nodes: [node('If', 'c', 'y', { then_branch: middle, else_branch: leaf('r', 'Relu') })],
    })
    const { model: after } = await runTidy(model, only('shareEqual'))
    expect(after.graph.initializers.size).toBe(1)
    expect(opTypes(after)).not.toContain('Constant')
    for (const c of [0, 1]) {
      const flag = (on: number) => ({ dtype: 'bool', shape: [], data: Uint8Array.of(on) }) as const
      await expectSameBits(model, after, new Map([...x, ['c', flag(c)], ['d', flag(1 - c)]]))
    }
  })

  it('stay apart where a branch has a value of its own by the name that would be read', async () => {
    const branch = buildGraph({
      outputs: { t: ['float32'] },
      initializers: { w: ramp([7, 5], 0.5) },
      nodes: [node('MatMul', 'x w', 'a'), node('MatMul', 'x copy', 'b'), node('Add', 'a b', 't')],
    })
    const other = buildGraph({ outputs: { e: ['float32'] }, nodes: [node('MatMul', 'x copy', 'e')] })
    const model = buildModel({
      ...io,
      initializers: { w: ramp([7, 5]), copy: ramp([7, 5]), c: bool([], [1]) },
      nodes: [
        node('If', 'c', 'i', { then_branch: branch, else_branch: other }),
        node('MatMul', 'x w', 'm'),
        node('Add', 'i m', 'y'),
      ],
    })
    const { model: after } = await runTidy(model, only('shareEqual'))
    expect(after.graph.initializers.has('copy')).toBe(true)
  })

  it('of another shape are read through a Reshape', async () => {
    const model = buildModel({
      ...io,
      initializers: { w: ramp([7, 11]), wide: ramp([77, 1]), back: i64([2], [7, 11]) },
      nodes: [
        node('MatMul', 'x w', 'a'),
        node('Relu', 'wide', 'p'),
        node('Reshape', 'p back', 'q'),
        node('MatMul', 'x q', 'b'),
        node('Add', 'a b', 'y'),
      ],
    })
    const { model: after, tensors } = await runTidy(model, only('shareEqual'))
    expect(opTypes(after)[0]).toBe('Reshape')
    expect(after.graph.initializers.has('wide')).toBe(false)
    expect(tensors.map(({ name, to }) => `${name} ${to}`)).toEqual(['wide float32/shared'])
    await expectSameBits(model, after, x)
  })

  it('that a caller may override stay: defaults of IR 4 inputs', async () => {
    const model = buildModel({
      inputs: { ...io.inputs, w: ['float32', [7, 11]] },
      outputs: io.outputs,
      initializers: { w: ramp([7, 11]), v: ramp([7, 11]) },
      nodes: [node('MatMul', 'x w', 'a'), node('MatMul', 'x v', 'b'), node('Add', 'a b', 'y')],
    })
    const { model: after } = await runTidy(model)
    expect([...after.graph.initializers.keys()]).toEqual(['w', 'v'])
    expect(after.edits).toBe(0)
  })
})

describe('transposed copies', () => {
  it('are read through a Transpose; the one that Gather reads stays', async () => {
    const model = buildModel({
      inputs: { x: ['float32', [3, 7]], t: ['int64', [2]] },
      outputs: { y: ['float32'], e: ['float32'] },
      initializers: { head: transposed(13, 7), table: ramp([13, 7]) },
      nodes: [node('MatMul', 'x head', 'y'), node('Gather', 'table t', 'e')],
    })
    const { model: after, tensors, notes } = await runTidy(model, only('shareTransposed'))
    expect(opTypes(after)).toEqual(['Transpose', 'MatMul', 'Gather'])
    expect([...after.graph.initializers.keys()]).toEqual(['table'])
    expect(tensors.map(({ name, to }) => `${name} ${to}`)).toEqual(['head float32/shared'])
    expect(notes).toEqual(['1 transposed copy stored once.'])
    const feeds = new Map([...x, ['t', { dtype: 'int64', shape: [2], data: new Uint8Array(16).fill(0) } as const]])
    await expectSameBits(model, after, feeds)
  })

  it('with one element changed stay apart', async () => {
    const copy = transposed(13, 7)
    const values = Array.from(new Float32Array(copy.bytes.buffer))
    values[50] = 99
    const model = buildModel({
      ...io,
      initializers: { w: ramp([13, 7]), v: f32([7, 13], values) },
      nodes: [node('MatMul', 'x v', 'a'), node('Gemm', 'x w', 'b', { transB: 1 }), node('Add', 'a b', 'y')],
    })
    expect((await runTidy(model, only('shareTransposed'))).model.edits).toBe(0)
  })
})
