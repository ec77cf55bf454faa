/** Runs ONNX's own node tests, as scripts/conformance/export.py wrote them, on the test machines. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { memorySource, type Bytes } from '../core/bytes'
import { fromTensor, numbersOf, isFloat, type HostArray } from '../core/host-array'
import { readModel } from '../formats/onnx/read-model'
import { readTensorFile } from '../formats/onnx/tensor-file'
import { testMachines } from './machines'
import type { TestMachine } from './planned'

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

/** Those of the product: the machine of tests is left out, WASM runs in the faster build that loads here. */
export function conformanceMachines(): readonly TestMachine[] {
  const [reference, ...others] = testMachines().filter(({ name }) => name !== 'plan')
  const wasm = others.at(-1)
  return [...(reference ? [reference] : []), ...(wasm ? [{ name: 'wasm', run: wasm.run }] : [])]
}

const open = async (path: string) => memorySource(new Uint8Array(await readFile(path)) as Bytes, path)

const tensors = (folder: string, side: string, count: number): Promise<HostArray[]> =>
  Promise.all(
    Array.from({ length: count }, async (_, i) => {
      const { tensor } = await readTensorFile(await open(join(folder, `${side}_${i}.pb`)))
      return fromTensor(tensor)
    }),
  )

/** Runs one test; null when it passes, else why not in one line. */
export async function runNodeTest(machine: TestMachine, folder: string, test: NodeTest): Promise<string | null> {
  const at = join(folder, test.name)
  try {
    const model = await readModel({ main: await open(join(at, 'model.onnx')), sibling: async () => null })
    const { inputs, outputs } = model.graph
    const feeds = new Map<string, HostArray>()
    for (const [i, array] of (await tensors(at, 'input', test.inputs)).entries()) feeds.set(inputs[i]!.name, array)
    const expected = await tensors(at, 'output', test.outputs)
    const found = await machine.run(model, feeds)
    for (const [i, wanted] of expected.entries()) {
      const { name } = outputs[i]!
      const got = found.get(name)
      if (!got) return `no output ${name}`
      const problem = difference(got, wanted, test)
      if (problem) return `${name}: ${problem}`
    }
    return null
  } catch (error) {
    const { name, message } = error as Error
    return `${name}: ${message}`.replace(/\s+/g, ' ')
  }
}

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
