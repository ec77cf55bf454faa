import type { Bytes } from '../core/bytes'
import type { DType } from '../core/dtypes'
import type { Tensor } from '../core/tensor'
import type { Dim } from '../graph/model'

/**
 * onnxruntime behind one interface: the judge of every result, never our engine.
 * In the page it lives in a worker of its own; in Node it is the same WASM build.
 */
export interface Runtime {
  /** Execution provider, e.g. 'wasm'. */
  readonly provider: string
  /** How many cores a run may use; absent where it is not known. */
  readonly threads?: number
  /** onnxruntime's version. */
  readonly version: string
  /** @throws RuntimeFailure with onnxruntime's own sentence and the node it blames */
  open(model: Bytes, options?: SessionOptions): Promise<Session>
}

export interface SessionOptions {
  /** 'all' is what users get; 'none' runs the graph as it stands (constant folding, bit-exact comparisons). */
  optimize?: 'all' | 'none'
  /** Files that the model refers to, by the path it uses. */
  externalData?: ReadonlyMap<string, Bytes>
}

export interface ValueSignature {
  readonly name: string
  readonly dtype: DType
  readonly shape: readonly Dim[]
}

export interface Session {
  readonly inputs: readonly ValueSignature[]
  readonly outputs: readonly ValueSignature[]
  /**
   * Runs once. `ms` is the time of the run itself, without crossing threads.
   * @throws RuntimeFailure, ShapeError
   */
  run(feeds: ReadonlyMap<string, Tensor>): Promise<{ outputs: Map<string, Tensor>; ms: number }>
  release(): Promise<void>
}
