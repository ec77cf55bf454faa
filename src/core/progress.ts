/** One step of a running job. `done` and `total` count `unit`; `total` 0 means that the end is not known. */
export interface Progress {
  /** What is being done, as a verb: 'read', 'tidy', 'quantize', 'verify', 'write'. */
  stage: string
  /** What it is being done to, e.g. a tensor's name. */
  item?: string
  done: number
  total: number
  unit: 'bytes' | 'items'
  /** 0..1 of the whole job, never falling; absent where the whole is not known. */
  overall?: number
  /** A trial of the automatic choice that has just ended. */
  trial?: TrialPoint
}

/** One way of making a model smaller, measured. */
export interface TrialPoint {
  /** Unique within a search. */
  readonly name: string
  readonly sizeBytes: number
  /** What `drop` is of. */
  readonly metric: 'accuracy' | 'nll' | 'agreement' | 'sqnr'
  /** Against the original (fraction, nats, 1 − agreement, |noise|/|signal|); below zero is better. */
  readonly drop: number
}

export type OnProgress = (progress: Progress) => void

/** Something a person must know about a result: a skipped layer, a fallback, an upgraded opset. */
export interface Note {
  severity: 'info' | 'warning' | 'error'
  /** The node or tensor it is about. */
  node?: string
  text: string
}
