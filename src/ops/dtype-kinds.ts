import { isFloat } from '../core/host-array'
import type { KnownDType } from '../core/dtypes'
import type { AttributeSchema } from './attributes'
import type { InferContext } from './op'

/** Element types by what can be done with them, as type constraints of the specification group them. */
export type Kind = 'float' | 'signed' | 'unsigned' | 'integer' | 'number' | 'bool' | 'any'

const isUnsigned = (dtype: KnownDType) => dtype.startsWith('uint')
const isInteger = (dtype: KnownDType) => isUnsigned(dtype) || dtype.startsWith('int')

const BELONGS: Record<Kind, (dtype: KnownDType) => boolean> = {
  float: isFloat,
  signed: (dtype) => isFloat(dtype) || (isInteger(dtype) && !isUnsigned(dtype)),
  unsigned: isUnsigned,
  integer: isInteger,
  number: (dtype) => isFloat(dtype) || isInteger(dtype),
  bool: (dtype) => dtype === 'bool',
  any: () => true,
}

/** Whether an element type is of a kind. */
export const isOfKind = (kind: Kind, dtype: KnownDType): boolean => BELONGS[kind](dtype)

/** Refuses texts, of which nothing but "equal or not" is known. */
export function refuseTexts<S extends AttributeSchema>(
  { refuse }: Pick<InferContext<S>, 'refuse'>,
  ...dtypes: readonly KnownDType[]
): void {
  if (dtypes.includes('string')) refuse('texts')
}

/** Refuses an input whose element type the operator does not take. */
export function requireKind<S extends AttributeSchema>(context: InferContext<S>, input: number, kind: Kind): void {
  const found = context.dtype(input)
  if (!isOfKind(kind, found)) context.refuse(`${found} inputs`)
}
