import { UsageError } from '../core/errors'
import { resolveOptions, type OptionsOf } from '../core/options'
import type { Note } from '../core/progress'
import type { Bytes } from '../core/bytes'
import { encodeOnnx } from '../formats/onnx/encode'
import type { CalibrationSource, StoredRanges } from '../engine/observers/calibration-source'
import { storedCalibration } from '../engine/observers/stored'
import type { Model } from '../graph/model'
import { loadMethod, methodMetas, type MethodId } from '../methods'
import type { ExtraFile, Layer, MethodContext, QuantizedValue, TensorChange } from '../methods/method'
import type { Session } from '../runtime/runtime'
import { phasesOf } from './phases'
import type { JobPorts } from './ports'
import { APP_VERSION } from './ports'
import type { Recipe } from './recipe'

export interface StepsResult {
  readonly model: Model
  readonly tensors: readonly TensorChange[]
  readonly notes: readonly Note[]
  readonly timing: readonly { method: string; ms: number }[]
  /** The recipe that was run, with the ranges that its steps chose. */
  readonly recipe: Recipe
  readonly values: readonly QuantizedValue[]
  readonly layers: readonly Layer[]
  readonly extras: readonly ExtraFile[]
}

export type Step = Recipe['steps'][number]

/**
 * Fills in every option, so that the recipe replays the same under later defaults.
 * @throws UsageError for an unknown method or option
 */
export function resolveRecipe(recipe: Recipe): Recipe {
  const steps = recipe.steps.map(({ method, options, ranges }) => {
    const meta = methodMetas.find((candidate) => candidate.id === method)
    if (!meta) {
      const known = methodMetas.map((candidate) => candidate.id).join(', ')
      throw new UsageError(`There is no method "${method}". Methods: ${known}.`)
    }
    const resolved = { ...resolveOptions(meta.options, options, `method ${method}`) } as Step['options']
    return { method, options: resolved, ...(ranges && { ranges }) }
  })
  return { ...recipe, app: APP_VERSION, steps }
}

/**
 * Runs the steps of a resolved recipe in order; the given model stays as it was.
 * @param calibration of the data, where there is some; ranges that a step stored go before it
 */
export async function runSteps(
  model: Model,
  recipe: Recipe,
  ports: JobPorts,
  calibration?: CalibrationSource,
): Promise<StepsResult> {
  const steps: Step[] = []
  const values: QuantizedValue[] = []
  const layers: Layer[] = []
  const extras: ExtraFile[] = []
  const notes: Note[] = []
  const tensors: TensorChange[] = []
  const timing: { method: string; ms: number }[] = []
  let current = model
  const phases = phasesOf(ports.onProgress, Object.fromEntries(recipe.steps.map((_, index) => [`step ${index}`, 1])))
  for (const [index, step] of recipe.steps.entries()) {
    const method = await loadMethod(step.method as MethodId)
    const start = ports.now()
    const source = step.ranges ? storedCalibration(step.ranges) : calibration
    const context: MethodContext = {
      backend: ports.backend,
      signal: ports.signal,
      seed: recipe.seed,
      run: (part, feeds) => runOnce(part, feeds, ports),
      ...(source && { calibration: source }),
      note: (note) => void notes.push(note),
      progress: phases[`step ${index}`] ?? ports.onProgress,
    }
    const result = await method.run(context, current, step.options as OptionsOf<typeof method.meta.options>)
    current = result.model
    tensors.push(...result.tensors)
    values.push(...(result.values ?? []))
    layers.push(...(result.layers ?? []))
    extras.push(...(result.extras ?? []))
    // what a recipe stored stays as it is
    steps.push(result.ranges && !step.ranges ? { ...step, ranges: plainRanges(result.ranges) } : step)
    timing.push({ method: step.method, ms: ports.now() - start })
  }
  return { model: current, tensors, notes, timing, recipe: { ...recipe, steps }, values, layers, extras }
}

/** As the schema of recipes has them. */
function plainRanges({ machine, samples, values }: StoredRanges): Step['ranges'] {
  return {
    machine,
    samples,
    values: Object.fromEntries(Object.entries(values).map(([name, [min, max]]) => [name, [min, max]])),
  }
}

/** Executes a small graph as it stands, for constant folding. */
async function runOnce(part: Model, feeds: Parameters<MethodContext['run']>[1], ports: JobPorts) {
  const bytes: Bytes = await encodeOnnx(part)
  const runtime = await ports.openRuntime()
  const session: Session = await runtime.open(bytes, { optimize: 'none' })
  try {
    return (await session.run(feeds)).outputs
  } finally {
    await session.release()
  }
}
