/** Runs ONNX's own node tests, as scripts/conformance/export.py wrote them, on the test machines. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { memorySource, type Bytes } from '../core/bytes'
import { fromTensor, numbersOf, isFloat, type HostArray } from '../core/host-array'
import { readModel } from '../formats/onnx/read-model'
import { readTensorFile } from '../formats/onnx/tensor-file'
import type { Machine } from '../backends/machine'
import { deviceLayout } from '../core/device-layout'
import type { KnownDType } from '../core/dtypes'
import type { Explanation } from '../engine/plan/explain'
import { REASONS } from '../engine/plan/reasons'
import { openEngine } from '../engine/session'
import type { Model } from '../graph/model'
import { testMachines } from './machines'
import type { TestMachine } from './planned'
import { webgpuMachine } from './webgpu-machine'

/** One row of index.json. */
export interface NodeTest {
  readonly name: string
  readonly operator: string
  readonly opset: number
  readonly isExpanded: boolean
  readonly inputs: number
  readonly outputs: number
  readonly rtol: number
  readonly atol: number
  /** Why it is not counted. */
  readonly outside: string | null
}

/** What one test gave on one machine. */
export interface Verdict {
  /** Why it does not pass, in one line. */
  readonly why: string | null
  /** Type of a value that the machine cannot hold: such a test says nothing about its kernels. */
  readonly unheld?: string
  /** Nodes that the host computed, 'Operator: why', where the machine tells. */
  readonly host?: readonly string[]
}

export interface ConformanceMachine extends TestMachine {
  /** Runs the model and tells how; machines without it have no host beside them. */
  look?(model: Model, feeds: Feeds): Promise<{ outputs: ReadonlyMap<string, HostArray>; plan: Explanation }>
}

type Feeds = ReadonlyMap<string, HostArray>

/** Those of the product: the machine of tests is left out, WASM runs in the faster build that loads here. */
export function conformanceMachines(): readonly ConformanceMachine[] {
  const [reference, ...others] = testMachines().filter(({ name }) => name !== 'plan')
  const wasm = others.findLast(({ name }) => name.startsWith('wasm'))
  return [
    ...(reference ? [reference] : []),
    ...(wasm ? [{ name: 'wasm', run: wasm.run }] : []),
    lookingMachine('webgpu', webgpuMachine),
  ]
}

/** Counts what the host does. */
export function lookingMachine(name: string, make: () => Promise<Machine>): ConformanceMachine {
  const look = async (model: Model, feeds: Feeds) => {
    const session = await openEngine(model, { machine: await make() })
    try {
      await session.run(feeds)
      // a replay must give the same
      return { outputs: await session.run(feeds), plan: await session.explain(feeds) }
    } finally {
      session.dispose()
    }
  }
  return { name, look, run: async (model, feeds) => new Map((await look(model, feeds)).outputs) }
}

const open = async (path: string) => memorySource(new Uint8Array(await readFile(path)) as Bytes, path)

const tensors = (folder: string, side: string, count: number): Promise<HostArray[]> =>
  Promise.all(
    Array.from({ length: count }, async (_, i) => {
      const { tensor } = await readTensorFile(await open(join(folder, `${side}_${i}.pb`)))
      return fromTensor(tensor)
    }),
  )

/** Runs one test. Nothing that goes wrong in it is thrown. */
export async function runNodeTest(machine: ConformanceMachine, folder: string, test: NodeTest): Promise<Verdict> {
  const at = join(folder, test.name)
  let expected: readonly HostArray[] = []
  const feeds = new Map<string, HostArray>()
  try {
    const model = await readModel({ main: await open(join(at, 'model.onnx')), sibling: async () => null })
    const { inputs, outputs } = model.graph
    for (const [i, array] of (await tensors(at, 'input', test.inputs)).entries()) feeds.set(inputs[i]!.name, array)
    expected = await tensors(at, 'output', test.outputs)
    const looked = await machine.look?.(model, feeds)
    const found = looked?.outputs ?? (await machine.run(model, feeds))
    const names = outputs.map(({ name }) => name)
    const why = firstDifference(found, expected, names, test)
    return looked ? { why, ...judgedPlan(looked.plan, [...feeds.values(), ...expected]) } : { why }
  } catch (error) {
    const { name, message } = error as Error
    const unheld = machine.look && unheldOf([...feeds.values(), ...expected])
    return { why: `${name}: ${message}`.replace(/\s+/g, ' '), ...(unheld && { unheld }) }
  }
}

