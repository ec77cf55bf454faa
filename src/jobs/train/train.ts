import type { Machine } from '../../backends/machine'
import { throwIfAborted } from '../../core/errors'
import { sha256Of } from '../../core/hash'
import type { Note } from '../../core/progress'
import type { WrittenFile } from '../../formats/format'
import { withParameters } from '../../engine/train/train'
import type { Model } from '../../graph/model'
import { writerForName } from '../write-model'
import { baselineOf } from './baseline'
import { candidatesFor, type Candidate } from './candidates'
import { chooseSimplest } from './choose'
import { curvesOf } from './curves'
import { finishModel } from './finish-model'
import { fit, lossesOf, metricsOf, predict, thinning, type Fitted } from './fit'
import { JobCheckpoints } from './job-checkpoint'
import { importModel } from './imported-model'
import { openImportedSource, openTrainingSource } from './open-source'
import type { Metrics, TrainReport } from './report'
import type { TrainPorts, TrainRequest, TrainSettings } from './request'
import { baselineNotes, beforeNotes } from './score-notes'
import { PARTS, sharesOf, type Part, type Prepared, type Split, type TrainingSource } from './source'

/**
 * From data to a trained model: splits, chooses a model where none was asked for, trains, measures on samples that neither
 * the training nor the choice saw, writes.
 * @throws FormatError, UsageError, UnsupportedError, AbortError
 */
export async function runTraining(request: TrainRequest, ports: TrainPorts): Promise<TrainReport> {
  const start = ports.now()
  const { settings } = request
  const writer = await writerForName(request.outputName)
  ports.onProgress({ stage: 'read', done: 0, total: 1, unit: 'items' })
  const imported = request.from && (await importModel(request.from, ports.signal))
  const source = imported ? await openImportedSource(request, imported, ports) : await openNewSource(request, ports)
  const from = request.from && (await sha256Of([request.from.main], { signal: ports.signal }))
  const checkpoints = new JobCheckpoints(ports.checkpoints, JSON.stringify([settings, source.sha256, from]))
  await checkpoints.open()
  const job: Job = {
    ...{ source, settings, ports, checkpoints, machine: await ports.openMachine(), state: newState() },
    ...(imported && { candidate: imported.candidate }),
  }
  const first = await trainSeed(job, settings.seed)
  const further: SeedResult[] = []
  for (let i = 1; i < (settings.seeds ?? 1) && !job.state.isFinished; i++) {
    further.push(await trainSeed(job, settings.seed + i))
  }
  throwIfAborted(ports.signal)
  const about = { prepared: first.prepared, task: source.task, target: source.facts.target }
  const model = imported ? imported.finish(first.chosen.trained.parameters) : finishModel(first.network, about)
  const [file] = await writer.write(model, request.folder, request.outputName, { signal: ports.signal })
  const before = await metricsBefore(job, first)
  return reportOf(job, { before, first, further, file: file as WrittenFile, totalMs: ports.now() - start })
}

function openNewSource({ files, settings, test }: TrainRequest, { signal, decoder }: TrainPorts) {
  return openTrainingSource(files, settings, { signal, ...(decoder && { decoder }), ...(test && { test }) })
}

interface Job {
  readonly source: TrainingSource
  readonly settings: TrainSettings
  readonly ports: TrainPorts
  readonly machine: Machine | 'reference'
  readonly checkpoints: JobCheckpoints
  readonly state: State
  /** A model that was given, instead of those that suit the data. */
  readonly candidate?: Candidate
}

interface State {
  /** Networks that were trained, of all. */
  run: number
  /** A person wants what there is. */
  isFinished: boolean
}
const newState = (): State => ({ run: 0, isFinished: false })

interface Compared extends Fitted {
  readonly network: Model
  readonly validation: Float64Array
  readonly losses: readonly number[]
}

interface SeedResult {
  readonly split: Split
  readonly prepared: Prepared
  readonly network: Model
  readonly chosen: Compared
  readonly candidates: readonly Compared[]
  readonly predicted: Readonly<Record<Part, Float64Array>>
  readonly metrics: Readonly<Record<Part, Metrics>>
}

/** Of the training samples so many tell enough. */
const MOST_TRAIN_SAMPLES = 10_000

async function trainSeed(job: Job, seed: number): Promise<SeedResult> {
  const { source, settings } = job
  const { task } = source
  const split = source.split(sharesOf(settings, seed))
  const prepared = await source.prepare(split)
  const outputs = task.kind === 'classification' ? task.classes.length : 1
  const { dropout } = settings
  const about = {
    input: prepared.input,
    outputs,
    samples: split.train.length,
    ...(dropout !== undefined && { dropout }),
  }
  const candidates = job.candidate ? [job.candidate] : candidatesFor(about, settings.layers)
  const fitted: Compared[] = []
  for (const candidate of candidates) {
    if (job.state.isFinished && fitted.length > 0) break
    fitted.push(await trainCandidate(job, candidate, { prepared, seed, runs: candidates.length }))
  }
  const chosen = chooseSimplest(fitted)
  const judged = await judge(job, prepared, chosen)
  return { split, prepared, network: chosen.network, chosen, candidates: fitted, ...judged }
}

/** What the chosen network says of each part; validation was asked before. */
async function judge(
  { source: { task }, machine, ports }: Job,
  prepared: Prepared,
  { network, validation }: Compared,
): Promise<Pick<SeedResult, 'predicted' | 'metrics'>> {
  const predicted = {} as Record<Part, Float64Array>
  const metrics = {} as Record<Part, Metrics>
  for (const part of PARTS) {
    const [data, all] = [prepared.parts[part], prepared.targets[part]]
    const step = part === 'train' ? thinning(data.length, MOST_TRAIN_SAMPLES) : 1
    const given = { data, task, scale: prepared.scale, step }
    const isKnown = part === 'validation'
    predicted[part] = isKnown ? validation : await predict(network, given, { machine, signal: ports.signal })
    metrics[part] = metricsOf(predicted[part], step === 1 ? all : all.filter((_, i) => i % step === 0), task)
  }
  return { predicted, metrics }
}

