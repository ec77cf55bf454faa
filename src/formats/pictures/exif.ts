/**
 * The orientation tag of EXIF data: how a camera was held.
 *
 * Source: EXIF 2.32 (CIPA DC-008), tag 0x0112 in the first directory of a TIFF block.
 */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8

/** @param tiff the block that begins with II or MM; anything unreadable counts as upright, as in other viewers */
export function exifOrientation(tiff: Uint8Array): Orientation {
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength)
  if (tiff.length < 8) return 1
  const mark = view.getUint16(0)
  if (mark !== 0x4949 && mark !== 0x4d4d) return 1
  const little = mark === 0x4949
  if (view.getUint16(2, little) !== 42) return 1
  const start = view.getUint32(4, little)
  if (start + 2 > tiff.length) return 1
  const count = view.getUint16(start, little)
  for (let i = 0; i < count; i++) {
    const at = start + 2 + 12 * i
    if (at + 12 > tiff.length) return 1
    if (view.getUint16(at, little) !== 0x0112) continue
    // SHORT, one value
    if (view.getUint16(at + 2, little) !== 3 || view.getUint32(at + 4, little) !== 1) return 1
    const value = view.getUint16(at + 8, little)
    return value >= 1 && value <= 8 ? (value as Orientation) : 1
  }
  return 1
}

export function swapsSides(orientation: Orientation): boolean {
  return orientation >= 5
}

/**
 * Turns stored pixels upright.
 * @param pixels [height, width, channels]
 */
export function applyOrientation(
  pixels: Uint8Array<ArrayBuffer>,
  size: { width: number; height: number; channels: number },
  orientation: Orientation,
): { pixels: Uint8Array<ArrayBuffer>; width: number; height: number } {
  const { width, height, channels } = size
  if (orientation === 1) return { pixels, width, height }
  const isSwapped = swapsSides(orientation)
  const [outWidth, outHeight] = isSwapped ? [height, width] : [width, height]
  const result = new Uint8Array(pixels.length)
  let to = 0
  for (let y = 0; y < outHeight; y++) {
    for (let x = 0; x < outWidth; x++) {
      const [sx, sy] = sourceOf(orientation, x, y, width, height)
      const from = (sy * width + sx) * channels
      for (let c = 0; c < channels; c++) result[to++] = pixels[from + c] as number
    }
  }
  return { pixels: result, width: outWidth, height: outHeight }
}

/** Where the upright pixel (x, y) is stored in a width × height picture. */
function sourceOf(orientation: Orientation, x: number, y: number, width: number, height: number): [number, number] {
  const [right, bottom] = [width - 1, height - 1]
  switch (orientation) {
    case 1:
      return [x, y]
    case 2:
      return [right - x, y]
    case 3:
      return [right - x, bottom - y]
    case 4:
      return [x, bottom - y]
    case 5:
      return [y, x]
    case 6:
      return [y, bottom - x]
    case 7:
      return [right - y, bottom - x]
    case 8:
      return [right - y, x]
  }
}
