import { decodeText } from './text'

/** Wire type of each field of ModelProto. */
const MODEL_WIRES: Readonly<Record<number, number>> = {
  1: 0,
  2: 2,
  3: 2,
  4: 2,
  5: 0,
  6: 2,
  7: 2,
  8: 2,
  14: 2,
  20: 2,
  25: 2,
  26: 2,
}

/**
 * Whether the first bytes of a file (up to 4 KiB) can be a ModelProto. There is no magic number, so the fields of the
 * outer message are walked: each must be one of ModelProto with its wire type, short texts must be text, the IR version
 * small, and the IR version or the graph must be there.
 */
export function looksLikeOnnx(head: Uint8Array): boolean {
  if (isText(head)) return false
  let at = 0
  let seen = 0
  let hasCore = false
  const varint = (): number | null => {
    let value = 0
    for (let i = 0; i < 10; i++) {
      const byte = head[at++]
      if (byte === undefined) return null
      value += (byte & 127) * 2 ** (7 * i)
      if (byte < 128) return value
    }
    return null
  }
  while (at < head.length) {
    const tag = varint()
    if (tag === null) return hasCore
    const field = Math.floor(tag / 8)
    const wire = tag % 8
    // newer fields may follow once the file has begun like a model
    const expected = MODEL_WIRES[field]
    if (expected === undefined ? seen < 2 || field === 0 : expected !== wire) return false
    if (wire === 1 || wire === 5) {
      at += wire === 1 ? 8 : 4
      continue
    }
    if (wire !== 0 && wire !== 2) return false
    const value = varint()
    if (value === null) return hasCore || field === 1
    if (field === 1 && value > 255) return false
    if (wire === 2) {
      if (field >= 2 && field <= 4 && !isText(head.subarray(at, at + value))) return false
      at += value
    }
    if (field === 1 || field === 7) hasCore = true
    seen++
  }
  return hasCore
}

function isText(bytes: Uint8Array): boolean {
  // eslint-disable-next-line no-control-regex
  return !/[\u0000-\u0008\u000e-\u001f]/.test(decodeText(bytes))
}
