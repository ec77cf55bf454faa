import { RuntimeFailure, UnsupportedError, UsageError } from '../core/errors'
import type { FileSet } from '../core/bytes'
import type { Note } from '../core/progress'
import { compareWith, prepareReference, type EvaluationData, type Reference } from '../evaluate/compare'
import { methodMetas } from '../methods'
import { chooseJobData, openCalibration, type UserData } from './calibration-data'
import { identifyInput, originalBytes } from './input'
import { phasesOf } from './phases'
import type { JobPorts } from './ports'
import { EMPTY_RECIPE, type Recipe } from './recipe'
import { formatMethodFlag, parseMethodFlag } from './recipe-forms/method-flag'
import { paretoFront } from './search/front'
import { rememberedCalibration } from './search/remembered'
import { distanceOf, scoreOf, type Score } from './search/score'
import { makeVariant, type Workshop } from './search/variant'
import { resolveRecipe, runSteps } from './steps'

export interface SweepRequest {
  readonly files: FileSet
  /** Each a method with options or a grid of them; see `gridOf`. */
  readonly methods: readonly string[]
  readonly seed: number
  readonly test?: UserData
  readonly calibrate?: UserData
  readonly calibrationMemoryBytes?: number
}

/** `sweep --json` prints it. */
export interface SweepReport {
  readonly version: 1
  readonly model: { readonly name: string; readonly sizeBytes: number; readonly sha256: string }
  readonly metric: Score['metric']
  readonly samples: number
  /** In the order in which they were asked for. */
  readonly rows: readonly SweepRow[]
  readonly notes: readonly Note[]
}

export interface SweepRow {
  /** As `--method` takes it; defaults are left out. */
  readonly method: string
  readonly recipe: Recipe
  /** Absent where it could not be made. */
  readonly sizeBytes?: number
  readonly drop?: number
  readonly ci95?: readonly [number, number]
  readonly sqnrDb?: number | null
  readonly top1Agreement?: number
  readonly beforeMs?: number
  readonly afterMs?: number
  readonly isOnFront: boolean
  /** Why it could not be made. */
  readonly error?: string
}

/** Rows of one sweep; beyond it a typing error is likelier than a wish. */
const MAX_ROWS = 500

/**
 * The combinations of a grid such as `static-int8:observer=min-max/mse,percentile=99.9/99.99`: values of choices,
 * numbers and switches are separated by `/` or `|`; free text stands as it is. Later options vary faster.
 * @throws UsageError for an unknown method, option or value
 */
export function gridOf(text: string): Recipe['steps'] {
  const { method, options } = parseMethodFlag(text)
  const schema = methodMetas.find(({ id }) => id === method)?.options ?? {}
  let rows: Record<string, string>[] = [{}]
  for (const [name, value] of Object.entries(options)) {
    const isText = Object.hasOwn(schema, name) && schema[name]?.type === 'text'
    const values = isText ? [value] : value.split(/[/|]/)
    rows = rows.flatMap((row) => values.map((one) => ({ ...row, [name]: one })))
    if (rows.length > MAX_ROWS) throw new UsageError(`--method ${text}: more than ${MAX_ROWS} combinations.`)
  }
  return resolveRecipe({ ...EMPTY_RECIPE, steps: rows.map((row) => ({ method, options: row })) }).steps
}

/** Expected shares of the time. */
const PHASES = { read: 2, original: 10, rows: 88 }

/**
 * Makes every combination and measures it on the test data.
 * @throws FormatError, UsageError, RuntimeFailure (onnxruntime refuses the original), AbortError
 */
