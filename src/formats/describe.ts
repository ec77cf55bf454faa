/** Beginnings of files that people mistake for models, in words. */
const SIGNATURES: readonly [string, readonly number[]][] = [
  ['a zip archive (PyTorch, Keras and NumPy save such files)', [0x50, 0x4b, 0x03, 0x04]],
  ['an empty zip archive', [0x50, 0x4b, 0x05, 0x06]],
  ['a gzip archive', [0x1f, 0x8b]],
  ['an HDF5 file (Keras saves such files)', [0x89, 0x48, 0x44, 0x46]],
  ['a Python pickle (PyTorch saves such files)', [0x80, 0x02]],
  ['a GGUF file', [0x47, 0x47, 0x55, 0x46]],
  ['a NumPy array', [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]],
  ['a PNG picture', [0x89, 0x50, 0x4e, 0x47]],
  ['a JPEG picture', [0xff, 0xd8, 0xff]],
  ['a PDF document', [0x25, 0x50, 0x44, 0x46]],
]

/** Says what the first bytes of a file look like, for messages, e.g. `its first bytes (50 4b 03 04) are a zip archive`. */
export function describeBytes(head: Uint8Array): string {
  if (head.length === 0) return 'the file is empty'
  const hex = [...head.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ')
  const tag = String.fromCharCode(...head.subarray(4, 8))
  const known = SIGNATURES.find(([, bytes]) => bytes.every((byte, i) => head[i] === byte))
  if (known) return `its first bytes (${hex}) are those of ${known[0]}`
  const hasSafetensorsHeader = head.subarray(3, 8).every((byte) => byte === 0) && head[8] === 0x7b
  if (hasSafetensorsHeader && head.length > 9) return `its first bytes (${hex}) are those of a safetensors file`
  const riff = String.fromCharCode(...head.subarray(0, 4)) === 'RIFF' && String.fromCharCode(...head.subarray(8, 12))
  if (riff === 'WEBP') return `its first bytes (${hex}) are those of a WebP picture`
  if (riff === 'WAVE') return `its first bytes (${hex}) are those of a WAV sound`
  if (String.fromCharCode(...head.subarray(257, 262)) === 'ustar') return 'it is a tar archive'
  if (tag === 'TFL3') return `its first bytes (${hex}) are those of a TensorFlow Lite model`
  const start = String.fromCharCode(...head.subarray(0, 120))
  if (start.startsWith('version https://git-lfs'))
    return 'it is a Git LFS pointer; fetch the file itself with "git lfs pull"'
  if (/^\s*(<!doctype|<html)/i.test(start)) return 'it is a web page, perhaps an error page saved under this name'
  if (/^[\t\n\r\x20-\x7e]+$/.test(start)) return `it begins with the text ${JSON.stringify(start.slice(0, 40))}`
  return `its first bytes are ${hex}`
}
