import type { Bytes, FileSet } from '../core/bytes'
import { throwIfAborted } from '../core/errors'
import type { Note, OnProgress } from '../core/progress'
import { prepareReference, type EvaluationData, type Reference } from '../evaluate/compare'
import { gzipSizeOf } from '../evaluate/gzip'
import type { Quality } from '../evaluate/quality'
import { formatState } from '../evaluate/state-link'
import type { WrittenFile } from '../formats/format'
import { describeModel } from '../graph/facts'
import { chooseAutomatically } from './automatic'
import { chooseJobData, openCalibration, type UserData } from './calibration-data'
import { measureCandidate, streamCandidate, totalBytes, type Bench, type Candidate } from './candidate'
import { identifyInput, originalBytes, type IdentifiedInput } from './input'
import { neverFalling, phasesOf } from './phases'
import { APP_VERSION, type JobPorts } from './ports'
import { EMPTY_RECIPE, type Recipe } from './recipe'
import { prove } from './proof'
import { withFittingRanges, withModelOfRanges } from './replay'
import type { Alternative, CalibrationFacts, Report, SearchFacts, Verdict } from './report'
import { orderNotes, speedNotes } from './report-notes'
import { MAX_RUN_BYTES, type CompressRequest } from './request'
import { resolveRecipe, runSteps } from './steps'
import { Trials } from './trials'
import { writeExtras } from './write-extras'

export interface CompressResult {
  readonly report: Report
  readonly files: readonly WrittenFile[]
}

interface Outcome {
  readonly chosen: Candidate | null
  /** Why the original is returned; null when `chosen` is the result. */
  readonly reason: string | null
  readonly alternatives: readonly Alternative[]
  /** Of the automatic choice. */
  readonly search?: SearchFacts
  /** Of the chosen result, once it is proven. */
  readonly verdict?: Verdict
  readonly calibration?: CalibrationFacts
  readonly notes?: readonly Note[]
}

/** Expected shares of the time of a whole job. */
const PHASES = { read: 4, reference: 14, calibrate: 12, trials: 60, second: 14, write: 6 }

/**
 * The main job: a model goes in; a smaller one that was proven against it comes out, or the original with the reason.
 * @throws FormatError, UsageError, RuntimeFailure (onnxruntime refuses the original or the result), AbortError
 */
export async function compress(request: CompressRequest, ports: JobPorts): Promise<CompressResult> {
  const whole = { ...ports, onProgress: neverFalling(ports.onProgress) }
  return compressIdentified(await identify(request.files, whole), request, whole)
}

/** The first part of the main job: which model is it? Its answer may be known already. */
export function identify(files: FileSet, ports: JobPorts): Promise<IdentifiedInput> {
  return identifyInput(files, { ...ports, onProgress: phasesOf(ports.onProgress, PHASES).read })
}

/** The rest of the main job, once it is known which model it is. */
export async function compressIdentified(
  input: IdentifiedInput,
  given: CompressRequest,
  ports: JobPorts,
): Promise<CompressResult> {
  const start = ports.now()
  const { request, notes: replayNotes } = withFittingRanges(given, input.sha256)
  const phases = phasesOf(neverFalling(ports.onProgress), PHASES)
  const isRunnable = input.sizeBytes <= (request.maxRunBytes ?? MAX_RUN_BYTES)
  const { outputName, seed, test, calibrate } = request
  const data = { test: identityOf(test), calibrate: identityOf(calibrate) }
  const trials = new Trials(ports.checkpoints, { input: input.sha256, data, seed, outputName })
  const outcome = isRunnable
    ? await decide(input, request, trials, ports, phases)
    : await decideUnrun(input, request, { ...ports, onProgress: phases.trials })
  throwIfAborted(ports.signal)

  const writing = { ...ports, onProgress: phases.write }
  const { chosen, reason } = outcome
  const isChosen = reason === null && chosen !== null
  const extras = await writeExtras(isChosen ? chosen.result.extras : [], request)
  let files: readonly WrittenFile[]
  try {
    if (!isChosen) files = await copyOriginal(input, request, writing)
    else if (chosen.bytes) files = await writeBytes(chosen.bytes, chosen.files, request, writing)
    else files = chosen.files
  } catch (error) {
    await extras.undo()
    throw error
  }
  const totalMs = input.readMs + ports.now() - start + trials.takenMs
  const made = await makeReport(request, input, isRunnable, outcome, files, totalMs)
  const report = extras.files.length > 0 ? { ...made, extras: extras.files } : made
  phases.write({ stage: 'write', done: 1, total: 1, unit: 'items' })
  return { report: { ...report, notes: orderNotes([...replayNotes, ...report.notes, ...trials.notes]) }, files }
}

const identityOf = (data: UserData | undefined) =>
  data && { sha256: data.samples.sha256, preprocess: data.preprocess, state: data.state }

const untouched = (reason: string, chosen: Candidate | null = null): Outcome => ({ chosen, reason, alternatives: [] })

