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
  wrap(small([directions, 6, 3], 2)),
  wrap(small([directions, 6, 2], 3)),
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
  { name: 'no bias', operator: 'GRU', attributes: { hidden_size: 2 }, inputs: layer(1), outputs: 2 },
  {
    name: 'reverse with a bias, constants',
    operator: 'GRU',
    attributes: { hidden_size: 2, direction: 'reverse' },
    inputs: [...layer(1, constant), constant(small([1, 12], 4))],
    outputs: 2,
  },
  {
    name: 'both directions with initial states',
    operator: 'GRU',
    attributes: { hidden_size: 2, direction: 'bidirectional' },
    inputs: [...layer(2), small([2, 12], 4), null, ...states],
    outputs: 2,
  },
  {
    name: 'sequences of different lengths',
    operator: 'GRU',
    attributes: { hidden_size: 2, direction: 'bidirectional' },
    inputs: [...layer(2), small([2, 12], 4), i32([2], [3, 1]), ...states],
    outputs: 2,
  },
  {
    name: 'a sequence without steps',
    operator: 'GRU',
    attributes: { hidden_size: 2 },
    inputs: [...layer(1), null, i32([2], [0, 2]), small([1, 2, 2], 5)],
    outputs: 2,
  },
  {
    name: 'other activations, with and without their own numbers',
    operator: 'GRU',
    attributes: {
      hidden_size: 2,
      direction: 'bidirectional',
      activations: ['HardSigmoid', 'Elu', 'Sigmoid', 'Softplus'],
      activation_alpha: { floats: [0.3] },
      activation_beta: { floats: [0.4] },
    },
    inputs: [...layer(2), small([2, 12], 4), null, ...states],
    outputs: 2,
  },
  {
    name: 'clipped',
    operator: 'GRU',
    attributes: { hidden_size: 2, clip: 0.3 },
    inputs: [...layer(1), small([1, 12], 4)],
    outputs: 2,
  },
  {
    name: 'linear before reset',
    operator: 'GRU',
    attributes: { hidden_size: 2, linear_before_reset: 1 },
    inputs: [...layer(1), small([1, 12], 4), null, small([1, 2, 2], 5)],
    outputs: 2,
  },
  {
    name: 'linear before reset, both directions, constants',
    operator: 'GRU',
    attributes: { hidden_size: 2, linear_before_reset: 1, direction: 'bidirectional' },
    inputs: [...layer(2, constant), constant(small([2, 12], 4))],
    outputs: 2,
  },
  {
    name: 'last state only',
    operator: 'GRU',
    attributes: { hidden_size: 2 },
    inputs: layer(1),
    outputs: [false, true],
  },
  {
    name: 'opset 7',
    operator: 'GRU',
    opset: 7,
    attributes: { hidden_size: 2 },
    inputs: [...layer(1), small([1, 12], 4)],
  },
  {
    // onnxruntime-web refuses layout 1: what it says of 'both directions with initial states', axes swapped
    name: 'batch first',
    operator: 'GRU',
    attributes: { hidden_size: 2, layout: 1, direction: 'bidirectional' },
    inputs: [swapped(small([3, 2, 3], 1)), ...layer(2).slice(1), small([2, 12], 4), null, ...states.map(swapped)],
    outputs: 2,
    expected: [
      f32(
        [2, 3, 2, 2],
        [
          -0.7342442870140076, 0.5527383089065552, -0.3063998520374298, 0.42908552289009094, 0.5741745233535767,
          -0.5457990169525146, -0.3328491151332855, 0.1968015432357788, 0.5596497654914856, 0.2645803987979889,
          -0.11346481740474701, 0.8627501726150513, 0.5619396567344666, -0.3248928487300873, -0.6086515188217163,
          -0.08041007071733475, 0.6954672336578369, -0.35949602723121643, -0.4853594899177551, -0.2491142451763153,
          0.6151756048202515, -0.10967940092086792, 0.45112892985343933, -0.4623211622238159,
        ],
      ),
      f32(
        [2, 2, 2],
        [
          0.5596497654914856, 0.2645803987979889, -0.3063998520374298, 0.42908552289009094, 0.6151756048202515,
          -0.10967940092086792, -0.6086515188217163, -0.08041007071733475,
        ],
      ),
    ],
  },
  {
    name: 'weights of another hidden size',
    operator: 'GRU',
    attributes: { hidden_size: 3 },
    inputs: layer(1),
    error: { name: 'ShapeError', message: /R must have the shape \[1, \?, 3\]/ },
  },
  {
    name: 'a sequence that is too long',
    operator: 'GRU',
    inputs: [...layer(1), null, i32([2], [3, 4])],
    error: { name: 'ShapeError', message: /the sequence length 4 must lie in \[0, 3\]/ },
  },
  {
    name: 'an unknown activation',
    operator: 'GRU',
    attributes: { activations: ['Swish', 'Tanh'] },
    inputs: layer(1),
    error: { name: 'ShapeError', message: 'the activation Swish is not known' },
  },
  {
    name: 'too few activations',
    operator: 'GRU',
    attributes: { activations: ['Sigmoid', 'Tanh'], direction: 'bidirectional' },
    inputs: layer(2),
    error: { name: 'ShapeError', message: 'it needs 4 activations and names 2' },
  },
]
