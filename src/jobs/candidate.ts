import { MemoryFolder, type Bytes, type OutputFolder } from '../core/bytes'
import { assert } from '../core/errors'
import type { CalibrationSource } from '../engine/observers/calibration-source'
import type { Note } from '../core/progress'
import { gzipSizeOf } from '../evaluate/gzip'
import { compareWith, type Reference } from '../evaluate/compare'
import type { Quality, Speed } from '../evaluate/quality'
import type { ModelFormat, WrittenFile } from '../formats/format'
import type { Model } from '../graph/model'
import type { TensorChange } from '../methods/method'
import type { UserData } from './calibration-data'
import { phasesOf } from './phases'
import type { JobPorts } from './ports'
import type { Recipe } from './recipe'
import { runSteps, type StepsResult } from './steps'
import type { Trials } from './trials'

/** One way to make the model smaller, carried out and measured. */
export interface Candidate {
  readonly recipe: Recipe
  readonly result: Pick<StepsResult, 'tensors' | 'timing' | 'values' | 'layers' | 'extras'>
  readonly files: readonly WrittenFile[]
  readonly sizeBytes: number
  readonly gzipBytes?: number
  /** The main file; absent for a model too large to be held. */
  readonly bytes?: Bytes | undefined
  readonly quality: Quality
  readonly speed: readonly Speed[]
  readonly notes: readonly Note[]
  /** What making and measuring it took. */
  readonly ms: number
}

/** What every candidate of a job is made from and held against. */
export interface Bench {
  readonly model: Model
  readonly format: ModelFormat
  /** Name of the written file. */
  readonly name: string
  readonly reference: Reference
  readonly trials: Trials
  /** Ranges from the user's data, where there is some to choose them on. */
  readonly calibration?: CalibrationSource
  /** The samples behind `calibration`; a search looks at these alone. */
  readonly calibrationData?: UserData
}

/** Expected shares of the time of one trial. */
const PHASES = { method: 30, write: 5, verify: 35, time: 28, gzip: 2 }

/**
 * Makes one candidate and proves it against the bench's reference, or takes it from an interrupted start of the job.
 * @throws RuntimeFailure when onnxruntime refuses it
 */
export async function measureCandidate(bench: Bench, recipe: Recipe, ports: JobPorts): Promise<Candidate> {
  const known = await bench.trials.take(recipe)
  if (known) return known
  const start = ports.now()
  const phases = phasesOf(ports.onProgress, PHASES)
  const result = await runSteps(bench.model, recipe, { ...ports, onProgress: phases.method }, bench.calibration)
  const folder = new MemoryFolder()
  const files = await writeModel(result.model, { ...bench, folder }, { ...ports, onProgress: phases.write })
  const bytes = folder.files.get(bench.name)
  assert(bytes, `${bench.name} was not written`)
  const { quality, speed, notes } = await compareWith(bench.reference, bytes, {
    signal: ports.signal,
    onProgress: (progress) => (progress.stage === 'time' ? phases.time : phases.verify)(progress),
  })
  phases.gzip({ stage: 'gzip', done: 0, total: 0, unit: 'items' })
  const gzipBytes = await gzipSizeOf(bytes)
  const candidate: Candidate = {
    recipe: result.recipe,
    result,
    files,
    sizeBytes: totalBytes(files),
    gzipBytes,
    bytes,
    quality,
    speed,
    notes: [...result.notes, ...notes],
    ms: ports.now() - start,
  }
  await bench.trials.keep(recipe, candidate)
  return candidate
}

/** Writes a candidate that is too large to run: it streams out, and quality is the weights' error. */
export async function streamCandidate(result: StepsResult, to: Target, ports: JobPorts): Promise<Candidate> {
  const start = ports.now()
  const files = await writeModel(result.model, to, ports)
  return {
    recipe: result.recipe,
    result,
    files,
    sizeBytes: totalBytes(files),
    quality: weightsOnlyQuality(result.tensors),
    speed: [],
    notes: result.notes,
    ms: ports.now() - start,
  }
}

interface Target {
  readonly name: string
  readonly format: ModelFormat
  readonly folder: OutputFolder
}

async function writeModel(model: Model, { name, format, folder }: Target, ports: JobPorts) {
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
