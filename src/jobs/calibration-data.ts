/** Which samples choose ranges and which prove the result. */
import type { Note } from '../core/progress'
import { leaveOut, withoutBadSamples, type LeftOut } from '../evaluate/bad-samples'
import type { EvaluationData, Reference } from '../evaluate/compare'
import { openModel } from '../evaluate/reference'
import { sampleData } from '../evaluate/sample-data'
import { splitSamples } from '../evaluate/split'
import type { Samples } from '../formats/format'
import type { Model } from '../graph/model'
import { methodMetas } from '../methods'
import { DataCalibration } from './calibration'
import type { JobPorts } from './ports'
import type { CompressRequest } from './request'

export type UserData = Extract<EvaluationData, { kind: 'samples' }>

export interface JobData {
  readonly test?: UserData
  /** Absent where nothing is to be calibrated. */
  readonly calibrate?: UserData
  readonly notes: readonly Note[]
}

/** Whether a recipe chooses ranges, and so takes samples from the test set where no others are given. */
export function needsCalibration({ recipe }: Pick<CompressRequest, 'recipe'>): boolean {
  if (recipe === 'auto') return true
  const calibrated = new Set(methodMetas.filter(({ isCalibrated }) => isCalibrated).map(({ id }) => id))
  return recipe.steps.some(({ method, ranges }) => calibrated.has(method) && !ranges)
}

/** One set serves for both ends: it is split, or where it was given for calibration alone, the proof says so. */
export function chooseJobData(request: Pick<CompressRequest, 'recipe' | 'test' | 'calibrate'>): JobData {
  const { test, calibrate } = request
  if (!needsCalibration(request)) return { ...((test ?? calibrate) ? { test: test ?? calibrate! } : {}), notes: [] }
  if (calibrate && test) return { test: sharing(test, calibrate), calibrate: sharing(calibrate, test), notes: [] }
  if (calibrate) return { test: calibrate, calibrate, notes: [{ severity: 'warning', text: SAME }] }
  const split = test && splitSamples(test.samples)
  if (!split) return { ...(test && { test }), notes: [] }
  const text =
    `No data for calibration was given: every fifth sample (${split.calibrate.count} of ${test.samples.count}) chose the ` +
    'ranges, and the result was measured on the others.'
  return {
    test: { ...test, samples: split.test },
    calibrate: { ...test, samples: split.calibrate },
    notes: [{ severity: 'info', text }],
  }
}

const SAME =
  'The result was measured on the data that its ranges were chosen on, since no test data was given: other inputs may come out worse.'

/** Both sets become inputs in the same way, and carry the same state. */
const sharing = (data: UserData, other: UserData): UserData => ({
  ...data,
  ...((data.preprocess ?? other.preprocess) && { preprocess: (data.preprocess ?? other.preprocess)! }),
  ...((data.state ?? other.state) && { state: (data.state ?? other.state)! }),
})

export interface CalibrationFor {
  /** As read. */
  readonly model: Model
  /** The original, with the data of the proof: pictures become inputs as there. */
  readonly reference: Reference
  readonly memoryCapBytes?: number | undefined
}

/**
 * The user's samples, one by one, as a source of ranges. Bad samples are left out, with a note.
 * @throws UsageError where they do not fit the model, or fewer than half can be used
 */
export async function openCalibration(
  data: UserData,
  { model, reference, memoryCapBytes }: CalibrationFor,
  ports: JobPorts,
): Promise<DataCalibration> {
  const prepare = (samples: Samples) => prepareOneByOne({ ...data, samples }, model, reference, ports)
  const work = async (samples: Samples, left: LeftOut) => {
    const prepared = await prepare(samples)
    return new DataCalibration({ ...prepared, notes: [...left.notes, ...prepared.notes] }, ports, {
      skipped: left.count,
      ...(memoryCapBytes !== undefined && { memoryCapBytes }),
      async without(bad) {
        const { kept, left: further } = leaveOut(samples, bad)
        return { data: await prepare(kept), left: further }
      },
    })
  }
  return withoutBadSamples(data.samples, work, ports.signal)
}

async function prepareOneByOne(data: UserData, model: Model, reference: Reference, { signal }: JobPorts) {
  const preprocess = data.preprocess ?? reference.data.preprocess
  const { samples, state } = data
  const options = {
    ...{ maxBatch: 1, signal },
    ...(state && { state }),
    ...(samples.kind === 'pictures' && preprocess && { preprocess }),
  }
  const known = { inputs: reference.inputs, outputs: reference.outputs.map((name) => ({ name })) }
  // only where the proof has no pictures is there a preset to be chosen yet
  const isOpen = samples.kind === 'pictures' && !preprocess && samples.labels
  const session = isOpen ? await openModel(reference.runtime, reference.original) : undefined
  try {
    return await sampleData(samples, session ?? known, model, options)
  } finally {
    await session?.release()
  }
}
