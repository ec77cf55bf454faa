import { UnsupportedError } from '../core/errors'
import type { FileSet } from '../core/bytes'
import type { Note } from '../core/progress'
import { compareWith, evaluateModel, prepareReference, type Comparison, type EvaluationData } from '../evaluate/compare'
import type { Quality, Speed } from '../evaluate/quality'
import { asFile } from '../evaluate/reference'
import { openInput, originalBytes, type OpenedInput } from './input'
import { phasesOf } from './phases'
import type { JobPorts } from './ports'
import { opinionsOf } from './proof'
import { MAX_RUN_BYTES } from './request'

export interface EvaluateRequest {
  readonly files: FileSet
  /** The model to hold it against; without it, the model alone is measured. */
  readonly against?: FileSet
  readonly test?: Extract<EvaluationData, { kind: 'samples' }>
  readonly seed: number
}

/** `evaluate --json` prints it. With `against`, "before" is that model and "after" the one evaluated. */
export interface EvaluateReport {
  readonly version: 1
  readonly model: EvaluatedFile
  readonly against?: EvaluatedFile
  readonly quality: Quality
  readonly speed: readonly Speed[]
  readonly notes: readonly Note[]
}

export interface EvaluatedFile {
  readonly name: string
  readonly format: string
  readonly sizeBytes: number
}

/** @throws FormatError, UsageError, RuntimeFailure, UnsupportedError for models too large to run */
export async function evaluate(request: EvaluateRequest, ports: JobPorts): Promise<EvaluateReport> {
  const { signal, onProgress } = ports
  const model = await openRunnable(request.files, signal)
  const against = request.against && (await openRunnable(request.against, signal))
  const data: EvaluationData = request.test ?? {
    kind: 'synthetic',
    model: (against ?? model).model,
    seed: request.seed,
  }
  const result = against
    ? await compareAll(against, model, data, ports)
    : await evaluateModel(await ports.openRuntime(), await originalBytes(model), data, { signal, onProgress })
  return {
    version: 1,
    model: factsOf(model),
    ...(against && { against: factsOf(against) }),
    quality: result.quality,
    speed: result.speed,
    notes: result.notes,
  }
}

/** No candidate waits for it, so all samples are run everywhere, where that takes minutes at most. */
const EVERYWHERE = { maxSamples: Infinity, deadlineMs: 600_000 }

const PHASES = { reference: 2, verify: 3, second: 5 }

/** Two models on onnxruntime, and the second of them on the other providers as well. */
async function compareAll(
  against: OpenedInput,
  model: OpenedInput,
  data: EvaluationData,
  ports: JobPorts,
): Promise<Comparison> {
  const { signal } = ports
  const phases = phasesOf(ports.onProgress, PHASES)
  const [original, result] = [await originalBytes(against), await originalBytes(model)]
  const reference = await prepareReference(await ports.openRuntime(), original, data, {
    signal,
    onProgress: phases.reference,
  })
  try {
    const judged = await compareWith(reference, result, { signal, onProgress: phases.verify })
    const others = await opinionsOf(reference, asFile(result), { ...ports, onProgress: phases.second }, EVERYWHERE)
    return {
      quality: { ...judged.quality, providers: [...judged.quality.providers, ...others.providers] },
      speed: [...judged.speed, ...others.speed],
      notes: [...judged.notes, ...others.notes],
    }
  } finally {
    await reference.release()
  }
}

async function openRunnable(files: FileSet, signal: AbortSignal): Promise<OpenedInput> {
  const input = await openInput(files, signal)
  if (input.sizeBytes <= MAX_RUN_BYTES) return input
  throw new UnsupportedError(
    `${files.main.name} has ${input.sizeBytes} bytes; models above ${MAX_RUN_BYTES} are not run. Evaluate it where it is used.`,
  )
}

function factsOf({ sources, meta, sizeBytes }: OpenedInput): EvaluatedFile {
  return { name: sources[0]?.name ?? '', format: meta.id, sizeBytes }
}
