import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Machine, Program } from '../../backends/machine'
import type { Operand } from '../../backends/kernel-calls'
import { elementCount } from '../../core/dtypes'
import { hostArray, numbersOf } from '../../core/host-array'
import type { Model, Node } from '../../graph/model'
import { buildModel, i64, node, ramp } from '../../testing/build-model'
import { planMachine } from '../../testing/plan-machine'
import { webgpuMachine } from '../../testing/webgpu-machine'
import { readsOf, writesOf } from '../../backends/call-operands'
import { Interpreter } from '../interpret'
import { normalize } from '../normalize'
import { openEngine } from '../session'

const UNARY = ['Abs', 'Neg', 'Relu', 'Sigmoid', 'Sin', 'Softsign', 'Softmax', 'Identity', 'Round']
const BINARY = ['Add', 'Sub', 'Mul']
const CONSTANTS = {
  ...{ row: ramp([16]), column: ramp([4, 1]), one: ramp([1]), all: ramp([4, 16]), square: ramp([16, 16], 0.02) },
  ...{ zero: i64([1], [0]), two: i64([1], [2]), four: i64([1], [4]), six: i64([1], [6]), eight: i64([1], [8]) },
}
const NAMES = ['row', 'column', 'one', 'all']

/** What to do next: which operator, and which of the values so far (counted from the last). */
const step = fc.tuple(fc.nat(UNARY.length + BINARY.length + 4), fc.nat(30), fc.nat(30))
const plans = fc.record({
  steps: fc.array(step, { minLength: 1, maxLength: 24 }),
  outputs: fc.array(fc.nat(30), { maxLength: 3 }),
})

/** All values but constants are float32 [4, 16]. */
function build({ steps, outputs }: { steps: [number, number, number][]; outputs: number[] }): Model {
  const values = ['x', 'z']
  const nodes: Node[] = []
  const recent = (back: number) => values[values.length - 1 - (back % values.length)] as string
  steps.forEach(([operator, first, second], i) => {
    const name = `v${i}`
    const unary = UNARY[operator]
    const binary = BINARY[operator - UNARY.length]
    if (unary) nodes.push(node(unary, recent(first), name))
    else if (binary) {
      const pair = [recent(first), second % 3 === 0 ? NAMES[second % NAMES.length] : recent(second)]
      nodes.push(node(binary, (second % 2 === 0 ? pair : pair.toReversed()).join(' '), name))
    } else if (operator === UNARY.length + BINARY.length) nodes.push(node('MatMul', `${recent(first)} square`, name))
    else if (operator === UNARY.length + BINARY.length + 1) {
      nodes.push(node('Transpose', recent(first), `t${i}`), node('Transpose', `t${i}`, name))
    } else {
      // put together, and cut again: a whole part, or the end of one and the start of the other
      nodes.push(node('Concat', `${recent(first)} ${recent(second)}`, `c${i}`, { axis: 0 }))
      const cut = ['zero four', 'four eight', 'two six'][second % 3]
      nodes.push(node('Slice', `c${i} ${cut} zero`, name))
      if (first % 2 === 0) nodes.push(node('Slice', `c${i} two six zero`, `d${i}`), node('Relu', `d${i}`, `e${i}`))
      if (first % 2 === 0) values.push(`e${i}`)
    }
    values.push(name)
  })
  const given = new Set([values.at(-1)!, ...outputs.map(recent)])
  return buildModel({
    ...{ opset: 22, irVersion: 10, nodes, initializers: CONSTANTS },
    inputs: { x: ['float32', [4, 16]], z: ['float32', [4, 16]] },
    outputs: Object.fromEntries([...given].map((name) => [name, ['float32'] as const])),
  })
}

const wave = (seed: number) =>
  hostArray(
    'float32',
    [4, 16],
    Array.from({ length: 64 }, (_, i) => Math.sin(i * 1.7 + seed) * 2 + 0.3),
  )
const feeds = new Map([
  ['x', wave(0)],
  ['z', wave(5)],
])

/** At every step, no value that is still to be read lies where another is being written. */
function expectApart({ steps, places, inputs, outputs, arenaBytes }: Program): void {
  const reads = steps.map((one) =>
    one.type === 'call' ? readsOf(one.call) : one.inputs.filter((a) => a !== undefined),
  )
  const writes = steps.map((one) =>
    one.type === 'call' ? writesOf(one.call) : one.outputs.filter((a) => a !== undefined),
  )
  const spanOf = (operand: Operand) => {
    const place = places.get(operand)!
    if (place.in !== 'arena') return undefined
    const end = place.offset + 4 * elementCount(operand.shape)
    expect(end).toBeLessThanOrEqual(arenaBytes)
    return { from: place.offset, end }
  }
  const written = new Set<Operand>(inputs)
  steps.forEach((_, i) => {
    const later = new Set([...reads.slice(i + 1).flat(), ...outputs])
    for (const target of writes[i]!) {
      const span = spanOf(target)!
      for (const other of later) {
        const taken = spanOf(other)
        if (other === target || !taken || !written.has(other)) continue
        expect(span.end <= taken.from || taken.end <= span.from).toBe(true)
      }
      written.add(target)
    }
  })
}

/** Keeps the programs that it loads. */
function recorded(machine: Machine): { machine: Machine; programs: Program[] } {
  const programs: Program[] = []
  const open: Machine['open'] = async () => {
    const session = await machine.open()
    const load = session.load.bind(session)
    session.load = async (program) => (programs.push(program), load(program))
    return session
  }
  return { machine: { ...machine, open }, programs }
}

async function expectSame(plan: Parameters<typeof build>[0], given: Machine): Promise<void> {
  const model = build(plan)
  const expected = await new Interpreter(await normalize(model)).run(feeds)
  const { machine, programs } = recorded(given)
  const session = await openEngine(model, { machine })
  for (let round = 0; round < 2; round++) {
    const found = await session.run(feeds)
    for (const [name, array] of expected) {
      const got = numbersOf(found.get(name)!)
      numbersOf(array).forEach((value, i) => {
        if (Math.abs(got[i]! - value) <= 1e-4 * (1 + Math.abs(value)) || Object.is(got[i], value)) return
        // values that grow without bound end as infinities at different steps
        if (Math.abs(value) > 1e30) return
        expect.fail(`${name}[${i}] is ${got[i]}, expected ${value}`)
      })
    }
  }
  programs.forEach(expectApart)
  session.dispose()
}

/** Two pieces of one tensor that overlap: neither may be overwritten while the other is read. */
const OVERLAPPING: [number, number, number][] = [
  [0, 0, 0],
  [14, 0, 0],
  [0, 0, 0],
  [9, 8, 19],
]

describe('random graphs give by plan what they give node by node, twice, and no two living values share memory', () => {
  it.each<[string, () => Promise<Machine>, number]>([
    ['the machine of plans', async () => planMachine, 150],
    ['a machine whose places are far apart', async () => ({ ...planMachine, placeAlignment: 256 }), 100],
    ['WebGPU', webgpuMachine, 50],
  ])('on %s', async (_, make, numRuns) => {
    const machine = await make()
    const examples: [Parameters<typeof build>[0]][] = [[{ steps: OVERLAPPING, outputs: [] }]]
    await fc.assert(
      fc.asyncProperty(plans, (plan) => expectSame(plan, machine)),
      { numRuns, examples },
    )
  })
})