async function decide(
  input: IdentifiedInput,
  request: CompressRequest,
  trials: Trials,
  ports: JobPorts,
  phases: Readonly<Record<'reference' | 'calibrate' | 'trials' | 'second', OnProgress>>,
): Promise<Outcome> {
  const facts = describeModel(input.model)
  // Tree ensembles hold no weights, and onnxruntime often cannot run one on made-up inputs: nothing to prove.
  if (facts.isTreeEnsemble && facts.reasonUntouched) return untouched(facts.reasonUntouched)

  const data = chooseJobData(request)
  const reference = await openReference(input, data.test, request, { ...ports, onProgress: phases.reference })
  try {
    if (facts.reasonUntouched && request.recipe === 'auto') return untouched(facts.reasonUntouched)
    const memory = { memoryCapBytes: request.calibrationMemoryBytes }
    const calibration =
      data.calibrate &&
      (await openCalibration(
        data.calibrate,
        { model: input.model, reference, ...memory },
        { ...ports, onProgress: phases.calibrate },
      ))
    const bench: Bench = {
      ...{ ...input, name: request.outputName, reference, trials },
      ...(calibration && { calibration, calibrationData: data.calibrate! }),
    }
    const outcome = await choose(bench, input, request, { ...ports, onProgress: phases.trials })
    const isUsed = calibration !== undefined && calibration.facts.ms > 0
    const known = {
      notes: [...data.notes, ...(isUsed ? calibration.notes : [])],
      ...(isUsed && { calibration: calibration.facts }),
    }
    if (!outcome.chosen || outcome.reason !== null) return { ...outcome, ...known }
    const { alternatives } = outcome
    const context = { input, alternatives, ...(request.budget && { budget: request.budget }) }
    const proof = await prove(bench, outcome.chosen, { ...ports, onProgress: phases.second }, context)
    return { ...outcome, ...proof, ...known }
  } finally {
    await reference.release()
  }
}

async function choose(
  bench: Bench,
  input: IdentifiedInput,
  request: CompressRequest,
  ports: JobPorts,
): Promise<Outcome> {
  if (request.recipe === 'auto') return chooseAutomatically(bench, input, request, ports)
  const chosen = await measureCandidate(bench, resolveRecipe(request.recipe), ports)
  // what was asked for may be what lies beside the model
  const isWanted = chosen.sizeBytes < input.sizeBytes || chosen.result.extras.length > 0
  if (isWanted) return { chosen, reason: null, alternatives: [] }
  const reason =
    describeModel(input.model).reasonUntouched ??
    `The result would have ${chosen.sizeBytes} bytes, the original has ${input.sizeBytes}: already optimal, the original is kept.`
  return untouched(reason, chosen)
}

/** What is done to a model that is too large to try things out on. */
const WITHOUT_PROOF: Recipe['steps'] = ['tidy', 'weights-int8'].map((method) => ({ method, options: {} }))

/**
 * A model too large to run: the steps are carried out as they stream to the output. A killed job starts this again: the
 * stream's hash and table of contents would have to be kept beside every tensor to go on inside of it.
 */
async function decideUnrun(input: IdentifiedInput, request: CompressRequest, ports: JobPorts): Promise<Outcome> {
  const facts = describeModel(input.model)
  const mustStay = facts.isTreeEnsemble || request.recipe === 'auto'
  if (mustStay && facts.reasonUntouched) return untouched(facts.reasonUntouched)
  const recipe = resolveRecipe(
    request.recipe === 'auto' ? { ...EMPTY_RECIPE, seed: request.seed, steps: WITHOUT_PROOF } : request.recipe,
  )
  const phases = phasesOf(ports.onProgress, { steps: 1, write: 4 })
  const result = await runSteps(input.model, recipe, { ...ports, onProgress: phases.steps })
  // Sizes of tensors are known before anything is written, so a result that would grow is not written at all.
  const gainBytes = result.tensors.reduce((sum, t) => sum + t.sizeBeforeBytes - t.sizeAfterBytes, 0)
  if (gainBytes <= 0) {
    return untouched(facts.reasonUntouched ?? 'No tensor would become smaller: already optimal, the original is kept.')
  }
  const { outputName, folder } = request
  const target = { name: outputName, format: input.format, folder }
  const chosen = await streamCandidate(result, target, { ...ports, onProgress: phases.write })
  return { chosen, reason: null, alternatives: [] }
}

async function openReference(
  input: IdentifiedInput,
  test: UserData | undefined,
  request: CompressRequest,
  ports: JobPorts,
): Promise<Reference> {
  const runtime = await ports.openRuntime()
  const original = await originalBytes(input)
  const data: EvaluationData = test ?? { kind: 'synthetic', model: input.model, seed: request.seed }
  return prepareReference(runtime, original, data, { signal: ports.signal, onProgress: ports.onProgress })
}

