import type { Expression } from '../../backends/kernel-calls'
import { hostArray, numbersOf, setValue, type HostArray } from '../../core/host-array'
import { dtype } from '../attributes'
import { binary, constant, select } from '../elementwise'
import { defineOperator, FLOAT32, notDifferentiable, type NodeView } from '../op'

const numberOf = (array: HostArray | undefined): number | undefined => array && numbersOf(array)[0]

const melOf = (hertz: number): number => 2595 * Math.log10(1 + hertz / 700)
const hertzOf = (mel: number): number => 700 * (10 ** (mel / 2595) - 1)

/** num_mel_bins, dft_length, sample_rate, lower_edge_hertz, upper_edge_hertz */
type Numbers = readonly [number, number, number, number, number]

/** The bins where triangles begin, have their peaks and end: of band b the entries b, b + 1, b + 2. */
function edgesOf(
  context: Pick<NodeView<Record<never, never>>, 'fail'>,
  bins: number,
  [bands, length, rate, lower, upper]: Numbers,
): readonly number[] {
  const step = (melOf(upper) - melOf(lower)) / (bands + 2)
  const edges = Array.from({ length: bands + 2 }, (_, i) =>
    Math.floor(((length + 1) * hertzOf(melOf(lower) + i * step)) / rate),
  )
  if (edges[0]! < 0 || edges.at(-1)! > bins)
    context.fail(`the bands from ${lower} to ${upper} Hz do not lie in the spectrum of ${rate} samples per second`)
  return edges
}

/** Of inputs bin, left, middle and right; a side without width divides by 0 only where it is not chosen or gives −∞. */
const TRIANGLE = triangle({ input: 0 }, { input: 1 }, { input: 2 }, { input: 3 })

function triangle(bin: Expression, left: Expression, middle: Expression, right: Expression): Expression {
  const share = (a: Expression, b: Expression, c: Expression, d: Expression) =>
    binary('max', constant(0), binary('div', binary('sub', a, b), binary('sub', c, d)))
  const sides = select(binary('less', bin, middle), share(bin, left, middle, left), share(right, bin, right, middle))
  return select(binary('equal', bin, middle), constant(1), sides)
}

/**
 * Triangles with peaks of 1 that gather the bins of a spectrum into bands which are equally wide on the mel scale,
 * mel = 2595 · log₁₀(1 + Hz / 700). y [⌊dft_length / 2⌋ + 1, num_mel_bins].
 */
export const melWeightMatrix = defineOperator({
  name: 'MelWeightMatrix',
  domain: '',
  attributes: { output_datatype: dtype('float32') },
  inputs: [5, 5],
  infer(context) {
    const [bands, length] = [numberOf(context.constant(0)), numberOf(context.constant(1))]
    if ((bands ?? 1) < 1 || (length ?? 1) < 1) context.fail('num_mel_bins and dft_length must be at least 1')
    const bins = length === undefined ? null : Math.floor(length / 2) + 1
    return [{ dtype: context.attributes.output_datatype, shape: [bins, bands ?? null] }]
  },
  reference(context, ...inputs) {
    const numbers = inputs.map((input) => numberOf(input)!) as unknown as Numbers
    const [bands, length] = numbers
    const bins = Math.floor(length / 2) + 1
    const result = context.empty(context.attributes.output_datatype, [bins, bands])
    const edges = edgesOf(context, bins, numbers)
    const put = (bin: number, band: number, value: number) => setValue(result, bin * bands + band, value)
    for (let band = 0; band < bands; band++) {
      const [left, middle, right] = [edges[band]!, edges[band + 1]!, edges[band + 2]!]
      if (left === middle && middle < bins) put(middle, band, 1)
      for (let bin = left + 1; bin <= middle && bin < bins; bin++) put(bin, band, (bin - left) / (middle - left))
      for (let bin = middle; bin < right; bin++) put(bin, band, (right - bin) / (right - middle))
    }
    return [result]
  },
  gradient: notDifferentiable('it depends on sizes and frequencies that nobody trains'),
  lower(context) {
    const output = context.output(0)
    const numbers = [0, 1, 2, 3, 4].map((input) => numberOf(context.constant(input)))
    if (output.dtype !== 'float32' || numbers.some((value) => value === undefined)) return null
    const [bins, bands] = output.shape as [number, number]
    const edges = edgesOf(context, bins, numbers as unknown as Numbers)
    const row = (from: number) => context.store(hostArray('float32', [1, bands], edges.slice(from, from + bands)))
    const places = hostArray(
      'float32',
      [bins, 1],
      Array.from({ length: bins }, (_, i) => i),
    )
    return [{ kernel: 'map', expression: TRIANGLE, inputs: [context.store(places), row(0), row(1), row(2)], output }]
  },
  tolerance: FLOAT32,
})
