import type { Layer } from '../../methods/method'
import type { Recipe } from '../recipe'
import type { Score } from './score'

/** One way of making the model smaller, before it is measured. `steps` come after tidy. */
export interface TrialSpec {
  /** Unique within a search; people read it. */
  readonly name: string
  readonly steps: Recipe['steps']
  /**
   * 'fallback': 16 bits need a new runtime and are computed in floats, so they are chosen only where nothing plain
   * keeps the budget. 'size': so do weights of 4 bits, whose loss few samples hardly see: chosen only for a size.
   */
  readonly use?: 'fallback' | 'size'
}

export interface ScoredTrial extends TrialSpec {
  readonly sizeBytes: number
  readonly score: Score
  readonly layers: readonly Layer[]
}

/** What one layer adds to the noise at the outputs when it alone is quantized. */
export interface LayerNoise {
  readonly name: string
  readonly opType: string
  /** |noise|² / |signal|² of the worst output. */
  readonly noise: number
  /** What the file shrinks by. */
  readonly savedBytes: number
}

/** Makes and scores trials; the search knows nothing else of models and runtimes. */
export interface TrialRunner {
  /** How many samples score a trial that goes all the way. */
  readonly samples: number
  /** Trials that may still be made. */
  readonly left: number
  /**
   * @param samples the first ones; default: all. A trial counts once, on however many samples it is scored.
   * @returns null where it cannot be made or run on this model: that is remembered for the report
   */
  run(spec: TrialSpec, samples?: number): Promise<ScoredTrial | null>
  /** Each layer of a static trial quantized alone, to `kind`: how much noise that brings. */
  scan(base: ScoredTrial, kind: '8' | '4'): Promise<readonly LayerNoise[]>
  /** The nearest layers of weights before an output. */
  headOf(output: string, layers: readonly Layer[]): readonly Layer[]
}

/** How many layers of a static trial were quantized. */
export const isQuantized = ({ to }: Layer) => to !== 'float'
