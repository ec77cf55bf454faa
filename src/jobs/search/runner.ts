import { ruleFor } from '../../core/layer-rules'
import { RuntimeFailure, throwIfAborted, UnsupportedError } from '../../core/errors'
import type { Progress, TrialPoint } from '../../core/progress'
import type { Reference } from '../../evaluate/compare'
import { GraphEditor, type Value } from '../../graph/edit'
import type { Model } from '../../graph/model'
import type { Layer } from '../../methods/method'
import type { JobPorts } from '../ports'
import type { Trials } from '../trials'
import type { SearchData } from './data'
import { readKept, type KeptScore } from './kept'
import { noiseRatio } from './score'
import { withRules } from './specs'
import { firstSamples } from './subset'
import { isQuantized, type LayerNoise, type ScoredTrial, type TrialRunner, type TrialSpec } from './trial'
import { makeVariant, scoreVariant, type Workshop } from './variant'

export interface RunnerOptions {
  readonly maxTrials: number
  readonly trials: Trials
}

/** Makes trials of a tidied model and scores them in onnxruntime, on the scoring half of the calibration data. */
export class ModelRunner implements TrialRunner {
  /** Trials that could not be made, and why. */
  readonly failed = new Map<string, string>()
  readonly #workshop: Workshop
  readonly #data: SearchData
  readonly #ports: JobPorts
  readonly #options: RunnerOptions
  readonly #names = new Set<string>()
  readonly #subsets = new Map<number, Reference>()

  /** @param workshop with the tidied model, and ranges of the other half */
  constructor(workshop: Workshop, data: SearchData, options: RunnerOptions, ports: JobPorts) {
    this.#workshop = workshop
    this.#data = data
    this.#options = options
    this.#ports = ports
  }

  get samples(): number {
    return this.#data.scoring.data.count
  }

  get made(): number {
    return this.#names.size
  }

  get left(): number {
    return this.#options.maxTrials - this.#names.size
  }

  async run(spec: TrialSpec, samples = this.samples): Promise<ScoredTrial | null> {
    if (!this.#names.has(spec.name) && this.left <= 0) return null
    this.#names.add(spec.name)
    const at = { item: `${this.made} of ${this.#options.maxTrials}: ${spec.name}`, index: this.made - 1 }
    try {
      const made = await this.#score(spec.name, spec.steps, samples, at)
      const trial: ScoredTrial = { ...spec, ...made }
      if (samples >= this.samples) this.#tell(trial, at)
      return trial
    } catch (error) {
      if (!(error instanceof UnsupportedError || error instanceof RuntimeFailure)) throw error
      this.failed.set(spec.name, error.message)
      return null
    }
  }

  async scan(base: ScoredTrial, kind: '8' | '4'): Promise<readonly LayerNoise[]> {
    // noise comes in with weights; what only moves values on has its neighbours' grid
    const layers = base.layers.filter((layer) => isQuantized(layer) && layer.sizeBeforeBytes > 0)
    const samples = scanSamples(this.samples)
    const noises: LayerNoise[] = []
    for (const [i, layer] of layers.entries()) {
      const number = i + 1
      const item = `layer ${number} of ${layers.length}: ${layer.name}`
      const alone = withRules(base, `${ruleFor(layer.name, kind)} *=float`, base.name)
      const made = await this.#score(`scan-${kind}`, alone.steps, samples, { item, index: this.made - 1 })
      const one = made.layers.find(({ name }) => name === layer.name)
      noises.push({
        name: layer.name,
        opType: layer.opType,
        noise: noiseRatio(made.score.sqnrDb) ** 2,
        savedBytes: one ? one.sizeBeforeBytes - one.sizeAfterBytes : 0,
      })
    }
    return noises
  }

  headOf(output: string, layers: readonly Layer[]): readonly Layer[] {
    return headLayers(this.#workshop.model, output, layers)
  }

  async #score(trial: string, steps: TrialSpec['steps'], samples: number, at: At): Promise<KeptScore> {
    const { trials } = this.#options
    const identity = { data: this.#data.sha256, steps, samples }
    const known = readKept(await trials.takePart(trial, identity))
    if (known) return known
    const ports = this.#portsOf(at)
    throwIfAborted(ports.signal)
    const start = ports.now()
    ports.onProgress({ stage: 'trial', done: 0, total: 1, unit: 'items' })
    const reference = await this.#first(samples)
    const made: KeptScore = await this.#make(steps, reference, ports)
    await trials.keepPart(identity, made, ports.now() - start)
    return made
  }

  async #make(steps: TrialSpec['steps'], reference: Reference, ports: JobPorts): Promise<KeptScore> {
    const { bytes, layers } = await makeVariant(this.#workshop, steps, ports)
    const score = await scoreVariant(reference, bytes, ports)
    return { sizeBytes: bytes.byteLength, score, layers }
  }

  async #first(samples: number): Promise<Reference> {
    const known = this.#subsets.get(samples)
    if (known) return known
    const subset = await firstSamples(this.#data.scoring, samples)
    this.#subsets.set(samples, subset)
    return subset
  }

  /** All that a trial reports is one stage, so that a line of a log stands for the search. */
  #portsOf({ item, index }: At): JobPorts {
    const { maxTrials } = this.#options
    const onProgress = ({ done, total }: Progress) => {
      const part = total > 0 ? Math.min(1, done / total) : 0
      const overall = Math.min(1, (index + part) / maxTrials)
      this.#ports.onProgress({ stage: 'trial', item, done: index, total: maxTrials, unit: 'items', overall })
    }
    return { ...this.#ports, onProgress }
  }

  #tell({ name, sizeBytes, score }: ScoredTrial, { item, index }: At): void {
    const { maxTrials } = this.#options
    const trial: TrialPoint = { name, sizeBytes, metric: score.metric, drop: score.drop }
    const done = index + 1
    this.#ports.onProgress({
      stage: 'trial',
      item,
      done,
      total: maxTrials,
      unit: 'items',
      overall: done / maxTrials,
      trial,
    })
  }
}

interface At {
  readonly item: string
  readonly index: number
}

/** Noise shows in every element of every sample, so that few samples tell it. */
function scanSamples(samples: number): number {
  return Math.min(samples, Math.max(8, Math.min(32, Math.ceil(samples / 8))))
}

/** The layers that compute an output, past the nodes that are none. */
export function headLayers(model: Model, output: string, layers: readonly Layer[]): readonly Layer[] {
  const editor = new GraphEditor(model)
  const named = new Map(layers.map((layer) => [layer.name, layer]))
  const found = new Set<Layer>()
  const seen = new Set<Value>()
  const open: (Value | undefined)[] = [editor.resolve(model.graph, output)]
  while (open.length > 0) {
    const value = open.pop()
    const node = value?.producer
    if (!node || seen.has(value)) continue
    seen.add(value)
    const layer = named.get(node.name || (node.outputs[0] ?? ''))
    if (layer) found.add(layer)
    // on through what holds no weight of its own: an Add at the end of a head is not yet the head
    if (layer && layer.sizeBeforeBytes > 0) continue
    node.inputs.forEach((_, i) => open.push(editor.input(node, i)))
  }
  return layers.filter((layer) => found.has(layer))
}
