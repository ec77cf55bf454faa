import { MemoryFolder, type Bytes, type OutputFolder } from '../core/bytes'
import { assert } from '../core/errors'
import type { Note } from '../core/progress'
import { gzipSizeOf } from '../evaluate/gzip'
import { compareWith, type Reference } from '../evaluate/compare'
import type { Quality, Speed } from '../evaluate/quality'
import type { ModelFormat, WrittenFile } from '../formats/format'
import type { Model } from '../graph/model'
import type { TensorChange } from '../methods/method'
import type { JobPorts } from './ports'
import type { Recipe } from './recipe'
import { runSteps, type StepsResult } from './steps'

/** One way to make the model smaller, carried out and measured. */
export interface Candidate {
  readonly recipe: Recipe
  readonly result: StepsResult
  readonly files: readonly WrittenFile[]
  readonly sizeBytes: number
  readonly gzipBytes?: number
  /** The main file; absent for a model too large to be held. */
  readonly bytes?: Bytes | undefined
  readonly quality: Quality
  readonly speed: readonly Speed[]
  readonly notes: readonly Note[]
}

/** Makes one candidate and proves it against `reference`. @throws RuntimeFailure when onnxruntime refuses it */
export async function measureCandidate(
  model: Model,
  recipe: Recipe,
  name: string,
  format: ModelFormat,
  reference: Reference,
  ports: JobPorts,
): Promise<Candidate> {
  const result = await runSteps(model, recipe, ports)
  const folder = new MemoryFolder()
  const files = await writeModel(result.model, folder, name, format, ports)
  const bytes = folder.files.get(name)
  assert(bytes, `${name} was not written`)
  const { quality, speed, notes } = await compareWith(reference, bytes, {
    signal: ports.signal,
    onProgress: ports.onProgress,
  })
  return {
    recipe,
    result,
    files,
    sizeBytes: totalBytes(files),
    gzipBytes: await gzipSizeOf(bytes),
    bytes,
    quality,
    speed,
    notes: [...result.notes, ...notes],
  }
}

/** Writes a candidate that is too large to run: it streams out, and quality is the weights' error. */
export async function streamCandidate(
  result: StepsResult,
  recipe: Recipe,
  to: { name: string; format: ModelFormat; folder: OutputFolder },
  ports: JobPorts,
): Promise<Candidate> {
  const files = await writeModel(result.model, to.folder, to.name, to.format, ports)
  return {
    recipe,
    result,
    files,
    sizeBytes: totalBytes(files),
    quality: weightsOnlyQuality(result.tensors),
    speed: [],
    notes: result.notes,
  }
}

async function writeModel(model: Model, folder: OutputFolder, name: string, format: ModelFormat, ports: JobPorts) {
  return format.write(model, folder, name, { signal: ports.signal, onProgress: ports.onProgress })
}

export function totalBytes(files: readonly WrittenFile[]): number {
  return files.reduce((sum, file) => sum + file.sizeBytes, 0)
}

/** What can be said without running: the worst tensor's signal to quantization noise. */
export function weightsOnlyQuality(tensors: readonly TensorChange[]): Quality {
  const noisy = tensors.flatMap((tensor) => (tensor.sqnrDb === null ? [] : [tensor.sqnrDb]))
  const worst = noisy.length > 0 ? Math.min(...noisy) : null
  return { data: 'weights-only', samples: 0, sqnrDb: worst, cosine: null, outputs: [], providers: [] }
}
