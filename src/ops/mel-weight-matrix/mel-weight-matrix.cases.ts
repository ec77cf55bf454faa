import { constant, f32, i64, type OperatorCase } from '../../testing/operator-cases'

const of = (...numbers: [number, number, number, number, number]) =>
  numbers.map((value, i) => constant(i < 3 ? i64([], [value]) : f32([], [value])))

export const cases: readonly OperatorCase[] = [
  { name: 'six bands', operator: 'MelWeightMatrix', inputs: of(6, 16, 8192, 0, 4096) },
  { name: 'bands that are narrower than a bin', operator: 'MelWeightMatrix', inputs: of(5, 9, 16000, 100, 4000) },
  {
    name: 'many bands, told by the run',
    operator: 'MelWeightMatrix',
    inputs: [i64([], [40]), i64([], [511]), i64([], [16000]), f32([], [20]), f32([], [7600])],
  },
  {
    name: 'float64',
    operator: 'MelWeightMatrix',
    attributes: { output_datatype: 11 },
    inputs: of(3, 12, 8000, 20, 3900),
  },
  {
    name: 'bands above the spectrum',
    operator: 'MelWeightMatrix',
    inputs: of(4, 16, 8000, 0, 16000),
    error: { name: 'ShapeError', message: 'do not lie in the spectrum of 8000 samples per second' },
  },
  {
    name: 'no bands',
    operator: 'MelWeightMatrix',
    inputs: of(0, 16, 8000, 0, 4000),
    error: { name: 'ShapeError', message: 'num_mel_bins and dft_length must be at least 1' },
  },
]
