/** What the derivatives of DFT and STFT share. */
import { attribute } from '../graph/model'
import type { AttributeSchema } from './attributes'
import { formulaFor } from './elementwise'
import type { GradientContext, ValueName } from './gradient'

/** Of a spectrum, or of its first half, back to `length` numbers: the adjoint of the transform. */
export function spectrumBack<S extends AttributeSchema>(
  context: GradientContext<S>,
  dy: ValueName,
  { axis, length }: { readonly axis: number; readonly length: number },
): ValueName {
  const { write } = context
  const place = [write.number(length, 'int64'), write.number(axis, 'int64')]
  return formulaFor(context, dy).mul(write.add('DFT', [dy, ...place], [attribute.int('inverse', 1)]), length)
}

export const realPart = <S extends AttributeSchema>({ write }: GradientContext<S>, value: ValueName): ValueName =>
  write.add('Slice', [value, write.integers([0]), write.integers([1]), write.integers([-1])])
