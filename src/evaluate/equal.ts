import type { Bytes } from '../core/bytes'

/** Compares eight bytes at a time where both stand aligned. */
export function bytesEqual(a: Bytes, b: Bytes): boolean {
  if (a.byteLength !== b.byteLength) return false
  let i = 0
  if (a.byteOffset % 8 === 0 && b.byteOffset % 8 === 0) {
    const words = Math.floor(a.byteLength / 8)
    const x = new BigUint64Array(a.buffer, a.byteOffset, words)
    const y = new BigUint64Array(b.buffer, b.byteOffset, words)
    for (let w = 0; w < words; w++) if (x[w] !== y[w]) return false
    i = words * 8
  }
  for (; i < a.byteLength; i++) if (a[i] !== b[i]) return false
  return true
}
