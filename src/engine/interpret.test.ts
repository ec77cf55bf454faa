import { describe, expect, it } from 'vitest'
import { hostArray } from '../core/host-array'
import { buildFunction, buildGraph, buildModel, f32, i64, node, type ModelSpec } from '../testing/build-model'
import { Interpreter, type InterpretOptions } from './interpret'
import { normalize } from './normalize'

const x23 = hostArray('float32', [2, 3], [1, -2, 3, -4, 5, -6])

async function run(
  spec: ModelSpec,
  feeds: Readonly<Record<string, typeof x23>> = { x: x23 },
  options: InterpretOptions = {},
) {
  const outputs = await new Interpreter(await normalize(buildModel(spec)), options).run(new Map(Object.entries(feeds)))
  return Object.fromEntries([...outputs].map(([name, { values }]) => [name, [...values]]))
}

const inputs = { x: ['float32', [2, 3]] } as const

describe('what an interpreter says of graphs that cannot run', () => {
  const failing: [string, ModelSpec, RegExp][] = [
    [
      'an unknown operator',
      { opset: 25, inputs, outputs: { y: ['float32'] }, nodes: [node('Frobnicate', 'x', 'y', {}, 'f')] },
      /^UnsupportedError: Frobnicate "f": the engine has no such operator\.$/,
    ],
    [
      'an attribute of another type',
      { inputs, outputs: { y: ['float32'] }, nodes: [node('Softmax', 'x', 'y', { axis: 'last' }, 's')] },
      /Softmax "s": the attribute axis should be a whole number/,
    ],
    [
      'an unknown attribute',
      { inputs, outputs: { y: ['float32'] }, nodes: [node('Abs', 'x', 'y', { axis: 1 }, 's')] },
      /Abs "s": the attribute axis is not known to this operator/,
    ],
    [
      'too few inputs',
      { inputs, outputs: { y: ['float32'] }, nodes: [node('Add', 'x', 'y', {}, 'sum')] },
      /Add "sum": it has 1 inputs, and 2 are expected/,
    ],
    [
      'two types',
      {
        inputs,
        initializers: { c: i64([1], [2]) },
        outputs: { y: ['float32'] },
        nodes: [node('Add', 'x c', 'y', {}, 'sum')],
      },
      /ShapeError: Add "sum": both inputs must have one type, not float32 and int64.*\[2, 3\], \[1\]/,
    ],
    [
      'a cycle',
      {
        inputs,
        outputs: { y: ['float32'] },
        nodes: [node('Add', 'x z', 'y', {}, 'one'), node('Abs', 'y', 'z', {}, 'two')],
      },
      /Add "one": its input z is made by no node before it/,
    ],
    [
      'an output that nothing makes',
      { inputs, outputs: { y: ['float32'] }, nodes: [node('Abs', 'x', 'z')] },
      /output y of the graph "main" is made by no node/,
    ],
    [
      'strings',
      {
        inputs: { x: ['float32', [2, 3]] },
        outputs: { y: ['float32'] },
        nodes: [node('Cast', 'x', 'y', { to: 8 }, 'c')],
      },
      /UnsupportedError: Cast "c": the engine does not compute it with texts/,
    ],
  ]
  it.each(failing)('%s', async (_, spec, message) => {
    await expect(run(spec).catch((error: Error) => `${error.name}: ${error.message}`)).resolves.toMatch(message)
  })

  it('an input without value', async () => {
    await expect(run({ inputs, outputs: { y: ['float32'] }, nodes: [node('Abs', 'x', 'y')] }, {})).rejects.toThrow(
      'The input x has no value.',
    )
  })
})

describe('functions', () => {
  const twice = buildFunction({
    name: 'Twice',
    domain: 'my',
    inputs: ['a'],
    outputs: ['b'],
    nodes: [node('Add', 'a a', 'b')],
  })

  it('are inlined, each call with names of its own', async () => {
    const shift = buildFunction({
      name: 'Shift',
      domain: 'my',
      inputs: ['a'],
      outputs: ['b'],
      attributes: ['by'],
      nodes: [
        node('Constant', '', 'c', { value_float: { ref: 'by', type: 'float' } }),
        node('my:Twice', 'a', 'inner'),
        node('Add', 'inner c', 'b'),
      ],
    })
    const found = await run({
      opsets: { my: 1 },
      inputs,
      outputs: { y: ['float32'] },
      functions: [twice, shift],
      nodes: [node('my:Shift', 'x', 'h', { by: { float: 0.5 } }), node('my:Shift', 'h', 'y', { by: { float: -3 } })],
    })
    expect(found['y']).toEqual([1, -2, 3, -4, 5, -6].map((x) => (x * 2 + 0.5) * 2 - 3))
  })

  it('that call themselves are refused', async () => {
    const endless = buildFunction({
      name: 'Endless',
      domain: 'my',
      inputs: ['a'],
      outputs: ['b'],
      nodes: [node('my:Endless', 'a', 'b')],
    })
    await expect(
      run({
        opsets: { my: 1 },
        inputs,
        outputs: { y: ['float32'] },
        functions: [endless],
        nodes: [node('my:Endless', 'x', 'y')],
      }),
    ).rejects.toThrow('calls itself')
  })
})

describe('sub-graphs', () => {
  it('see outer values, and one branch does not see the values of the other', async () => {
    const branch = (scale: number) =>
      buildGraph({
        nodes: [node('Constant', '', 'k', { value_float: { float: scale } }), node('Mul', 'x k', 'inner')],
        outputs: { inner: ['float32'] },
      })
    const spec = (condition: number): ModelSpec => ({
      inputs,
      initializers: { c: { ...i64([], [condition]) } },
      outputs: { y: ['float32'] },
      nodes: [
        node('Cast', 'c', 'is', { to: 9 }),
        node('If', 'is', 'y', { then_branch: branch(2), else_branch: branch(-1) }),
      ],
    })
    expect((await run(spec(1)))['y']).toEqual([2, -4, 6, -8, 10, -12])
    expect((await run(spec(0)))['y']).toEqual([-1, 2, -3, 4, -5, 6])
  })
})

describe('running', () => {
  it('ends within a fraction of a second when it is cancelled', async () => {
    const body = buildGraph({
      name: 'body',
      inputs: { step: ['int64', []], going: ['bool', []], s: ['float32', [2, 3]] },
      outputs: { going: ['bool', []], next: ['float32', [2, 3]] },
      nodes: [node('Sin', 's', 'next')],
    })
    const controller = new AbortController()
    const running = run(
      {
        inputs,
        initializers: { m: i64([], [900000]) },
        outputs: { y: ['float32'] },
        nodes: [node('Loop', 'm ~ x', 'y', { body })],
      },
      { x: x23 },
      { signal: controller.signal },
    )
    setTimeout(() => controller.abort(), 60)
    await expect(running).rejects.toMatchObject({ name: 'AbortError' })
  })

  it('keeps double precision where it is asked for', async () => {
    const spec: ModelSpec = {
      inputs,
      initializers: { c: f32([1], [1]) },
      outputs: { y: ['float32'] },
      nodes: [node('Div', 'c x', 'y')],
    }
    const narrow = (await run(spec))['y'] as number[]
    const wide = (
      await run(spec, { x: { ...x23, values: Float64Array.from(x23.values as Float32Array) } }, { isWide: true })
    )['y'] as number[]
    expect(wide[2]).toBe(1 / 3)
    expect(narrow[2]).toBe(Math.fround(1 / 3))
  })
})
