import { describe, expect, it } from 'vitest'
import { fromTensor, numbersOf, type HostArray } from '../core/host-array'
import type { Tensor } from '../core/tensor'
import { encodeOnnx } from '../formats/onnx/encode'
import { onnx } from '../formats/onnx/onnx'
import type { Model } from '../graph/model'
import { testMachines } from '../testing/machines'
import { planMachine } from '../testing/plan-machine'
import { nodeFileSet } from '../testing/node-files'
import { testRuntime } from '../testing/runtime'
import { hasSharedData, sharedPath } from '../testing/shared-data'
import { SHARED_MODELS, type SharedModel } from '../testing/shared-models'

type Outputs = ReadonlyMap<string, Tensor>

/** Of an output's range. float16 networks round after every node, and runtimes do so in different places. */
const FLOAT32 = 1e-3
const FLOAT16 = 1e-2

interface Opened {
  readonly model: Model
  readonly wanted: readonly Outputs[]
}
/** The naive kernels of the tests take minutes for a network, and the machines of the product run the same plans. */
const MACHINES = testMachines().filter(({ name }) => name !== planMachine.name)

const opened = new Map<string, Promise<Opened>>()

async function open({ path, feeds }: SharedModel): Promise<Opened> {
  const model = await onnx.read(await nodeFileSet(sharedPath(...path.split('/'))))
  const session = await (await testRuntime()).open(await encodeOnnx(model))
  const wanted: Outputs[] = []
  for (const feed of feeds) wanted.push((await session.run(feed)).outputs)
  await session.release()
  return { model, wanted }
}

/** Largest difference as a share of the range of what is wanted; NaN where it should be none is infinite. */
function worstShare(found: HostArray, wanted: HostArray): number {
  const [x, y] = [numbersOf(found), numbersOf(wanted)]
  let [low, high, worst] = [Infinity, -Infinity, 0]
  y.forEach((value, i) => {
    low = Math.min(low, value)
    high = Math.max(high, value)
    const difference = Math.abs((x[i] as number) - value)
    worst = Number.isNaN(difference) ? Infinity : Math.max(worst, difference)
  })
  return worst / (high - low || Math.abs(high) || 1)
}

describe.skipIf(!hasSharedData).each(MACHINES)('real models on $name (needs ../shared/data)', (machine) => {
  it.each(SHARED_MODELS)(
    '$path gives what onnxruntime gives',
    async (shared) => {
      if (!opened.has(shared.path)) opened.set(shared.path, open(shared))
      const { model, wanted } = await (opened.get(shared.path) as Promise<Opened>)
      const limit = /fp16|half/.test(shared.path) ? FLOAT16 : FLOAT32
      for (const [i, feed] of shared.feeds.entries()) {
        const arrays = new Map([...feed].map(([name, tensor]) => [name, fromTensor(tensor)]))
        const found = await machine.run(model, arrays)
        for (const [name, tensor] of wanted[i] as Outputs) {
          const output = found.get(name) as HostArray
          expect([...output.shape]).toEqual([...tensor.shape])
          expect(worstShare(output, fromTensor(tensor)), `${name} of input set ${i}`).toBeLessThan(limit)
        }
      }
    },
    120_000,
  )
})
