import type { IntegerType } from '../../../engine/quantize/integers'

/** How a target computes one operator in integers. */
export interface OperatorRule {
  /** integer: only when its result is quantized as well. any: its result may stay float. */
  readonly output: 'integer' | 'any'
  /** Whether its weight may have a scale per output channel. */
  readonly isPerChannel?: boolean
  /** Whether it is fused only where its weight has a zero point, though all are 0. */
  readonly needsZeroPoint?: boolean
}

/** The rules by which a runtime turns QuantizeLinear and DequantizeLinear around operators into integer operators. */
export interface Target {
  /** Of inner values; null: they stay float, and only weights are quantized. */
  readonly activations: IntegerType | null
  readonly weights: IntegerType
  /** int32, in the units of the sum of products; or float, for runtimes that add it there. */
  readonly bias: 'int32' | 'float'
  readonly operators: Readonly<Record<string, OperatorRule>>
  /** Operators that move or choose elements in integers: scale and zero point of the result are those of the input. */
  readonly keepsScale: ReadonlySet<string>
  /** Those of `keepsScale` that the runtime has no integer form of: one pair behind a chain of them does. */
  readonly movesInFloat: ReadonlySet<string>
  /** Activations that become part of the operator before them, so that nothing is quantized in between. */
  readonly absorbs: ReadonlySet<string>
  /** Results whose range is prescribed, whatever the data says: [min, max]. */
  readonly fixedRanges: Readonly<Record<string, readonly [number, number]>>
  /** Whether every operator that can be is made integer, not only those between integer products. */
  readonly isWhole: boolean
  /** Whether Conv → Add is one operator, whose other summand alone is quantized. */
  readonly fusesResidual: boolean
}

export const U8: IntegerType = { bits: 8, isSigned: false, scheme: 'asymmetric' }
/** Weights that are only stored. */
export const S4: IntegerType = { bits: 4, isSigned: true, scheme: 'symmetric' }
export const S8: IntegerType = { bits: 8, isSigned: true, scheme: 'symmetric' }

/** The same kind of integers with 16 bits. */
export const widened = (type: IntegerType): IntegerType => ({ ...type, bits: 16 })

export const namesOf = (text: string): ReadonlySet<string> => new Set(text.split(' '))
