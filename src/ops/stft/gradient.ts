import { hostArray, integersOf } from '../../core/host-array'
import { attribute } from '../../graph/model'
import type { AttributeRule } from '../attributes'
import { formulaFor } from '../elementwise'
import { realPart, spectrumBack } from '../fourier-gradient'
import { shapeOf, type GradientContext, type ValueName } from '../gradient'
import { scatteredAlong } from '../scatter-add'

type Context = GradientContext<{ readonly onesided: AttributeRule<boolean> }>

/** Every frame's spectrum goes back to the frame; frames overlap and add up. */
export function stftGradient(context: Context): readonly (ValueName | undefined)[] {
  const { write } = context
  const [signal, dy] = [context.input(0), context.gradient(0)!]
  const [, length, parts] = shapeOf(context, signal)
  const [, frames, bins] = shapeOf(context, dy)
  const frame = frameOf(context, length)
  const step = known(context, 1)
  if (typeof length !== 'number' || typeof frames !== 'number' || !frame || step === undefined || bins === undefined) {
    context.refuse('a derivative of signals or frames of open length')
  }
  const f = formulaFor(context, dy)
  const spectrum = spectrumBack(context, dy, { axis: 2, length: frame })
  const weighted = parts === 1 ? realPart(context, spectrum) : spectrum
  const starts = Array.from({ length: frames }, (_, i) => i * step)
  const places = starts.flatMap((start) => Array.from({ length: frame }, (_, i) => start + i))
  const indices = write.constant(hostArray('int64', [frames, frame], places))
  const window = context.has(2) ? write.add('Unsqueeze', [context.input(2), write.integers([-1])]) : undefined
  const updates = window ? f.mul(weighted, window) : weighted
  const size = write.integers([length])
  const dWindow = () => {
    const taken = write.add('Gather', [signal, indices], [attribute.int('axis', 1)])
    const axes = write.integers([0, 1, 3])
    return write.add('ReduceSum', [f.mul(weighted, taken), axes], [attribute.int('keepdims', 0)])
  }
  return [
    context.needs(0) ? scatteredAlong(context, { axis: 1, size, indices, updates }) : undefined,
    undefined,
    context.needs(2) ? dWindow() : undefined,
  ]
}

function known(context: Context, input: number): number | undefined {
  const array = context.has(input) ? context.write.known(context.input(input)) : undefined
  return array && integersOf(array)[0]
}

/** Length of a frame: as given, of the window, or of the signal. */
function frameOf(context: Context, length: unknown): number | undefined {
  if (context.has(3)) return known(context, 3)
  const size = context.has(2) ? shapeOf(context, context.input(2))[0] : length
  return typeof size === 'number' ? size : undefined
}
