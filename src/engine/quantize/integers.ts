/** The integers that values are quantized to. */
export interface IntegerType {
  /** 2 to 16; held in the narrowest of 4, 8 and 16 bits that takes them. */
  readonly bits: number
  readonly isSigned: boolean
  /**
   * symmetric: zero point in the middle (0 of signed, 2^(bits−1) of unsigned integers), −2^(bits−1) is not used.
   * asymmetric: any zero point. power-of-two: symmetric, the scale a power of two.
   */
  readonly scheme: 'symmetric' | 'asymmetric' | 'power-of-two'
  /** One bit less of the same storage: −64 … 64 or 0 … 127 of 8 bits, whose sums of two products fit 16 bits. */
  readonly isReduced?: boolean
}

/** What the integers are held in. */
export type IntegerStorage = 'int4' | 'uint4' | 'int8' | 'uint8' | 'int16' | 'uint16'

export function storageOf({ bits, isSigned }: IntegerType): IntegerStorage {
  const width = bits <= 4 ? 4 : bits <= 8 ? 8 : 16
  return `${isSigned ? 'int' : 'uint'}${width}`
}

/** The integer in the middle, which zero becomes unless the scheme is asymmetric. */
export function middleOf({ bits, isSigned, isReduced }: IntegerType): number {
  return isSigned ? 0 : 2 ** (bits - (isReduced ? 2 : 1))
}

/** Least and greatest integer that is used. */
export function limitsOf({ bits, isSigned, scheme, isReduced }: IntegerType): { low: number; high: number } {
  const half = 2 ** (bits - 1)
  if (isReduced) return isSigned ? { low: -half / 2, high: half / 2 } : { low: 0, high: half - 1 }
  if (!isSigned) return { low: 0, high: 2 * half - 1 }
  return { low: scheme === 'asymmetric' ? -half : -half + 1, high: half - 1 }
}
