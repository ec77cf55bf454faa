import type { Bytes } from '../core/bytes'
import { sha256Of } from '../core/hash'
import { throwIfAborted } from '../core/errors'
import type { Note } from '../core/progress'
import { prepareReference, type EvaluationData, type Reference } from '../evaluate/compare'
import { gzipSizeOf } from '../evaluate/gzip'
import type { Quality } from '../evaluate/quality'
import type { WrittenFile } from '../formats/format'
import { describeModel, type ModelFacts } from '../graph/facts'
import { chooseAutomatically } from './automatic'
import { measureCandidate, streamCandidate, totalBytes, type Candidate } from './candidate'
import { openInput, originalBytes, type OpenedInput } from './input'
import { APP_VERSION, type JobPorts } from './ports'
import { EMPTY_RECIPE, type Recipe } from './recipe'
import type { Alternative, Report } from './report'
import { orderNotes, speedNotes } from './report-notes'
import { MAX_RUN_BYTES, type CompressRequest } from './request'
import { resolveRecipe, runSteps } from './steps'

export interface CompressResult {
  readonly report: Report
  readonly files: readonly WrittenFile[]
}

interface Outcome {
  readonly chosen: Candidate | null
  /** Why the original is returned; null when `chosen` is the result. */
  readonly reason: string | null
  readonly alternatives: readonly Alternative[]
}

/**
 * The main job: a model goes in; a smaller one that was proven against it comes out, or the original with the reason.
 * @throws FormatError, UsageError, RuntimeFailure (onnxruntime refuses the original or the result), AbortError
 */
export async function compress(request: CompressRequest, ports: JobPorts): Promise<CompressResult> {
  const start = ports.now()
  const input = await openInput(request.files, ports.signal)
  const inputSha256 = await sha256Of(input.sources, {
    signal: ports.signal,
    onBytes: (done) => ports.onProgress({ stage: 'read', done, total: input.sizeBytes, unit: 'bytes' }),
  })
  const isRunnable = input.sizeBytes <= (request.maxRunBytes ?? MAX_RUN_BYTES)
  const outcome = await decide(input, request, isRunnable, ports)
  throwIfAborted(ports.signal)

  const useOriginal = outcome.reason !== null || !outcome.chosen
  const files = useOriginal
    ? await copyOriginal(input, request, ports)
    : outcome.chosen.bytes
      ? await writeBytes(outcome.chosen.bytes, outcome.chosen.files, request, ports)
      : outcome.chosen.files
  const report = await makeReport(request, input, inputSha256, isRunnable, outcome, files, ports.now() - start)
  return { report, files }
}

async function decide(
  input: OpenedInput,
  request: CompressRequest,
  isRunnable: boolean,
  ports: JobPorts,
): Promise<Outcome> {
  const untouched = (reason: string, chosen: Candidate | null = null): Outcome => ({ chosen, reason, alternatives: [] })
  const facts = describeModel(input.model)
  // Tree ensembles hold no weights, and onnxruntime often cannot run one on made-up inputs: nothing to prove.
  if (facts.isTreeEnsemble && facts.reasonUntouched) return untouched(facts.reasonUntouched)
  if (!isRunnable) return decideUnrun(input, request, facts, ports)

  const reference = await openReference(input, request, ports)
  try {
    if (facts.reasonUntouched && request.recipe === 'auto') return untouched(facts.reasonUntouched)
    if (request.recipe === 'auto') return await chooseAutomatically(input, request, reference, ports)
    const recipe = resolveRecipe(request.recipe)
    const chosen = await measureCandidate(input.model, recipe, request.outputName, input.format, reference, ports)
    if (chosen.sizeBytes < input.sizeBytes) return { chosen, reason: null, alternatives: [] }
    const reason =
      facts.reasonUntouched ??
      `The result would have ${chosen.sizeBytes} bytes, the original has ${input.sizeBytes}: already optimal, the original is kept.`
    return untouched(reason, chosen)
  } finally {
    await reference.release()
  }
}

/** What is done to a model that is too large to try things out on. */
const WITHOUT_PROOF: Recipe['steps'] = ['tidy', 'weights-int8'].map((method) => ({ method, options: {} }))

