/** Devices of Windows, which are no file names there, whatever their extension. */
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/i
const MAX_LENGTH = 120

/** A name that is one part of a path on every system, whatever was in it. */
export function safeName(name: string): string {
  const plain = name.replace(/[\p{Cc}\p{Cf}\\/:*?"<>|]/gu, '_').replace(/^[. ]+|[. ]+$/g, '')
  return shortened(plain).replace(RESERVED, '_$1') || 'result'
}

/** Keeps what stands after the last dot: it says what a file is. */
function shortened(name: string): string {
  if (name.length <= MAX_LENGTH) return name
  const end = /\.[^.]{1,12}$/.exec(name)?.[0] ?? ''
  return name.slice(0, MAX_LENGTH - end.length) + end
}

/** Gives each name once: "a.onnx", then "a (2).onnx". Disks of macOS and Windows take A and a for one name. */
export class UniqueNames {
  readonly #taken = new Set<string>()
  /** Where counting goes on, so that a thousand equal names do not take a million steps. */
  readonly #next = new Map<string, number>()

  /** @param end what stays at the end, e.g. ".onnx" */
  take(stem: string, end = ''): string {
    const key = keyOf(stem + end)
    let [unique, n] = [stem + end, this.#next.get(key) ?? 2]
    for (; this.#taken.has(keyOf(unique)); n++) unique = `${stem} (${n})${end}`
    this.#next.set(key, n)
    this.#taken.add(keyOf(unique))
    return unique
  }
}

const keyOf = (name: string) => name.normalize('NFC').toLowerCase()
