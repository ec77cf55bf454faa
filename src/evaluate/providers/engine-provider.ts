import { memorySource, singleFile, type Bytes } from '../../core/bytes'
import { formatBytes } from '../../core/format-text'
import { coverageOf, type Coverage } from '../../engine/coverage'
import { openOnHosts, type EngineHosts } from '../../engine/fallback'
import { readModel } from '../../formats/onnx/read-model'
import { bodies, type Model } from '../../graph/model'
import { asRuntimeSession } from '../engine-session'
import type { OtherProvider, ProviderNotes } from './provider'

/** Larger models take longer to load than the proof is worth. */
export const MAX_BYTES = 64 * 2 ** 20

/** Our own engine, on the GPU where `hosts` have one. */
export function engineProvider(hosts: EngineHosts, maxBytes = MAX_BYTES): OtherProvider {
  return {
    notes: ENGINE_NOTES,
    isTimed: true,
    async open(bytes, signal) {
      if (bytes.byteLength > maxBytes) return { refused: `the result is larger than ${formatBytes(maxBytes)}` }
      const model = await modelOf(bytes, signal)
      const refused = whyNot(model, await coverageOf(model, signal))
      if (refused) return { refused }
      const engine = await openOnHosts(model, hosts, { signal })
      return { name: `plume-${engine.machine}`, session: asRuntimeSession(engine, model, signal) }
    },
  }
}

export const modelOf = (bytes: Bytes, signal: AbortSignal): Promise<Model> =>
  readModel(singleFile(memorySource(bytes, 'result')), signal)

const ENGINE_NOTES: ProviderNotes = {
  notRun: (why) => `The result was not run on Plume's own engine as well: ${why}.`,
  cut: (samples, seconds) =>
    `Plume's own engine ran the first ${samples} samples only: more would have taken longer than ${seconds} s.`,
}

const RANDOM = new Set([
  'RandomNormal',
  'RandomUniform',
  'RandomNormalLike',
  'RandomUniformLike',
  'Bernoulli',
  'Multinomial',
])

/** null where the engine can run the model and would find what onnxruntime finds. */
export function whyNot(model: Model, { missing, blockedBy }: Coverage): string | null {
  if (blockedBy) return blockedBy.replace(/\.$/, '')
  if (missing.length > 0) return `it lacks ${missing.map(({ operator }) => operator).join(', ')}`
  for (const { nodes } of bodies(model)) {
    const random = nodes.find(({ opType }) => RANDOM.has(opType))
    if (random) return `${random.opType} gives other random numbers on every provider`
  }
  return null
}
