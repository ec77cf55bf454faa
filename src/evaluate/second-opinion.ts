/** The proof's second, independent provider: our own engine runs the result on a few of the samples. */
import { memorySource, singleFile, type Bytes } from '../core/bytes'
import { AbortError, PlumeError, throwIfAborted } from '../core/errors'
import { formatBytes, formatPercent } from '../core/format-text'
import type { Note, OnProgress } from '../core/progress'
import type { Tensor } from '../core/tensor'
import { coverageOf, type Coverage } from '../engine/coverage'
import { openOnHosts, type EngineHosts } from '../engine/fallback'
import { readModel } from '../formats/onnx/read-model'
import { bodies, type Model } from '../graph/model'
import type { Runtime, Session } from '../runtime/runtime'
import type { PreparedData } from './data'
import { asRuntimeSession } from './engine-session'
import { firstSamples } from './few-samples'
import { OutputDifference } from './metrics'
import { numbersOf } from './numbers'
import { MIN_COSINE, type ProviderResult, type Speed } from './quality'
import { openModel, runBatches, type Reference } from './reference'
import { measureSpeed } from './speed'

export interface OpinionOptions {
  readonly signal: AbortSignal
  readonly onProgress: OnProgress
  /** What it may take; then it is given up. */
  readonly deadlineMs?: number
  readonly maxBytes?: number
}

export interface SecondOpinion {
  /** null: the result did not run; a note says why. */
  readonly provider: ProviderResult | null
  /** Of both models there, where it was measured. */
  readonly speed?: Speed
  readonly notes: readonly Note[]
}

const SAMPLES = 3
const DEADLINE_MS = 5000
/** Larger models take longer to load than the proof is worth. */
const MAX_BYTES = 64 * 2 ** 20

/**
 * Largest difference of the two providers that counts as the same answer, as a share of an output's range. Rounding in
 * another order stays below 1e-3; more is a value that falls to the other side of a step (rounding, a largest element).
 */
const MAX_DISAGREEMENT = 1e-2

/**
 * Runs a result on our own engine, on the GPU where `hosts` have one, and holds it against the original, and against what onnxruntime made of the result.
 * Never throws for what the engine cannot do: the proof by onnxruntime stands without it.
 * @throws AbortError, RuntimeFailure
 */
export async function secondOpinion(
  reference: Reference,
  result: Bytes,
  hosts: EngineHosts,
  options: OpinionOptions,
): Promise<SecondOpinion> {
  const { signal, onProgress, deadlineMs = DEADLINE_MS, maxBytes = MAX_BYTES } = options
  if (result.byteLength > maxBytes) {
    return skipped(`the result is larger than ${formatBytes(maxBytes)}`)
  }
  onProgress({ stage: 'second', done: 0, total: SAMPLES, unit: 'items' })
  const model = await readModel(singleFile(memorySource(result, 'result')), signal)
  const reason = whyNot(model, await coverageOf(model, signal))
  if (reason) return skipped(reason)
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)])
  try {
    const found = await runOn(model, reference, hosts, { ...options, signal: deadline })
    return await judge(reference, result, found, disagreementNote, options)
  } catch (error) {
    throwIfAborted(signal)
    if (error instanceof AbortError) return skipped(`it takes longer than ${deadlineMs / 1000} s`)
    if (error instanceof PlumeError) return skipped(error.message.replace(/\.$/, ''))
    throw error
  }
}

/** A runtime that lives for one opinion. */
export type OpenOther = () => Promise<Runtime & { terminate(): void }>

/**
 * As `secondOpinion`, by another provider of onnxruntime, which also times both models.
 * Never throws for what that provider cannot do.
 * @throws AbortError
 */
export async function runtimeOpinion(
  reference: Reference,
  result: Bytes,
  open: OpenOther,
  options: OpinionOptions,
): Promise<SecondOpinion> {
  const { signal, onProgress } = options
  onProgress({ stage: 'second', done: 0, total: 0, unit: 'items' })
  let other: Awaited<ReturnType<OpenOther>> | undefined
  try {
    other = await open()
    const outputs = await collect(await openModel(other, { bytes: result }), reference, signal)
    const opinion = await judge(reference, result, { name: other.provider, outputs }, providersNote, options)
    const speed = await measureSpeed({ ...reference, runtime: other }, { bytes: result }, signal)
    return { ...opinion, speed }
  } catch (error) {
    throwIfAborted(signal)
    if (!(error instanceof PlumeError)) throw error
    const text = `ONNX Runtime's WebGPU provider did not run the models: ${error.message.replace(/\.$/, '')}.`
    return { provider: null, notes: [{ severity: 'info', text }] }
  } finally {
    other?.terminate()
  }
}

function skipped(why: string): SecondOpinion {
  const text = `The result was not run on Plume's own engine as well: ${why}.`
  return { provider: null, notes: [{ severity: 'info', text }] }
}

