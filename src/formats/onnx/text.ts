export { oneLine } from '../../core/one-line'

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const encoder = new TextEncoder()

/**
 * Bytes → text and back without loss. ONNX text is UTF-8, but files with other bytes in a doc string exist: a byte that
 * is not part of valid UTF-8 becomes the lone surrogate U+DC00 + byte, which no valid text contains.
 */
export function decodeText(bytes: Uint8Array): string {
  if (bytes.length < 48) {
    let text = ''
    for (const byte of bytes) {
      if (byte >= 0x80) return decodeAny(bytes)
      text += String.fromCharCode(byte)
    }
    return text
  }
  return decodeAny(bytes)
}

function decodeAny(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes)
  } catch {
    return decodeDamaged(bytes)
  }
}

function decodeDamaged(bytes: Uint8Array): string {
  const parts: string[] = []
  for (let at = 0; at < bytes.length;) {
    const length = sequenceLength(bytes[at]!)
    const part = bytes.subarray(at, at + length)
    try {
      parts.push(strict.decode(part))
      at += length
    } catch {
      parts.push(String.fromCharCode(0xdc00 + bytes[at]!))
      at += 1
    }
  }
  return parts.join('')
}

const sequenceLength = (first: number) => (first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4)

export function encodeText(text: string): Uint8Array {
  if (!/\p{Surrogate}/u.test(text)) return encoder.encode(text)
  const bytes: number[] = []
  for (const character of text) {
    const code = character.codePointAt(0)!
    if (code >= 0xdc80 && code <= 0xdcff) bytes.push(code - 0xdc00)
    else bytes.push(...encoder.encode(character))
  }
  return Uint8Array.from(bytes)
}