export async function sweep(request: SweepRequest, ports: JobPorts): Promise<SweepReport> {
  const { seed, files } = request
  const steps = request.methods.flatMap(gridOf)
  if (steps.length === 0) throw new UsageError('A sweep needs at least one method.')
  const phases = phasesOf(ports.onProgress, PHASES)
  const recipe = { ...EMPTY_RECIPE, seed, steps }
  const input = await identifyInput(files, { ...ports, onProgress: phases.read })
  const data = chooseJobData({ ...request, recipe })
  const runtime = await ports.openRuntime()
  const from: EvaluationData = data.test ?? { kind: 'synthetic', model: input.model, seed }
  const original = await originalBytes(input)
  const reference = await prepareReference(runtime, original, from, { ...ports, onProgress: phases.original })
  try {
    const making = { ...ports, onProgress: phases.rows }
    const memory = { memoryCapBytes: request.calibrationMemoryBytes }
    const source = data.calibrate && (await openCalibration(data.calibrate, { ...input, reference, ...memory }, making))
    const { model } = await runSteps(input.model, resolveRecipe({ ...recipe, steps: [TIDY] }), ports)
    const calibration = source && rememberedCalibration(source)
    const workshop: Workshop = { model, format: input.format, seed, ...(calibration && { calibration }) }
    const rows = await rowsOf(workshop, steps, reference, making)
    return {
      version: 1,
      model: { name: files.main.name, sizeBytes: input.sizeBytes, sha256: input.sha256 },
      metric: rows.find(({ score }) => score)?.score?.metric ?? 'sqnr',
      samples: reference.data.count,
      rows: markFront(rows, input.sizeBytes),
      notes: [...data.notes, ...(source?.notes ?? [])],
    }
  } finally {
    await reference.release()
  }
}

const TIDY = { method: 'tidy', options: {} }

interface Measured {
  readonly row: Omit<SweepRow, 'isOnFront'>
  readonly score?: Score
}

async function rowsOf(
  workshop: Workshop,
  steps: Recipe['steps'],
  reference: Reference,
  ports: JobPorts,
): Promise<Measured[]> {
  const rows: Measured[] = []
  for (const step of steps) {
    const [method, number] = [formatMethodFlag(step), rows.length + 1]
    const tell = (done: number) =>
      ports.onProgress({
        stage: 'sweep',
        item: `${number} of ${steps.length}: ${method}`,
        done,
        total: steps.length,
        unit: 'items',
      })
    tell(rows.length)
    rows.push(await measureRow(workshop, step, reference, { ...ports, onProgress: () => tell(rows.length) }))
  }
  return rows
}

async function measureRow(
  workshop: Workshop,
  step: Recipe['steps'][number],
  reference: Reference,
  ports: JobPorts,
): Promise<Measured> {
  const asked = resolveRecipe({ ...EMPTY_RECIPE, seed: workshop.seed, steps: [TIDY, step] })
  const method = formatMethodFlag(step)
  try {
    const { bytes, steps } = await makeVariant(workshop, [step], ports)
    const { quality, speed } = await compareWith(reference, bytes, ports)
    const score = scoreOf(quality)
    const row = {
      method,
      recipe: { ...asked, steps: [...asked.steps.slice(0, 1), ...steps] },
      ...{ sizeBytes: bytes.byteLength, drop: score.drop, sqnrDb: score.sqnrDb },
      ...(score.ci95 && { ci95: score.ci95 }),
      ...(score.agreement !== undefined && { top1Agreement: score.agreement }),
      ...(speed[0] && { beforeMs: speed[0].beforeMs, afterMs: speed[0].afterMs }),
    }
    return { row, score }
  } catch (error) {
    // one combination that cannot work is a row of the table; the others go on
    if (!(error instanceof UnsupportedError || error instanceof RuntimeFailure)) throw error
    return { row: { method, recipe: asked, error: error.message } }
  }
}

function markFront(rows: readonly Measured[], originalBytes: number): SweepRow[] {
  const points = rows.flatMap(({ row, score }) =>
    score && row.sizeBytes !== undefined && row.sizeBytes < originalBytes
      ? [{ row, sizeBytes: row.sizeBytes, drop: score.drop, distance: distanceOf(score) }]
      : [],
  )
  const front = new Set(paretoFront(points).map(({ row }) => row))
  return rows.map(({ row }) => ({ ...row, isOnFront: front.has(row) }))
}
