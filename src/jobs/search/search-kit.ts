/** A made-up model for tests of the search: what each trial scores follows from its rules. Not part of the product. */
import { parseLayerRules } from '../../core/layer-rules'
import type { Layer } from '../../methods/method'
import type { Score } from './score'
import { rulesOf } from './specs'
import type { LayerNoise, ScoredTrial, TrialRunner, TrialSpec } from './trial'

export interface MadeUpLayer {
  readonly name: string
  readonly floatBytes: number
  /** |noise|²/|signal|² that the layer adds in 8 bits. */
  readonly noise: number
  /** Output that it feeds; default 'y'. */
  readonly output?: string
}

export function scoreOfNoise(noise: Readonly<Record<string, number>>, more: Partial<Score> = {}): Score {
  const outputs = Object.entries(noise).map(([name, power]) => ({
    name,
    sqnrDb: power === 0 ? null : -10 * Math.log10(power),
    cosine: 1,
    maxAbsError: 0,
    isIdentical: power === 0,
  }))
  const worst = Math.max(...Object.values(noise))
  const agreement = 1 - worst
  const drop = 1 - agreement
  return {
    ...{ metric: 'agreement', samples: 100, drop, relativeDrop: drop, agreement },
    ...{ sqnrDb: worst === 0 ? null : -10 * Math.log10(worst), outputs },
    ...more,
  }
}

export const trialOf = (
  name: string,
  sizeBytes: number,
  score: Score,
  more: Partial<ScoredTrial> = {},
): ScoredTrial => ({
  ...{ name, steps: [], sizeBytes, score, layers: [] },
  ...more,
})

/** Noise powers by observer; rules for layers count as in static-int8. */
export class MadeUpRunner implements TrialRunner {
  readonly ran: { name: string; samples: number }[] = []
  readonly scans: string[] = []
  readonly samples: number
  readonly #layers: readonly MadeUpLayer[]
  readonly #factor: (spec: TrialSpec) => number
  readonly #names = new Set<string>()
  readonly #maxTrials: number

  /** @param factor of a trial's noise: what its observer makes of it */
  constructor(
    layers: readonly MadeUpLayer[],
    options: { maxTrials?: number; samples?: number; factor?: (spec: TrialSpec) => number } = {},
  ) {
    this.#layers = layers
    this.#factor = options.factor ?? (() => 1)
    this.samples = options.samples ?? 100
    this.#maxTrials = options.maxTrials ?? 24
  }

  get left(): number {
    return this.#maxTrials - this.#names.size
  }

  async run(spec: TrialSpec, samples = this.samples): Promise<ScoredTrial | null> {
    if (!this.#names.has(spec.name) && this.left === 0) return null
    this.#names.add(spec.name)
    this.ran.push({ name: spec.name, samples })
    const kindOf = parseLayerRules(rulesOf(spec), 'the test')
    const isStatic = spec.steps.some(({ method }) => method === 'static-int8')
    const kinds = this.#layers.map(({ name }) =>
      isStatic ? (kindOf({ name, opType: 'Conv', chain: ['Conv'] }) ?? '8') : 'float',
    )
    const noise: Record<string, number> = {}
    this.#layers.forEach(({ output = 'y', noise: own }, i) => {
      noise[output] = (noise[output] ?? 0) + own * this.#factor(spec) * (NOISES[kinds[i] as string] as number)
    })
    const layers = this.#layers.map((layer, i) => this.#layer(layer, kinds[i] as string))
    const sizeBytes = 1000 + layers.reduce((sum, { sizeAfterBytes }) => sum + sizeAfterBytes, 0)
    return { ...spec, sizeBytes, score: scoreOfNoise(noise, { samples }), layers }
  }

  async scan(base: ScoredTrial, kind: '8' | '4'): Promise<readonly LayerNoise[]> {
    this.scans.push(kind)
    return base.layers.flatMap((layer) => {
      const own = this.#layers.find(({ name }) => name === layer.name)
      if (!own || layer.to === 'float') return []
      const { sizeBeforeBytes, sizeAfterBytes } = this.#layer(own, kind)
      const noise = own.noise * (NOISES[kind] as number)
      return [{ name: layer.name, opType: 'Conv', noise, savedBytes: sizeBeforeBytes - sizeAfterBytes }]
    })
  }

  headOf(output: string, layers: readonly Layer[]): readonly Layer[] {
    const own = this.#layers.filter((layer) => (layer.output ?? 'y') === output).at(-1)
    return layers.filter(({ name }) => name === own?.name)
  }

  #layer({ name, floatBytes }: MadeUpLayer, kind: string): Layer {
    const share = { float: 1, '16': 0.25, '8': 0.25, '4': 0.125 }[kind] as number
    const to = kind === 'float' ? 'float' : `int${kind}`
    return { name, opType: 'Conv', to, sizeBeforeBytes: floatBytes, sizeAfterBytes: floatBytes * share }
  }
}

/** Of a layer's noise in 8 bits, what other kinds have. */
const NOISES: Readonly<Record<string, number>> = { float: 0, '16': 0.01, '8': 1, '4': 16 }
