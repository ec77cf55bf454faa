/** How close the result is to the original. Rates are fractions, decibels where the name says so. */
export interface Quality {
  readonly data: 'user' | 'synthetic' | 'weights-only'
  readonly samples: number
  /** How pictures were turned into inputs, e.g. 'imagenet-caffe'. */
  readonly preprocess?: string
  /** Worst output. null = identical (infinite). */
  readonly sqnrDb: number | null
  /** null where nothing was run (`weights-only`). */
  readonly cosine: number | null
  readonly top1Agreement?: number
  /** 95 % interval of it. */
  readonly agreement95?: readonly [number, number]
  readonly task?: TaskResult
  /** Per class of the labels, by class number; absent without labels of one class a sample. */
  readonly classes?: readonly ClassResult[]
  readonly outputs: readonly OutputQuality[]
  readonly providers: readonly ProviderResult[]
}

/** The result against the original's reference outputs on one execution provider. */
export interface ProviderResult {
  readonly name: string
  readonly maxAbsError: number
  readonly cosine: number
  readonly ok: boolean
  /** How many samples it ran; absent where it ran all. */
  readonly samples?: number
  /** Share of decisions that are the original's (on the judge). */
  readonly top1Agreement?: number
  /** Of the result, where there are labels. */
  readonly accuracy?: number
  /** Sums of two products that left 16 bits, by node; of the simulated provider alone. */
  readonly saturation?: {
    readonly pairs: number
    readonly saturated: number
    readonly layers: readonly SaturatedLayer[]
  }
  /** Of a second provider: how far it is from what another one made of the same result. */
  readonly versus?: {
    readonly provider: string
    /** Largest difference, as a share of the output's range. */
    readonly disagreement: number
    /** Share of decisions that both make alike. */
    readonly top1Agreement?: number
  }
}

export interface SaturatedLayer {
  readonly node: string
  readonly pairs: number
  readonly saturated: number
}

/** Right answers of one class, before and after. */
export interface ClassResult {
  readonly class: number
  readonly samples: number
  readonly before: number
  readonly after: number
  /** Right before and wrong after. */
  readonly lost?: number
}

/** Below this cosine an output is not the same answer any more, whatever its errors' size. */
export const MIN_COSINE = 0.99

export interface OutputQuality {
  readonly name: string
  /** null = identical (infinite). */
  readonly sqnrDb: number | null
  readonly cosine: number
  readonly maxAbsError: number
  readonly isIdentical: boolean
  /** For outputs that are one probability: decisions at 0.5 that changed. */
  readonly decisionFlips?: number
}

export interface TaskResult {
  readonly metric: 'accuracy' | 'nll'
  readonly before: number
  readonly after: number
  /** before − after for accuracy, after − before for nll: above zero is worse. */
  readonly drop: number
  /** 95 % interval of the paired difference `drop`. */
  readonly ci95: readonly [number, number]
  /** 95 % interval of `drop` by a paired bootstrap over samples, and how it was made. */
  readonly bootstrap95?: {
    readonly interval: readonly [number, number]
    readonly resamples: number
    readonly seed: number
  }
  /** McNemar's exact test: samples right before and wrong after, the other way round, two-sided p. */
  readonly mcnemar?: { readonly lost: number; readonly gained: number; readonly p: number }
  /** Both measures of the labels, whichever is the metric; nll is the mean negative log-likelihood in nats. */
  readonly nll?: { readonly before: number; readonly after: number }
  readonly accuracy?: { readonly before: number; readonly after: number }
}

export interface Speed {
  readonly provider: string
  /** Threads that the runtime may use; 1 where memory cannot be shared. */
  readonly threads?: number
  readonly beforeMs: number
  readonly afterMs: number
  /** Quartiles [q1, q3] of the runs. */
  readonly beforeSpreadMs: readonly [number, number]
  readonly afterSpreadMs: readonly [number, number]
  readonly runs: number
}