const RANDOM = new Set([
  'RandomNormal',
  'RandomUniform',
  'RandomNormalLike',
  'RandomUniformLike',
  'Bernoulli',
  'Multinomial',
])

function whyNot(model: Model, { missing, blockedBy }: Coverage): string | null {
  if (blockedBy) return blockedBy.replace(/\.$/, '')
  if (missing.length > 0) return `it lacks ${missing.map(({ operator }) => operator).join(', ')}`
  for (const { nodes } of bodies(model)) {
    const random = nodes.find(({ opType }) => RANDOM.has(opType))
    if (random) return `${random.opType} gives other random numbers on every provider`
  }
  return null
}

type Outputs = ReadonlyMap<string, Tensor>

/** What a provider made of the result. */
interface Found {
  readonly name: string
  readonly outputs: readonly Outputs[]
}

async function runOn(
  model: Model,
  reference: Reference,
  hosts: EngineHosts,
  { signal, onProgress }: OpinionOptions,
): Promise<Found> {
  const engine = await openOnHosts(model, hosts, { signal })
  const outputs = await collect(asRuntimeSession(engine, model, signal), reference, signal, (done) =>
    onProgress({ stage: 'second', done, total: SAMPLES, unit: 'items' }),
  )
  return { name: `plume-${engine.machine}`, outputs }
}

async function collect(
  session: Session,
  reference: Reference,
  signal: AbortSignal,
  onSamples?: (done: number) => void,
): Promise<Outputs[]> {
  try {
    const outputs: Outputs[] = []
    const data = fewOf(reference)
    for await (const { batch, outputs: found } of runBatches(session, data, { signal, item: 'result' })) {
      throwIfAborted(signal)
      outputs.push(found)
      onSamples?.(batch.start + batch.count)
    }
    return outputs
  } finally {
    await session.release()
  }
}

const fewOf = ({ data, inputs }: Reference): PreparedData => firstSamples(data, inputs, SAMPLES)

async function judge(
  reference: Reference,
  result: Bytes,
  { name: provider, outputs: found }: Found,
  noteOf: (disagreement: number) => Note,
  { signal }: OpinionOptions,
): Promise<SecondOpinion> {
  const { runtime, original } = reference
  const before = await collect(await openModel(runtime, original), reference, signal)
  const judged = await collect(await openModel(runtime, { bytes: result }), reference, signal)
  let maxAbsError = 0
  let cosine = 1
  let disagreement = 0
  let nonFinite = 0
  for (const name of reference.outputs) {
    const difference = compare(name, before, found)
    maxAbsError = Math.max(maxAbsError, difference.maxAbsError)
    cosine = Math.min(cosine, difference.cosine)
    nonFinite += difference.nonFinite
    const between = compare(name, judged, found)
    disagreement = Math.max(disagreement, between.nonFinite > 0 ? 1 : between.maxAbsError / rangeOf(name, judged))
  }
  const agrees = disagreement <= MAX_DISAGREEMENT
  const verdict: ProviderResult = {
    name: provider,
    maxAbsError,
    cosine,
    ok: nonFinite === 0 && cosine >= MIN_COSINE && agrees,
    samples: fewOf(reference).count,
    versus: { provider: runtime.provider, disagreement },
  }
  return { provider: verdict, notes: agrees ? [] : [noteOf(disagreement)] }
}

function disagreementNote(disagreement: number): Note {
  const text =
    `ONNX Runtime and Plume's own engine give different results for this model: up to ${formatPercent(disagreement)} of ` +
    "an output's range. It may behave differently on other runtimes; test it where it will run."
  return { severity: 'warning', text }
}

function providersNote(disagreement: number): Note {
  const text =
    `ONNX Runtime gives different results for this model on WebGPU and on WebAssembly: up to ${formatPercent(disagreement)} ` +
    "of an output's range. Test it where it will run."
  return { severity: 'warning', text }
}

function compare(name: string, expected: readonly Outputs[], found: readonly Outputs[]): OutputDifference {
  const difference = new OutputDifference()
  expected.forEach((outputs, i) => {
    const [one, other] = [outputs.get(name), found[i]?.get(name)]
    const isSame = one && other && one.shape.join() === other.shape.join()
    if (isSame) difference.add(one, other)
    else difference.nonFinite++
  })
  return difference
}

/** Largest minus smallest finite value; 1 where all are equal. */
function rangeOf(name: string, batches: readonly Outputs[]): number {
  let low = Infinity
  let high = -Infinity
  for (const outputs of batches) {
    const value = outputs.get(name)
    if (!value || value.dtype === 'string') continue
    for (const number of numbersOf(value)) {
      if (!Number.isFinite(number)) continue
      low = Math.min(low, number)
      high = Math.max(high, number)
    }
  }
  return high > low ? high - low : Math.max(1, Math.abs(high))
}
