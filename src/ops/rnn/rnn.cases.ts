import { constant, f32, i32, wave, type CaseInput, type OperatorCase } from '../../testing/operator-cases'

/** Small enough that no gate saturates. */
function small(shape: readonly number[], seed: number): CaseInput {
  const { values } = wave(shape, seed)
  return f32(
    shape,
    values.map((value) => Math.fround(Number(value) * 0.4)),
  )
}

/** X of 3 steps, 2 sequences and 3 numbers; W and R for a hidden size of 2. */
const layer = (directions: number, wrap = (input: CaseInput) => input): CaseInput[] => [
  small([3, 2, 3], 1),
  wrap(small([directions, 2, 3], 2)),
  wrap(small([directions, 2, 2], 3)),
]
/** The first two axes exchanged. */
function swapped({ shape, values }: CaseInput): CaseInput {
  const [a, b, c] = shape as [number, number, number]
  const at = (i: number) => (Math.floor(i / c) % a) * b * c + Math.floor(i / (a * c)) * c + (i % c)
  return f32(
    [b, a, c],
    values.map((_, i) => Number(values[at(i)])),
  )
}
const states = [small([2, 2, 2], 5)]

export const cases: readonly OperatorCase[] = [
  { name: 'no bias', operator: 'RNN', attributes: { hidden_size: 2 }, inputs: layer(1), outputs: 2 },
  {
    name: 'reverse with a bias, constants',
    operator: 'RNN',
    attributes: { hidden_size: 2, direction: 'reverse' },
    inputs: [...layer(1, constant), constant(small([1, 4], 4))],
    outputs: 2,
  },
  {
    name: 'both directions with initial states',
    operator: 'RNN',
    attributes: { hidden_size: 2, direction: 'bidirectional' },
    inputs: [...layer(2), small([2, 4], 4), null, ...states],
    outputs: 2,
  },
  {
    name: 'sequences of different lengths',
    operator: 'RNN',
    attributes: { hidden_size: 2, direction: 'bidirectional' },
    inputs: [...layer(2), small([2, 4], 4), i32([2], [3, 1]), ...states],
    outputs: 2,
  },
  {
    name: 'a sequence without steps',
    operator: 'RNN',
    attributes: { hidden_size: 2 },
    inputs: [...layer(1), null, i32([2], [0, 2]), small([1, 2, 2], 5)],
    outputs: 2,
  },
  {
    name: 'other activations, with and without their own numbers',
    operator: 'RNN',
    attributes: {
      hidden_size: 2,
      direction: 'bidirectional',
      activations: ['ThresholdedRelu', 'Relu'],
      activation_alpha: { floats: [0.3] },
      activation_beta: { floats: [0.4] },
    },
    inputs: [...layer(2), small([2, 4], 4), null, ...states],
    outputs: 2,
  },
  {
    name: 'clipped',
    operator: 'RNN',
    attributes: { hidden_size: 2, clip: 0.3 },
    inputs: [...layer(1), small([1, 4], 4)],
    outputs: 2,
  },
  {
    name: 'last state only',
    operator: 'RNN',
    attributes: { hidden_size: 2 },
    inputs: layer(1),
    outputs: [false, true],
  },
  {
    name: 'opset 7',
    operator: 'RNN',
    opset: 7,
    attributes: { hidden_size: 2 },
    inputs: [...layer(1), small([1, 4], 4)],
  },
  {
    // onnxruntime-web refuses layout 1: what it says of 'both directions with initial states', axes swapped
    name: 'batch first',
    operator: 'RNN',
    attributes: { hidden_size: 2, layout: 1, direction: 'bidirectional' },
    inputs: [swapped(small([3, 2, 3], 1)), ...layer(2).slice(1), small([2, 4], 4), null, ...states.map(swapped)],
    outputs: 2,
    expected: [
      f32(
        [2, 3, 2, 2],
        [
          0.8260476589202881, 0.9891557693481445, 0.03705298900604248, 0.26008594036102295, -0.9234529137611389,
          0.5096365213394165, 0.9511265754699707, 0.8752038478851318, 0.7487776279449463, 0.6172903776168823,
          -0.813717782497406, -0.27375298738479614, 0.666689395904541, 0.7186158895492554, 0.8613513708114624,
          0.9555257558822632, -0.49690383672714233, -0.16052794456481934, 0.5870378017425537, 0.7425534725189209,
          0.9747772216796875, 0.9334954023361206, 0.5990502834320068, -0.9389853477478027,
        ],
      ),
      f32(
        [2, 2, 2],
        [
          0.7487776279449463, 0.6172903776168823, 0.03705298900604248, 0.26008594036102295, 0.9747772216796875,
          0.9334954023361206, 0.8613513708114624, 0.9555257558822632,
        ],
      ),
    ],
  },
  {
    name: 'weights of another hidden size',
    operator: 'RNN',
    attributes: { hidden_size: 3 },
    inputs: layer(1),
    error: { name: 'ShapeError', message: /R must have the shape \[1, \?, 3\]/ },
  },
  {
    name: 'a sequence that is too long',
    operator: 'RNN',
    inputs: [...layer(1), null, i32([2], [3, 4])],
    error: { name: 'ShapeError', message: /the sequence length 4 must lie in \[0, 3\]/ },
  },
  {
    name: 'an unknown activation',
    operator: 'RNN',
    attributes: { activations: ['Swish'] },
    inputs: layer(1),
    error: { name: 'ShapeError', message: 'the activation Swish is not known' },
  },
  {
    name: 'too few activations',
    operator: 'RNN',
    attributes: { activations: ['Tanh'], direction: 'bidirectional' },
    inputs: layer(2),
    error: { name: 'ShapeError', message: 'it needs 2 activations and names 1' },
  },
]
