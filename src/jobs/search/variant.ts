import { MemoryFolder, type Bytes } from '../../core/bytes'
import { assert } from '../../core/errors'
import type { Note } from '../../core/progress'
import type { CalibrationSource } from '../../engine/observers/calibration-source'
import { compareWith, type Reference } from '../../evaluate/compare'
import type { ModelFormat } from '../../formats/format'
import type { Model } from '../../graph/model'
import type { Layer, QuantizedValue } from '../../methods/method'
import type { JobPorts } from '../ports'
import { EMPTY_RECIPE, type Recipe } from '../recipe'
import { resolveRecipe, runSteps } from '../steps'
import { scoreOf, type Score } from './score'

/** What versions of one model are made from, one after the other. */
export interface Workshop {
  readonly model: Model
  readonly format: ModelFormat
  readonly seed: number
  readonly calibration?: CalibrationSource
}

/** One version of the model, held in memory. */
export interface Variant {
  /** Its steps with every option, and the ranges that they chose. */
  readonly steps: Recipe['steps']
  readonly bytes: Bytes
  readonly layers: readonly Layer[]
  readonly values: readonly QuantizedValue[]
  readonly notes: readonly Note[]
}

const NAME = 'variant.onnx'

/** @throws UsageError, UnsupportedError, AbortError */
export async function makeVariant(from: Workshop, steps: Recipe['steps'], ports: JobPorts): Promise<Variant> {
  const recipe = resolveRecipe({ ...EMPTY_RECIPE, seed: from.seed, steps })
  const { model, recipe: done, layers, values, notes } = await runSteps(from.model, recipe, ports, from.calibration)
  const folder = new MemoryFolder()
  await from.format.write(model, folder, NAME, { signal: ports.signal })
  const bytes = folder.files.get(NAME)
  assert(bytes, 'a variant was not written')
  return { steps: done.steps, bytes, layers, values, notes }
}

/** @throws RuntimeFailure where onnxruntime refuses it; AbortError */
export async function scoreVariant(
  reference: Reference,
  bytes: Bytes,
  { signal, onProgress }: Pick<JobPorts, 'signal' | 'onProgress'>,
): Promise<Score> {
  const { quality } = await compareWith(reference, bytes, { signal, onProgress, measureSpeed: false })
  return scoreOf(quality)
}
