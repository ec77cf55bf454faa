import { hostArray, integersOf } from '../../core/host-array'
import { attribute } from '../../graph/model'
import type { AttributeRule } from '../attributes'
import { formulaFor } from '../elementwise'
import { shapeOf, type GradientContext, type ValueName } from '../gradient'
import { realPart, spectrumBack } from '../fourier-gradient'
import { normalizeAxis } from '../shapes'

type Context = GradientContext<Readonly<Record<'inverse' | 'onesided', AttributeRule<boolean>>>>

/** The transform is linear: its adjoint is the other direction, scaled. */
export function dftGradient(context: Context): readonly ValueName[] {
  const { write, attributes } = context
  const [x, dy] = [context.input(0), context.gradient(0)!]
  const shape = shapeOf(context, x)
  const axis = normalizeAxis(context, known(context, 2) ?? -2, shape.length)
  const size = shape[axis]
  const isMirrored = attributes.inverse && attributes.onesided
  const length = known(context, 1) ?? (typeof size === 'number' ? (isMirrored ? 2 * (size - 1) : size) : undefined)
  if (typeof size !== 'number' || length === undefined) context.refuse('a derivative along an axis of open size')
  const whole = isMirrored
    ? halfSpectrum(context, dy, { axis, length, rank: shape.length })
    : attributes.inverse
      ? formulaFor(context, dy).div(transformed(context, dy, [length, axis]), length)
      : spectrumBack(context, dy, { axis, length })
  // what was cut off or filled up
  const found = isMirrored ? Math.floor(length / 2) + 1 : length
  const fitted =
    size === found
      ? whole
      : write.add('Pad', [whole, write.integers([0, size - found]), undefined, write.integers([axis])])
  return [shape.at(-1) === 1 ? realPart(context, fitted) : fitted]
}

/** undefined: left out. */
function known(context: Context, input: number): number | undefined {
  if (!context.has(input)) return undefined
  const array = context.write.known(context.input(input))
  return array ? integersOf(array)[0] : context.refuse('a derivative where length or axis are computed')
}

const transformed = (
  { write }: Context,
  value: ValueName,
  [length, axis]: readonly [number, number],
  onesided = 0,
): ValueName =>
  write.add(
    'DFT',
    [value, write.number(length, 'int64'), write.number(axis, 'int64')],
    [attribute.int('onesided', onesided)],
  )

/** Each number but those that are their own mirror image was read twice. */
function halfSpectrum(
  context: Context,
  dy: ValueName,
  { axis, length, rank }: { axis: number; length: number; rank: number },
): ValueName {
  const bins = Math.floor(length / 2) + 1
  const weights = Array.from({ length: bins }, (_, k) => ((length - k) % length === k ? 1 : 2) / length)
  const f = formulaFor(context, dy)
  const shape = Array.from({ length: rank }, (_, i) => (i === axis ? bins : 1))
  return f.mul(transformed(context, dy, [length, axis], 1), context.write.constant(hostArray(f.dtype, shape, weights)))
}
