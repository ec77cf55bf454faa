import { numbersOf, setValue, type HostArray } from '../../core/host-array'
import { dtype } from '../attributes'
import { defineOperator, FLOAT32, notDifferentiable, onHost } from '../op'

const numberOf = (array: HostArray | undefined): number | undefined => array && numbersOf(array)[0]

const melOf = (hertz: number): number => 2595 * Math.log10(1 + hertz / 700)
const hertzOf = (mel: number): number => 700 * (10 ** (mel / 2595) - 1)

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
    const [bands, length, rate, lower, upper] = inputs.map((input) => numberOf(input)!) as [
      number,
      number,
      number,
      number,
      number,
    ]
    const bins = Math.floor(length / 2) + 1
    const result = context.empty(context.attributes.output_datatype, [bins, bands])
    const step = (melOf(upper) - melOf(lower)) / (bands + 2)
    const edges = Array.from({ length: bands + 2 }, (_, i) =>
      Math.floor(((length + 1) * hertzOf(melOf(lower) + i * step)) / rate),
    )
    if (edges[0]! < 0 || edges.at(-1)! > bins)
      context.fail(`the bands from ${lower} to ${upper} Hz do not lie in the spectrum of ${rate} samples per second`)
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
  lower: onHost('its size is a value'),
  tolerance: FLOAT32,
})