function firstDifference(
  found: ReadonlyMap<string, HostArray>,
  expected: readonly HostArray[],
  names: readonly string[],
  test: NodeTest,
): string | null {
  for (const [i, wanted] of expected.entries()) {
    const name = names[i]!
    const got = found.get(name)
    if (!got) return `no output ${name}`
    const problem = difference(got, wanted, test)
    if (problem) return `${name}: ${problem}`
  }
  return null
}

const unheldOf = (arrays: readonly HostArray[]): string | undefined =>
  arrays.find(({ dtype }) => !deviceLayout(dtype as KnownDType))?.dtype

/** Shape arithmetic is folded, so that every node that stands in a plan beside the machine's counts. */
function judgedPlan({ stages }: Explanation, arrays: readonly HostArray[]): Omit<Verdict, 'why'> {
  const host = stages.flatMap(({ steps, interpreted }) => [
    ...steps
      .filter(({ kernel }) => kernel === 'host')
      .map(({ operators, detail }) => ({ name: operators[0], why: detail })),
    ...interpreted.map(({ operator, why }) => ({ name: operator, why })),
  ])
  const within = host.flatMap(({ why }) => UNHELD.find((dtype) => why === REASONS.noType(dtype)) ?? [])[0]
  const unheld = unheldOf(arrays) ?? within
  const counted = host.filter(({ why }) => why !== REASONS.nothing).map(({ name, why }) => `${name}: ${why}`)
  return { host: [...new Set(counted)], ...(unheld && { unheld }) }
}

/** Types of values that no GPU holds. */
const UNHELD: readonly KnownDType[] = ['float64', 'complex64', 'complex128']

/** Two steps of bfloat16, as ONNX's own runner allows them. */
const BFLOAT16_RTOL = 2 ** -6

/**
 * As ONNX's runner compares (numpy.testing.assert_allclose): |found − wanted| ≤ atol + rtol·|wanted|, NaN equals NaN;
 * dtype and shape must be the same.
 */
function difference(found: HostArray, wanted: HostArray, { rtol, atol }: NodeTest): string | null {
  const title = ({ dtype, shape }: HostArray) => `${dtype} [${shape.join(',')}]`
  if (title(found) !== title(wanted)) return `expected ${title(wanted)}, found ${title(found)}`
  if (!isFloat(wanted.dtype)) {
    const at = wanted.values.findIndex((value: number | bigint, i: number) => value !== found.values[i])
    return at < 0 ? null : `element ${at}: expected ${wanted.values[at]}, found ${found.values[at]}`
  }
  const numbers = numbersOf(found)
  const relative = wanted.dtype === 'bfloat16' ? Math.max(rtol, BFLOAT16_RTOL) : rtol
  const isClose = (value: number, i: number) => {
    const got = numbers[i] as number
    if (Number.isNaN(value) || !Number.isFinite(value)) return Object.is(value, got)
    return Math.abs(got - value) <= atol + relative * Math.abs(value)
  }
  const target = numbersOf(wanted)
  let worst = -1
  let wrong = 0
  for (let i = 0; i < target.length; i++) {
    if (isClose(target[i] as number, i)) continue
    wrong++
    if (worst < 0) worst = i
  }
  return worst < 0
    ? null
    : `${wrong} of ${target.length} elements differ, e.g. element ${worst}: expected ${target[worst]}, found ${numbers[worst]}`
}