/** A model too large to run: the steps are carried out as they stream to the output. */
async function decideUnrun(
  input: OpenedInput,
  request: CompressRequest,
  facts: ModelFacts,
  ports: JobPorts,
): Promise<Outcome> {
  const untouched = (reason: string): Outcome => ({ chosen: null, reason, alternatives: [] })
  if (facts.reasonUntouched && request.recipe === 'auto') return untouched(facts.reasonUntouched)
  const recipe = resolveRecipe(
    request.recipe === 'auto' ? { ...EMPTY_RECIPE, seed: request.seed, steps: WITHOUT_PROOF } : request.recipe,
  )
  const result = await runSteps(input.model, recipe, ports)
  // Sizes of tensors are known before anything is written, so a result that would grow is not written at all.
  const gainBytes = result.tensors.reduce((sum, t) => sum + t.sizeBeforeBytes - t.sizeAfterBytes, 0)
  if (gainBytes <= 0) {
    return untouched(facts.reasonUntouched ?? 'No tensor would become smaller: already optimal, the original is kept.')
  }
  const { outputName, folder } = request
  const chosen = await streamCandidate(result, recipe, { name: outputName, format: input.format, folder }, ports)
  return { chosen, reason: null, alternatives: [] }
}

async function openReference(input: OpenedInput, request: CompressRequest, ports: JobPorts): Promise<Reference> {
  const runtime = await ports.openRuntime()
  const original = await originalBytes(input)
  const data: EvaluationData = request.test ?? { kind: 'synthetic', model: input.model, seed: request.seed }
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
async function copyOriginal(input: OpenedInput, request: CompressRequest, ports: JobPorts): Promise<WrittenFile[]> {
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
  input: OpenedInput,
  inputSha256: string,
  isRunnable: boolean,
  outcome: Outcome,
  files: readonly WrittenFile[],
  totalMs: number,
): Promise<Report> {
  const { chosen, reason } = outcome
  const isOriginal = reason !== null || !chosen
  const result = isOriginal ? null : chosen
  const inputGzip = isRunnable ? await gzipSizeOf(await originalBytes(input)) : undefined
  const notes: Note[] = reason ? [{ severity: 'info', text: reason }] : []
  if (result) notes.push(...speedNotes(result.speed, outcome.alternatives), ...result.notes)
  if (!isRunnable) notes.push({ severity: 'warning', text: NOT_RUN })
  return {
    version: 1,
    app: APP_VERSION,
    input: {
      name: request.files.main.name,
      format: input.meta.id,
      sizeBytes: input.sizeBytes,
      ...(inputGzip !== undefined && { gzipBytes: inputGzip }),
      sha256: inputSha256,
    },
    output: {
      name: request.outputName,
      format: input.meta.id,
      sizeBytes: totalBytes(files),
      ...(isOriginal ? inputGzip !== undefined && { gzipBytes: inputGzip } : { gzipBytes: result?.gzipBytes }),
      sha256: files[0]?.sha256 ?? inputSha256,
      isOriginal,
    },
    recipe: withData(
      result?.recipe ?? { ...EMPTY_RECIPE, app: APP_VERSION, seed: request.seed },
      request,
      result?.quality,
    ),
    quality: result?.quality ?? UNTOUCHED_QUALITY,
    speed: result?.speed ?? [],
    timing: { totalMs, steps: result?.result.timing ?? [] },
    tensors: result?.result.tensors ?? [],
    notes: orderNotes(notes),
    alternatives: outcome.alternatives,
  }
}

const NOT_RUN =
  'Accuracy was not measured: the model is above the size up to which Plume runs models. Quality is the error of the weights.'

/** The recipe says which data the proof was made with. */
function withData(recipe: Recipe, request: CompressRequest, quality: Quality | undefined): Recipe {
  if (!request.test) return recipe
  const { sha256, count } = request.test.samples
  const preprocess = quality?.preprocess
  return { ...recipe, data: [{ role: 'test', sha256, samples: count, ...(preprocess && { preprocess }) }] }
}
