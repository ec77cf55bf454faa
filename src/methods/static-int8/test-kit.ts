/** Compressing in tests, and comparing in onnxruntime and in the engine. Not part of the product. */
import { resolveOptions } from '../../core/options'
import { fromTensor, toTensor } from '../../core/host-array'
import { Random } from '../../core/random'
import { asNumbers, type Tensor } from '../../core/tensor'
import { openEngine } from '../../engine/session'
import type { Model, Node } from '../../graph/model'
import { f32, tensorOf } from '../../testing/build-model'
import { methodContext, runModel } from '../../testing/method-context'
import { observedRanges } from '../../testing/observed-ranges'
import { meta } from './meta'
import { method } from './static-int8'

export type Feeds = ReadonlyMap<string, Tensor>

/** Gaussian values whose channels along `axis` differ in size, with one outlier and channel 1 all zero. */
export function weights(shape: readonly number[], axis = 0, seed = 5) {
  const random = new Random(seed)
  const count = shape.reduce((product, size) => product * size, 1)
  const inner = shape.slice(axis + 1).reduce((product, size) => product * size, 1)
  return f32(
    shape,
    Array.from({ length: count }, (_, i) => {
      const channel = Math.floor(i / inner) % (shape[axis] as number)
      return channel === 1 ? 0 : random.normal() * (0.1 + channel / 5) * (i === 17 ? 3 : 1)
    }),
  )
}

export function input(shape: readonly number[], seed = 9, shift = 0.3): Tensor {
  const random = new Random(seed)
  const count = shape.reduce((product, size) => product * size, 1)
  const values = Array.from({ length: count }, () => random.normal() + shift)
  return tensorOf('float32', shape, values)
}

export const options = (given: Record<string, unknown>) => resolveOptions(meta.options, given, 'static-int8')

export async function compress(model: Model, samples: readonly Feeds[], given: Record<string, unknown> = {}) {
  const { context, notes } = methodContext()
  const calibration = observedRanges(samples)
  const result = await method.run({ ...context, calibration }, model, options(given))
  return { ...result, notes: notes.map(({ text }) => text) }
}

export function sqnrDb(before: Tensor, after: Tensor): number {
  const [x, y] = [asNumbers(before), asNumbers(after)]
  const noise = x.reduce((sum, value, i) => sum + (value - (y[i] as number)) ** 2, 0)
  return 10 * Math.log10(x.reduce((sum, value) => sum + value * value, 0) / noise)
}

export async function runEngine(model: Model, feeds: Feeds): Promise<Map<string, Tensor>> {
  const session = await openEngine(model, { machine: 'reference' })
  const outputs = await session.run(new Map([...feeds].map(([name, tensor]) => [name, fromTensor(tensor)])))
  return new Map([...outputs].map(([name, array]) => [name, toTensor(array)]))
}

/** Compresses with the feeds as calibration data, and compares outputs: the worst SQNR in onnxruntime and in the engine. */
export async function compare(model: Model, feeds: Feeds, given: Record<string, unknown> = {}) {
  const result = await compress(model, [feeds], given)
  const before = await runModel(model, feeds)
  const worst = (after: Map<string, Tensor>) =>
    Math.min(...[...before].map(([name, tensor]) => sqnrDb(tensor, after.get(name) as Tensor)))
  return {
    ...result,
    ort: worst(await runModel(result.model, feeds)),
    engine: worst(await runEngine(result.model, feeds)),
  }
}

/** One line per node of the main graph: `Conv x_dq w_dq b_dq -> a`. */
export const lines = (model: Model) =>
  model.graph.nodes.map(({ opType, inputs, outputs }) => `${opType} ${inputs.join(' ')} -> ${outputs.join(' ')}`)

export const nodesOf = (model: Model, opType: string): Node[] =>
  model.graph.nodes.filter((node) => node.opType === opType)