/** Writes what was measured, byte for byte. */
async function writeBytes(
  bytes: Bytes,
  files: readonly WrittenFile[],
  { folder, outputName }: CompressRequest,
  { signal }: JobPorts,
): Promise<readonly WrittenFile[]> {
  const sink = await folder.create(outputName)
  try {
    throwIfAborted(signal)
    await sink.write(bytes)
    await sink.close()
  } catch (error) {
    await sink.abort()
    throw error
  }
  return files
}

/**
 * The original as the result: its bytes, or where its weights lie in other files, one file made of all of them. Copies
 * of those would have to keep their names, which may be taken (beside the input they always are).
 */
async function copyOriginal(input: IdentifiedInput, request: CompressRequest, ports: JobPorts): Promise<WrittenFile[]> {
  return input.format.write(input.model, request.folder, request.outputName, {
    signal: ports.signal,
    onProgress: ports.onProgress,
  })
}

const UNTOUCHED_QUALITY: Quality = {
  data: 'weights-only',
  samples: 0,
  sqnrDb: null,
  cosine: 1,
  outputs: [],
  providers: [],
}

async function makeReport(
  request: CompressRequest,
  input: IdentifiedInput,
  isRunnable: boolean,
  outcome: Outcome,
  files: readonly WrittenFile[],
  totalMs: number,
): Promise<Report> {
  const { chosen, reason } = outcome
  const isOriginal = reason !== null || !chosen
  const result = isOriginal ? null : chosen
  const inputGzip = isRunnable ? await gzipSizeOf(await originalBytes(input)) : undefined
  const ownRanges = (recipe: Recipe) => withModelOfRanges(recipe, request.recipe, input.sha256)
  const notes: Note[] = reason ? [{ severity: 'info', text: reason }] : []
  if (result) notes.push(...speedNotes(result.speed, outcome.alternatives), ...result.notes)
  notes.push(...(outcome.notes ?? []))
  if (!isRunnable) notes.push({ severity: 'warning', text: NOT_RUN })
  return {
    version: 1,
    app: APP_VERSION,
    input: {
      name: request.files.main.name,
      format: input.meta.id,
      sizeBytes: input.sizeBytes,
      ...(inputGzip !== undefined && { gzipBytes: inputGzip }),
      sha256: input.sha256,
    },
    output: {
      name: request.outputName,
      format: input.meta.id,
      sizeBytes: totalBytes(files),
      ...(isOriginal ? inputGzip !== undefined && { gzipBytes: inputGzip } : { gzipBytes: result?.gzipBytes }),
      sha256: files[0]?.sha256 ?? input.sha256,
      isOriginal,
    },
    recipe: withData(
      ownRanges(result?.recipe ?? { ...EMPTY_RECIPE, app: APP_VERSION, seed: request.seed }),
      request,
      outcome,
    ),
    quality: result?.quality ?? UNTOUCHED_QUALITY,
    speed: result?.speed ?? [],
    timing: { totalMs, steps: result?.result.timing ?? [] },
    tensors: result?.result.tensors ?? [],
    ...(result && result.result.values.length > 0 && { values: result.result.values }),
    ...(result && result.result.layers.length > 0 && { layers: result.result.layers }),
    ...(outcome.search && { search: outcome.search }),
    ...(outcome.verdict && { verdict: outcome.verdict }),
    ...(outcome.calibration && { calibration: outcome.calibration }),
    notes: orderNotes(notes),
    alternatives: outcome.alternatives.map((entry) =>
      entry.recipe ? { ...entry, recipe: ownRanges(entry.recipe) } : entry,
    ),
  }
}

const NOT_RUN =
  'Accuracy was not measured: the model is above the size up to which Plume runs models. Quality is the error of the weights.'

/** The recipe says which data its ranges were chosen on, and the proof was made with. */
function withData(recipe: Recipe, request: CompressRequest, { chosen, calibration }: Outcome): Recipe {
  const { test, calibrate } = chooseJobData(request)
  const preprocess = chosen?.quality.preprocess
  const stored = recipe.steps.some(({ ranges }) => ranges)
    ? recipe.data?.filter(({ role }) => role === 'calibrate')
    : []
  const data = [
    ...(calibrate && calibration ? [entryOf('calibrate', calibrate, calibration.samples, preprocess)] : (stored ?? [])),
    ...(test ? [entryOf('test', test, chosen?.quality.samples ?? test.samples.count, preprocess)] : []),
  ]
  return data.length > 0 ? { ...recipe, data } : recipe
}

/** @param count samples that were used */
function entryOf(
  role: 'calibrate' | 'test',
  { samples, state, ...data }: UserData,
  count: number,
  chosen: string | undefined,
) {
  const preprocess = samples.kind === 'pictures' ? (chosen ?? data.preprocess) : undefined
  return {
    role,
    sha256: samples.sha256,
    samples: count,
    ...(preprocess && { preprocess }),
    ...(state && state.length > 0 && { state: state.map(formatState) }),
  }
}
