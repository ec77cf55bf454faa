import type { Dim } from '../graph/model'
import type { ValueSignature } from '../runtime/runtime'

/** Sizes that stand for what a model leaves open. */
export interface SizeGuess {
  readonly batch: number
  /** Steps of a sequence, features of a table: every open size that is neither batch nor picture side. */
  readonly length: number
  /** Height and width of a picture. */
  readonly side: number
}

type Meaning = keyof SizeGuess

/** Names that converters give to sizes they know nothing of; two of them need not be equal. */
const NAMELESS = /^(\?|none|unk__\d+|unknown.*|dynamic.*|)$/i

/**
 * What each open size of the inputs means, by its name, else by its place. Sizes of one name mean the same in all
 * inputs. Without a telling name: the first open size is the batch, unless a 1 stands in front of it; of pictures
 * (rank 4 and more) the others are sides; else lengths.
 * @returns for each input, a meaning or a fixed size per axis
 */
export function openSizes(inputs: readonly ValueSignature[]): Map<string, (Meaning | number)[]> {
  const byName = new Map<string, Meaning>()
  const result = new Map<string, (Meaning | number)[]>()
  for (const { name, shape } of inputs) {
    const firstOpen = shape.findIndex((dim) => typeof dim !== 'number')
    result.set(
      name,
      shape.map((dim, axis) => {
        if (typeof dim === 'number') return dim
        const isNamed = dim !== null && !NAMELESS.test(dim)
        const known = isNamed ? byName.get(dim) : undefined
        const meaning = known ?? meaningOf(dim, axis, firstOpen, shape)
        if (isNamed) byName.set(dim, meaning)
        return meaning
      }),
    )
  }
  return result
}

function meaningOf(dim: Dim, axis: number, firstOpen: number, shape: readonly Dim[]): Meaning {
  if (typeof dim === 'string') {
    if (/batch|^(n|b|bs)$/i.test(dim)) return 'batch'
    if (/seq|len|time|frame|token|step|^t$/i.test(dim)) return 'length'
    if (/height|width|^(h|w)$/i.test(dim)) return 'side'
  }
  if (axis === firstOpen && (axis === 0 || shape[0] !== 1)) return 'batch'
  return shape.length >= 4 ? 'side' : 'length'
}

const LENGTHS = [16, 64, 128, 256, 512, 32, 1, 1024, 4096, 16000]
const SIDES = [224, 64, 32, 256, 512]

/** Guesses to try in order, the likeliest first; a single one where nothing is open. */
export function* sizeGuesses(open: ReadonlyMap<string, readonly (Meaning | number)[]>): Generator<SizeGuess> {
  const meanings = new Set([...open.values()].flat())
  const lengths = meanings.has('length') ? LENGTHS : LENGTHS.slice(0, 1)
  const sides = meanings.has('side') ? SIDES : SIDES.slice(0, 1)
  for (const side of sides) for (const length of lengths) yield { batch: 1, length, side }
  if (meanings.has('batch')) yield { batch: 2, length: LENGTHS[0] as number, side: SIDES[0] as number }
}

export function shapeWith(sizes: readonly (Meaning | number)[], guess: SizeGuess): number[] {
  return sizes.map((size) => (typeof size === 'number' ? size : guess[size]))
}