interface Run {
  readonly prepared: Prepared
  readonly seed: number
  /** Candidates of one seed. */
  readonly runs: number
}

async function trainCandidate(job: Job, candidate: Candidate, { prepared, seed, runs }: Run): Promise<Compared> {
  const { source, settings, machine, ports, checkpoints, state } = job
  const { task } = source
  const { kind, layers } = candidate
  const name = `${seed}/${kind}-${layers.join('-')}`
  const where = { kind, layers, seed, run: state.run++, runs: runs * (settings.seeds ?? 1) }
  const known = checkpoints.finished(name)
  const fresh = candidate.network(seed)
  const trained = known
    ? { ...known, model: withParameters(fresh, known.parameters) }
    : (
        await fit(candidate, {
          ...{ prepared, task, settings, seed, machine, signal: ports.signal, checkpoints: checkpoints.current },
          checkIn: async () => {
            const decision = (await ports.checkIn?.()) ?? 'continue'
            if (decision === 'finish') state.isFinished = true
            return decision
          },
          onProgress(progress) {
            ports.onTraining?.({ ...where, ...progress })
            const steps = progress.epochs * progress.stepsPerEpoch
            const overall = (where.run + progress.step / steps) / where.runs
            const item = layers.length > 0 ? `${kind} ${layers.join('-')}` : kind
            ports.onProgress({ stage: 'train', item, done: progress.step, total: steps, unit: 'items', overall })
          },
        })
      ).trained
  if (!known) await checkpoints.finish(name, trained)
  const given = { data: prepared.parts.validation, task, scale: prepared.scale }
  const validation = await predict(trained.model, given, { machine, signal: ports.signal })
  const losses = lossesOf(validation, prepared.targets.validation, task)
  return { candidate, trained, network: trained.model, validation, losses }
}

/** What a given model says of the test samples before it is trained. */
async function metricsBefore({ source: { task }, candidate, machine, ports, settings }: Job, { prepared }: SeedResult) {
  if (!candidate) return undefined
  const given = { data: prepared.parts.test, task, scale: prepared.scale }
  const predicted = await predict(candidate.network(settings.seed), given, { machine, signal: ports.signal })
  return metricsOf(predicted, prepared.targets.test, task)
}

interface Results {
  readonly before: Metrics | undefined
  readonly first: SeedResult
  readonly further: readonly SeedResult[]
  readonly file: WrittenFile
  readonly totalMs: number
}

function reportOf({ source }: Job, results: Results): TrainReport {
  const { first, further, file, totalMs } = results
  const { prepared, chosen, split, predicted, metrics } = first
  const { before } = results
  const { task } = source
  const { history, bestEpoch } = chosen.trained
  const baseline = baselineOf(prepared.targets.train, prepared.targets.test, task)
  const scores = [...baselineNotes(metrics.test, baseline), ...(before ? beforeNotes(before, metrics.test) : [])]
  const notes: Note[] = [...scores, ...source.notes, ...prepared.notes, ...chosen.trained.notes]
  return {
    version: 1,
    output: { path: file.name, sizeBytes: file.sizeBytes, sha256: file.sha256 },
    data: {
      ...source.facts,
      split: { train: split.train.length, validation: split.validation.length, test: split.test.length },
    },
    model: {
      kind: chosen.candidate.kind,
      layers: chosen.candidate.layers,
      parameters: [...chosen.trained.parameters.values()].reduce((sum, { values }) => sum + values.length, 0),
      candidates: rankedCandidates(first),
      ...(prepared.preprocess && { preprocess: prepared.preprocess }),
    },
    metrics,
    baseline,
    epochs: history.length,
    bestEpoch,
    history,
    ...(further.length > 0 && { seeds: seedsOf([first, ...further]) }),
    curves: curvesOf(predicted.test, prepared.targets.test, task),
    timing: { totalMs, msPerEpoch: history.reduce((sum, { ms }) => sum + ms, 0) / Math.max(1, history.length) },
    notes,
  }
}

function rankedCandidates({ candidates }: SeedResult): TrainReport['model']['candidates'] {
  return candidates
    .map(({ candidate, losses }) => ({
      ...{ kind: candidate.kind, layers: candidate.layers },
      validationLoss: losses.reduce((sum, loss) => sum + loss, 0) / losses.length,
    }))
    .sort((a, b) => a.validationLoss - b.validationLoss)
}

/** Where one of two classes is rare, accuracy says little. */
const RARE = 0.25

function mainMetric({ prepared, metrics }: SeedResult): 'accuracy' | 'f1' | 'r2' {
  if (metrics.test.accuracy === undefined) return 'r2'
  if (metrics.test.auc === undefined) return 'accuracy'
  const labels = prepared.targets.train
  const ones = Array.from(labels).filter((label) => label === 1).length
  return Math.min(ones, labels.length - ones) < RARE * labels.length ? 'f1' : 'accuracy'
}

function seedsOf(results: readonly SeedResult[]): NonNullable<TrainReport['seeds']> {
  const metric = mainMetric(results[0] as SeedResult)
  const values = results.map(({ metrics }) => metrics.test[metric] as number)
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1)
  return { metric, mean, sd: Math.sqrt(variance), values }
}
