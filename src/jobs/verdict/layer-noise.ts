import type { Machine } from '../../backends/machine'
import { AbortError, PlumeError, throwIfAborted } from '../../core/errors'
import { fromTensor, numbersOf, type HostArray } from '../../core/host-array'
import { openEngine } from '../../engine/session'
import { firstSamples } from '../../evaluate/few-samples'
import { modelOf } from '../../evaluate/providers/engine-provider'
import type { Reference } from '../../evaluate/reference'
import { feedsFor } from '../../evaluate/feeds'
import type { Model, Node } from '../../graph/model'
import type { Layer } from '../../methods/method'
import type { Candidate } from '../candidate'
import type { LayerGain } from './fixes'

const SAMPLES = 2
const DEADLINE_MS = 20_000

export interface NoiseOptions {
  /** The original. */
  readonly model: Model
  readonly reference: Reference
  readonly signal: AbortSignal
  openMachine(): Promise<Machine>
}

/**
 * Layers that add most noise of their own: |noise|² / |signal|² of what they give, less that of what they were given, on a
 * few samples by our engine. What a layer costs is known, what it brings is not.
 * @returns the noisiest first; nothing where the engine cannot look into one of the models
 * @throws AbortError
 */
export async function noisyLayers(chosen: Candidate, options: NoiseOptions): Promise<LayerGain[]> {
  const { model, signal } = options
  const layers = chosen.result.layers.filter(({ to }) => to !== 'float')
  if (!chosen.bytes || layers.length === 0) return []
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MS)])
  try {
    const result = await modelOf(chosen.bytes, deadline)
    const places = placesOf(model, result, layers)
    const names = new Set(places.flatMap(({ output, inputs }) => [output, ...inputs]))
    if (names.size === 0) return []
    const noise = await noiseOf([model, result], names, { ...options, signal: deadline })
    return places
      .map(({ layer, output, inputs }) => ({
        name: layer.name,
        addedBytes: Math.max(0, layer.sizeBeforeBytes - layer.sizeAfterBytes),
        own: (noise.get(output) ?? 0) - Math.max(0, ...inputs.map((name) => noise.get(name) ?? 0)),
      }))
      .filter(({ own }) => own > 0)
      .sort((a, b) => b.own - a.own)
      .map(({ name, addedBytes }) => ({ name, addedBytes }))
  } catch (error) {
    throwIfAborted(signal)
    if (error instanceof PlumeError || error instanceof AbortError) return []
    throw error
  }
}

interface Place {
  readonly layer: Layer
  readonly output: string
  readonly inputs: readonly string[]
}

/** Values around the layers that both models have by one name. */
function placesOf(model: Model, result: Model, layers: readonly Layer[]): Place[] {
  const byName = new Map<string, Node>(model.graph.nodes.map((node) => [node.name || (node.outputs[0] ?? ''), node]))
  const made = new Set(result.graph.nodes.flatMap(({ outputs }) => outputs))
  const own = new Set(model.graph.nodes.flatMap(({ outputs }) => outputs))
  const isShared = (name: string) => made.has(name) && own.has(name)
  return layers.flatMap((layer) => {
    const node = byName.get(layer.name)
    const output = node?.outputs[0]
    if (!node || !output || !isShared(output)) return []
    return [{ layer, output, inputs: node.inputs.filter(isShared) }]
  })
}

/** |y − x|² / |x|² of each value over the samples. */
async function noiseOf(
  [original, result]: readonly [Model, Model],
  names: ReadonlySet<string>,
  { reference, openMachine, signal }: NoiseOptions,
): Promise<ReadonlyMap<string, number>> {
  const sums = new Map([...names].map((name) => [name, { signal: 0, noise: 0 }]))
  const looks = new Map([...names].map((name) => [name, { type: 'value' } as const]))
  const before = await openEngine(original, { machine: await openMachine(), signal })
  try {
    const after = await openEngine(result, { machine: await openMachine(), signal })
    try {
      for await (const { feeds } of firstSamples(reference.data, reference.inputs, SAMPLES).batches(signal)) {
        const given = new Map([...feedsFor(feeds, reference.inputs)].map(([name, value]) => [name, fromTensor(value)]))
        const x = await before.observe(given, looks, { signal })
        const y = await after.observe(given, looks, { signal })
        for (const [name, sum] of sums) addUp(sum, x.get(name)?.value, y.get(name)?.value)
      }
    } finally {
      after.dispose()
    }
  } finally {
    before.dispose()
  }
  return new Map([...sums].map(([name, { signal: energy, noise }]) => [name, energy > 0 ? noise / energy : 0]))
}

function addUp(sum: { signal: number; noise: number }, x: HostArray | undefined, y: HostArray | undefined): void {
  if (!x || !y || x.values.length !== y.values.length) return
  const [a, b] = [numbersOf(x), numbersOf(y)]
  for (let i = 0; i < a.length; i++) {
    sum.signal += a[i]! ** 2
    sum.noise += (b[i]! - a[i]!) ** 2
  }
}
