import { UsageError } from '../../core/errors'
import type { FileSet } from '../../core/bytes'
import { prepareReference, type EvaluationData } from '../../evaluate/compare'
import { pickSamples } from '../../evaluate/split'
import { methodMetas } from '../../methods'
import { chooseJobData, openCalibration, type UserData } from '../calibration-data'
import { identifyInput, originalBytes, type IdentifiedInput } from '../input'
import { phasesOf } from '../phases'
import type { JobPorts } from '../ports'
import { EMPTY_RECIPE, type Recipe } from '../recipe'
import { resolveRecipe, runSteps } from '../steps'
import { Trials } from '../trials'
import { measureSensitivity } from './measure'
import type { SensitivityReport } from './report'
import type { Step } from './variants'

export interface SensitivityRequest {
  readonly files: FileSet
  /** Ends in the step whose layers are measured: a method with rules for layers. */
  readonly recipe: Recipe
  /** What is scored; without it seeded synthetic inputs are. */
  readonly test?: UserData
  /** Without it every fifth sample of `test` gives the ranges. */
  readonly calibrate?: UserData
  /** Most samples that are scored, taken evenly from `test`. */
  readonly samples?: number
  readonly calibrationMemoryBytes?: number
}

export const DEFAULT_SENSITIVITY_SAMPLES = 128

/** Expected shares of the time. */
const PHASES = { read: 2, original: 8, steps: 2, measure: 88 }

/**
 * How sensitive each layer of a model is to a method.
 * @throws FormatError, UsageError, RuntimeFailure, AbortError
 */
export async function sensitivity(request: SensitivityRequest, ports: JobPorts): Promise<SensitivityReport> {
  const phases = phasesOf(ports.onProgress, PHASES)
  const recipe = resolveRecipe(request.recipe)
  const step = lastStep(recipe)
  const input = await identifyInput(request.files, { ...ports, onProgress: phases.read })
  const data = chooseJobData({ ...request, recipe })
  const test = data.test && someOf(data.test, request.samples ?? DEFAULT_SENSITIVITY_SAMPLES)
  const runtime = await ports.openRuntime()
  const from: EvaluationData = test ?? { kind: 'synthetic', model: input.model, seed: recipe.seed }
  const quiet = { ...ports, onProgress: phases.original }
  const reference = await prepareReference(runtime, await originalBytes(input), from, quiet)
  try {
    const memory = { memoryCapBytes: request.calibrationMemoryBytes }
    const opened = { model: input.model, reference, ...memory }
    const measuring = { ...ports, onProgress: phases.measure }
    const calibration = data.calibrate && !step.ranges && (await openCalibration(data.calibrate, opened, measuring))
    const before = { ...recipe, steps: recipe.steps.slice(0, -1) }
    const { model, notes } = await runSteps(input.model, before, { ...ports, onProgress: phases.steps })
    const report = await measureSensitivity(
      {
        model: { name: request.files.main.name, sizeBytes: input.sizeBytes, sha256: input.sha256 },
        step,
        workshop: { model, format: input.format, seed: recipe.seed, ...(calibration && { calibration }) },
        reference,
        trials: new Trials(ports.checkpoints, 'sensitivity'),
        identity: identityOf(input, before, test, data.calibrate),
      },
      measuring,
    )
    return { ...report, notes: [...data.notes, ...notes, ...report.notes] }
  } finally {
    await reference.release()
  }
}

function lastStep({ steps }: Recipe): Step {
  const step = steps.at(-1)
  const meta = methodMetas.find(({ id }) => id === step?.method)
  if (step && meta && Object.hasOwn(meta.options, 'layers')) return step
  const known = methodMetas.filter(({ options }) => Object.hasOwn(options, 'layers')).map(({ id }) => id)
  throw new UsageError(
    `Sensitivity is measured for methods that treat layers one by one (${known.join(', ')}), not for ` +
      `${step ? `"${step.method}"` : 'a recipe without steps'}. Name one of these last.`,
  )
}

/** Evenly spaced samples, since files are often sorted by class; the first ones of a sequence that carries a state. */
function someOf(data: UserData, most: number): UserData {
  const { count } = data.samples
  if (count <= most) return data
  const isSequence = (data.state?.length ?? 0) > 0
  const indices = Array.from({ length: most }, (_, i) => (isSequence ? i : Math.floor((i * count) / most)))
  return { ...data, samples: pickSamples(data.samples, indices) }
}

function identityOf(
  { sha256 }: IdentifiedInput,
  before: Recipe,
  test: UserData | undefined,
  calibrate: UserData | undefined,
): unknown {
  const idOf = (data: UserData | undefined) =>
    data && {
      sha256: data.samples.sha256,
      count: data.samples.count,
      preprocess: data.preprocess,
      state: data.state,
    }
  const { seed, steps } = before
  return { input: sha256, before: { ...EMPTY_RECIPE, seed, steps }, test: idOf(test), calibrate: idOf(calibrate) }
}
