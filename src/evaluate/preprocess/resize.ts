/** A picture as numbers, [height, width, channels]. */
export interface FloatPicture {
  readonly width: number
  readonly height: number
  readonly channels: number
  readonly values: Float32Array
}

/**
 * Resizes with a triangle filter that widens where it shrinks (antialiasing), in float32, columns after rows.
 *
 * Differs from Pillow's BILINEAR on 8-bit pictures by at most 1: Pillow rounds to 8 bits after each of its two passes,
 * this never does.
 *
 * Source of the filter's definition: Pillow's documentation, "Filters", and the conventional half-pixel centres.
 */
export function resizeTriangle(picture: FloatPicture, width: number, height: number): FloatPicture {
  const { channels } = picture
  let { values } = picture
  if (width !== picture.width) values = resizeRows(values, picture.height, picture.width, width, channels)
  // a column of pixels is a row whose "channels" are a whole line
  if (height !== picture.height) values = resizeRows(values, 1, picture.height, height, channels * width)
  return { width, height, channels, values }
}

/** [rows, from, inner] → [rows, to, inner] */
function resizeRows(values: Float32Array, rows: number, from: number, to: number, inner: number): Float32Array {
  const taps = filterTaps(from, to)
  const result = new Float32Array(rows * to * inner)
  for (let row = 0; row < rows; row++) {
    for (let x = 0; x < to; x++) {
      const { start, weights } = taps[x] as Tap
      const out = (row * to + x) * inner
      for (let c = 0; c < inner; c++) {
        let sum = 0
        for (let k = 0, at = (row * from + start) * inner + c; k < weights.length; k++, at += inner) {
          sum += (weights[k] as number) * (values[at] as number)
        }
        result[out + c] = sum
      }
    }
  }
  return result
}

interface Tap {
  readonly start: number
  /** They sum to 1. */
  readonly weights: Float64Array
}

/** Which of `from` pixels make each of `to` pixels, and with which weights. */
function filterTaps(from: number, to: number): Tap[] {
  const scale = from / to
  const radius = Math.max(scale, 1)
  return Array.from({ length: to }, (_, x) => {
    const centre = (x + 0.5) * scale
    const start = Math.max(0, Math.floor(centre - radius + 0.5))
    const end = Math.min(from, Math.floor(centre + radius + 0.5))
    const weights = new Float64Array(end - start)
    let sum = 0
    for (let k = 0; k < weights.length; k++) {
      const distance = Math.abs(start + k + 0.5 - centre) / radius
      sum += weights[k] = Math.max(0, 1 - distance)
    }
    for (let k = 0; k < weights.length; k++) weights[k] = (weights[k] as number) / sum
    return { start, weights }
  })
}
