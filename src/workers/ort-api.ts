import type { Bytes } from '../core/bytes'
import type { Tensor } from '../core/tensor'
import type { SessionOptions, ValueSignature } from '../runtime/runtime'

/** What the onnxruntime worker offers to the job worker. Sessions are addressed by number. */
export interface OrtWorkerApi {
  /**
   * Called first, once.
   * @param threads at most; absent: as many as the device has for it
   * @returns `threads` is absent where cores do not count
   */
  start(threads?: number): Promise<{ provider: string; version: string; threads: number | undefined }>
  open(
    model: Bytes,
    options: SessionOptions,
  ): Promise<{ session: number; inputs: readonly ValueSignature[]; outputs: readonly ValueSignature[] }>
  run(session: number, feeds: ReadonlyMap<string, Tensor>): Promise<{ outputs: Map<string, Tensor>; ms: number }>
  release(session: number): Promise<void>
}
