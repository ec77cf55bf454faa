/**
 * Threefry2x32 with 20 rounds: a random function of a key and a counter, two words each. The same everywhere, in any order, and
 * without a state that must be passed on. Source: Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011
 * (doi 10.1145/2063384.2063405), section 3.4.
 */
const ROTATIONS = [
  [13, 15, 26, 6],
  [17, 29, 16, 24],
] as const
const PARITY = 0x1bd11bda

/** @returns two words, unsigned */
export function threefry(key: readonly [number, number], counter: readonly [number, number]): [number, number] {
  const keys = [key[0], key[1], key[0] ^ key[1] ^ PARITY]
  let x = (counter[0] + keys[0]!) | 0
  let y = (counter[1] + keys[1]!) | 0
  for (let group = 1; group <= 5; group++) {
    for (const turn of ROTATIONS[(group + 1) % 2]!) {
      x = (x + y) | 0
      y = ((y << turn) | (y >>> (32 - turn))) ^ x
    }
    x = (x + keys[group % 3]!) | 0
    y = (y + keys[(group + 1) % 3]! + group) | 0
  }
  return [x >>> 0, y >>> 0]
}

/** A word as a number in [0, 1) that float32 holds exactly: its upper 24 bits. */
export const uniformOf = (word: number): number => (word >>> 8) / 2 ** 24

/** The i-th number of a stream: pairs of numbers share a counter. */
export const uniformAt = (key: readonly [number, number], stream: number, i: number): number =>
  uniformOf(threefry(key, [i >>> 1, stream])[i & 1]!)
