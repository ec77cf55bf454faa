import { assert } from '../core/errors'
import type {
  ChannelLayout,
  DequantizeParameters,
  HistogramParameters,
  KernelInteger,
  Limits,
  QuantizeParameters,
} from './backend'
import { MOST_STEPS } from './histogram'

/** Beyond, a bin could lie where products are clamped. */
const MOST_BINS = MOST_STEPS / 4

export const INTEGER_LIMITS: Readonly<Record<KernelInteger, Limits>> = {
  int8: { low: -128, high: 127 },
  uint8: { low: 0, high: 255 },
  int16: { low: -32768, high: 32767 },
  uint16: { low: 0, high: 65535 },
}

/** Bytes of one integer. */
export function widthOf(dtype: KernelInteger): 1 | 2 {
  return dtype.endsWith('16') ? 2 : 1
}

export function layoutSize(layout: ChannelLayout): number {
  return layout.outer * layout.channels * layout.inner
}

/** Kernels read memory by these numbers, so a wrong one is caught before it reads beyond the end. */
export function checkLayout(length: number, layout: ChannelLayout): void {
  const { outer, channels, inner } = layout
  const isWhole = [outer, channels, inner].every((size) => Number.isSafeInteger(size) && size >= 0)
  assert(
    isWhole && layoutSize(layout) === length,
    `layout [${outer}, ${channels}, ${inner}] does not fit ${length} elements`,
  )
}

export function checkQuantize(length: number, parameters: QuantizeParameters): void {
  checkLayout(length, parameters.layout)
  checkChannels('reciprocals', parameters.reciprocal.length, parameters)
  const { dtype, limits = INTEGER_LIMITS[dtype] } = parameters
  const { low, high } = INTEGER_LIMITS[dtype]
  const isWithin = Number.isInteger(limits.low) && Number.isInteger(limits.high) && low <= limits.low
  assert(isWithin && limits.high <= high, `limits ${limits.low} … ${limits.high} of ${dtype}`)
  checkZeroPoints(parameters, limits)
}

/** @param bytes length of the quantized array */
export function checkDequantize(bytes: number, parameters: DequantizeParameters): void {
  checkLayout(bytes / widthOf(parameters.dtype), parameters.layout)
  checkChannels('scales', parameters.scale.length, parameters)
  checkZeroPoints(parameters, INTEGER_LIMITS[parameters.dtype])
}

export function checkHistogram(length: number, parameters: HistogramParameters): void {
  const { layout, bins, reciprocal, first } = parameters
  checkLayout(length, layout)
  checkChannels('reciprocals', reciprocal.length, parameters)
  checkChannels('firsts', first.length, parameters)
  assert(Number.isInteger(bins) && bins >= 1 && bins <= MOST_BINS, `${bins} bins`)
  const wrong = first.find((one) => Math.abs(one) > MOST_STEPS / 2)
  assert(wrong === undefined, `a first bin at ${wrong} steps`)
}

function checkChannels(what: string, count: number, { layout }: { layout: ChannelLayout }): void {
  assert(count === layout.channels, `${count} ${what} for ${layout.channels} channels`)
}

function checkZeroPoints(
  parameters: Pick<QuantizeParameters, 'layout' | 'zeroPoint' | 'dtype'>,
  { low, high }: Limits,
): void {
  checkChannels('zero points', parameters.zeroPoint.length, parameters)
  const wrong = parameters.zeroPoint.find((zeroPoint) => zeroPoint < low || zeroPoint > high)
  assert(wrong === undefined, `zero point ${wrong} lies outside of ${parameters.dtype} ${low} … ${high}`)
}
