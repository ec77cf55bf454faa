/**
 * What every backend can do. Kernels return exact integers, minima and maxima only; scales, reciprocals and zero
 * points are computed by the caller on the host with `Math.fround`, so that every backend gives the same bytes (R7).
 * Results are promised, since a GPU gives them later; WASM and the reference compute them within the call.
 */

/**
 * A tensor seen as [outer, channels, inner], row-major. Per-tensor quantization is one channel.
 */
export interface ChannelLayout {
  readonly outer: number
  readonly channels: number
  readonly inner: number
}

export interface MinMax {
  /** [channels]; +0 for an empty channel. */
  readonly min: Float32Array<ArrayBuffer>
  readonly max: Float32Array<ArrayBuffer>
  /** Flat index of the first NaN or infinity; -1 where all values are finite. */
  readonly firstNonFinite: number
}

/** What kernels write and read; narrower integers are made as bytes and packed after. */
export type KernelInteger = 'int8' | 'uint8' | 'int16' | 'uint16'

/** Least and greatest integer; they hold every zero point. */
export interface Limits {
  readonly low: number
  readonly high: number
}

export interface QuantizeParameters {
  readonly layout: ChannelLayout
  /** [channels], the float32 reciprocal of each scale. */
  readonly reciprocal: Float32Array<ArrayBuffer>
  /** [channels] */
  readonly zeroPoint: Int32Array<ArrayBuffer>
  readonly dtype: KernelInteger
  /** Those of the dtype where absent. */
  readonly limits?: Limits | undefined
}

export interface DequantizeParameters {
  readonly layout: ChannelLayout
  /** [channels] */
  readonly scale: Float32Array<ArrayBuffer>
  /** [channels] */
  readonly zeroPoint: Int32Array<ArrayBuffer>
  readonly dtype: KernelInteger
}

export interface HistogramParameters {
  readonly layout: ChannelLayout
  /** 1 to 2²⁰ */
  readonly bins: number
  /** [channels], the float32 reciprocal of the width of a bin. */
  readonly reciprocal: Float32Array<ArrayBuffer>
  /** [channels], what the middle of the first bin rounds to, within ±2²¹; `binsBetween` gives both. */
  readonly first: Int32Array<ArrayBuffer>
}

/** What both directions need. */
export type FakeQuantizeParameters = QuantizeParameters & DequantizeParameters

export interface Backend {
  readonly name: 'reference' | 'wasm' | 'webgpu'

  /** Minimum and maximum of each channel of `values` ([outer, channels, inner]). */
  minMax(values: Float32Array, layout: ChannelLayout): Promise<MinMax>

  /**
   * q = clamp(roundHalfEven(fround(x · reciprocal)) + zeroPoint, low, high), as bytes of the dtype, little-endian.
   */
  quantize(values: Float32Array, parameters: QuantizeParameters): Promise<Uint8Array<ArrayBuffer>>

  /** x = fround((q − zeroPoint) · scale); q as `quantize` gives it. */
  dequantize(quantized: Uint8Array, parameters: DequantizeParameters): Promise<Float32Array<ArrayBuffer>>

  /** dequantize(quantize(x)): what is left of values after both. */
  fakeQuantize(values: Float32Array, parameters: FakeQuantizeParameters): Promise<Float32Array<ArrayBuffer>>

  /**
   * How many values of each channel fall into each bin, [channels, bins]: bin = roundHalfEven(fround(x · reciprocal)) −
   * first, clamped to 0 … bins − 1. Values that are not finite are not counted.
   */
  histogram(values: Float32Array, parameters: HistogramParameters): Promise<Uint32Array<ArrayBuffer>>

  /**
   * Packs `values` (one byte each) into `bits` (2 or 4) per element, low bits first; the last byte is padded with zeros.
   */
  pack(values: Uint8Array, bits: 2 | 4): Promise<Uint8Array<ArrayBuffer>>
}
