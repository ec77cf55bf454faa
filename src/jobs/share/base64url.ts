import type { Bytes } from '../../core/bytes'

/** RFC 4648 §5, without padding. Our own, because platforms differ in what they forgive. */
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const VALUES = new Map(Array.from(ALPHABET, (character, value) => [character.charCodeAt(0), value]))

export function encodeBase64Url(bytes: Uint8Array): string {
  const characters: string[] = []
  let buffer = 0
  let bits = 0
  for (const byte of bytes) {
    buffer = ((buffer << 8) | byte) & 0xffff
    for (bits += 8; bits >= 6; bits -= 6) characters.push(ALPHABET[(buffer >>> (bits - 6)) & 63] as string)
  }
  if (bits > 0) characters.push(ALPHABET[(buffer << (6 - bits)) & 63] as string)
  return characters.join('')
}

export type Decoded =
  | { readonly ok: true; readonly bytes: Bytes }
  /** `position`: index of the character that is not in the alphabet. */
  | { readonly ok: false; readonly kind: 'alphabet'; readonly position: number }
  /** A length that no bytes have, or bits at the end that should be zero: every text has one way to be written. */
  | { readonly ok: false; readonly kind: 'damaged' }

export function decodeBase64Url(text: string): Decoded {
  const bytes = new Uint8Array(Math.floor((text.length * 6) / 8))
  let buffer = 0
  let bits = 0
  let length = 0
  for (let position = 0; position < text.length; position++) {
    const value = VALUES.get(text.charCodeAt(position))
    if (value === undefined) return { ok: false, kind: 'alphabet', position }
    buffer = ((buffer << 6) | value) & 0xffff
    bits += 6
    if (bits < 8) continue
    bits -= 8
    bytes[length++] = (buffer >>> bits) & 255
  }
  const isCanonical = text.length % 4 !== 1 && (buffer & ((1 << bits) - 1)) === 0
  return isCanonical ? { ok: true, bytes } : { ok: false, kind: 'damaged' }
}
