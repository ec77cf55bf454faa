import type { Backend } from '../../backends/backend'
import { layoutOf } from '../../backends/segments'
import { ShapeError, UnsupportedError } from '../../core/errors'

/** Range of every channel of a value over all samples; other axes may differ from sample to sample. */
export class PerChannelMinMax {
  readonly #backend: Pick<Backend, 'minMax'>
  readonly #axis: number
  #seen: { readonly min: Float32Array<ArrayBuffer>; readonly max: Float32Array<ArrayBuffer> } | undefined

  /** @param axis of the channels, from 0 */
  constructor(backend: Pick<Backend, 'minMax'>, axis: number) {
    this.#backend = backend
    this.#axis = axis
  }

  /**
   * @param values of one sample, row-major
   * @throws ShapeError for another number of channels than before, UnsupportedError for what is not finite
   */
  async add(values: Float32Array, shape: readonly number[]): Promise<void> {
    const layout = layoutOf(shape, this.#axis)
    const seen = this.#seen
    if (seen && seen.min.length !== layout.channels) {
      throw new ShapeError(
        `A sample of shape [${shape.join(', ')}] has ${layout.channels} channels on axis ${this.#axis}; those before had ${seen.min.length}.`,
      )
    }
    if (values.length === 0) return
    const { min, max, firstNonFinite } = await this.#backend.minMax(values, layout)
    if (firstNonFinite >= 0) {
      throw new UnsupportedError(`Element ${firstNonFinite} of the value is NaN or infinite, so it has no range.`)
    }
    this.#seen = seen
      ? {
          min: min.map((x, c) => Math.min(x, seen.min[c] as number)),
          max: max.map((x, c) => Math.max(x, seen.max[c] as number)),
        }
      : { min, max }
  }

  /** [channels] each; both empty before the first sample. */
  get range(): { readonly min: Float32Array<ArrayBuffer>; readonly max: Float32Array<ArrayBuffer> } {
    return this.#seen ?? { min: new Float32Array(0), max: new Float32Array(0) }
  }
}
