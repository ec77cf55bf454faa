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
  wrap(small([directions, 8, 3], 2)),
  wrap(small([directions, 8, 2], 3)),
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
const states = [small([2, 2, 2], 5), small([2, 2, 2], 7)]

export const cases: readonly OperatorCase[] = [
  { name: 'no bias', operator: 'LSTM', attributes: { hidden_size: 2 }, inputs: layer(1), outputs: 3 },
  {
    name: 'reverse with a bias, constants',
    operator: 'LSTM',
    attributes: { hidden_size: 2, direction: 'reverse' },
    inputs: [...layer(1, constant), constant(small([1, 16], 4))],
    outputs: 3,
  },
  {
    name: 'both directions with initial states',
    operator: 'LSTM',
    attributes: { hidden_size: 2, direction: 'bidirectional' },
    inputs: [...layer(2), small([2, 16], 4), null, ...states],
    outputs: 3,
  },
  {
    name: 'sequences of different lengths',
    operator: 'LSTM',
    attributes: { hidden_size: 2, direction: 'bidirectional' },
    inputs: [...layer(2), small([2, 16], 4), i32([2], [3, 1]), ...states],
    outputs: 3,
  },
  {
    name: 'a sequence without steps',
    operator: 'LSTM',
    attributes: { hidden_size: 2 },
    inputs: [...layer(1), null, i32([2], [0, 2]), small([1, 2, 2], 5)],
    outputs: 3,
  },
  {
    name: 'other activations with their own numbers',
    operator: 'LSTM',
    attributes: {
      hidden_size: 2,
      direction: 'bidirectional',
      activations: ['HardSigmoid', 'Softsign', 'LeakyRelu', 'Sigmoid', 'ScaledTanh', 'Affine'],
      activation_alpha: { floats: [0.3, 0.2, 1.1, 0.9] },
      activation_beta: { floats: [0.4, 0.7, 0.1] },
    },
    inputs: [...layer(2), small([2, 16], 4), null, ...states],
    outputs: 3,
  },
  {
    name: 'clipped',
    operator: 'LSTM',
    attributes: { hidden_size: 2, clip: 0.3 },
    inputs: [...layer(1), small([1, 16], 4)],
    outputs: 3,
  },
  {
    name: 'peepholes',
    operator: 'LSTM',
    attributes: { hidden_size: 2 },
    inputs: [...layer(1), small([1, 16], 4), null, null, null, small([1, 6], 6)],
    outputs: 3,
  },
  {
    name: 'input and forget gate coupled, with peepholes',
    operator: 'LSTM',
    attributes: { hidden_size: 2, input_forget: 1 },
    inputs: [...layer(1), small([1, 16], 4), null, null, null, small([1, 6], 6)],
    outputs: 3,
  },
  {
    name: 'last state only',
    operator: 'LSTM',
    attributes: { hidden_size: 2 },
    inputs: layer(1),
    outputs: [false, true],
  },
  {
    name: 'opset 7',
    operator: 'LSTM',
    opset: 7,
    attributes: { hidden_size: 2 },
    inputs: [...layer(1), small([1, 16], 4)],
  },
  {
    // onnxruntime-web refuses layout 1: what it says of 'both directions with initial states', axes swapped
    name: 'batch first',
    operator: 'LSTM',
    attributes: { hidden_size: 2, layout: 1, direction: 'bidirectional' },
    inputs: [swapped(small([3, 2, 3], 1)), ...layer(2).slice(1), small([2, 16], 4), null, ...states.map(swapped)],
    outputs: 3,
    expected: [
      f32(
        [2, 3, 2, 2],
        [
          0.35960376262664795, 0.03343449905514717, 0.22854989767074585, -0.42164236307144165, 0.1339409500360489,
          0.13219575583934784, 0.15580306947231293, -0.023412227630615234, 0.32871484756469727, -0.1355586051940918,
          0.4437111020088196, 0.05187529698014259, 0.1742229461669922, 0.35109156370162964, -0.1747576892375946,
          -0.04945913702249527, 0.09383738040924072, 0.08381388336420059, -0.17272372543811798, 0.04446493834257126,
          0.46798020601272583, 0.01931615360081196, -0.17583540081977844, -0.05319002643227577,
        ],
      ),
      f32(
        [2, 2, 2],
        [
          0.32871484756469727, -0.1355586051940918, 0.22854989767074585, -0.42164236307144165, 0.46798020601272583,
          0.01931615360081196, -0.1747576892375946, -0.04945913702249527,
        ],
      ),
      f32(
        [2, 2, 2],
        [
          0.4731183648109436, -0.4336462914943695, 0.6976279020309448, -0.6419256925582886, 0.5938060283660889,
          0.11023864150047302, -1.107908844947815, -0.18984362483024597,
        ],
      ),
    ],
  },
  {
    name: 'weights of another hidden size',
    operator: 'LSTM',
    attributes: { hidden_size: 3 },
    inputs: layer(1),
    error: { name: 'ShapeError', message: /R must have the shape \[1, \?, 3\]/ },
  },
  {
    name: 'a sequence that is too long',
    operator: 'LSTM',
    inputs: [...layer(1), null, i32([2], [3, 4])],
    error: { name: 'ShapeError', message: /the sequence length 4 must lie in \[0, 3\]/ },
  },
  {
    name: 'an unknown activation',
    operator: 'LSTM',
    attributes: { activations: ['Swish', 'Tanh', 'Tanh'] },
    inputs: layer(1),
    error: { name: 'ShapeError', message: 'the activation Swish is not known' },
  },
  {
    name: 'too few activations',
    operator: 'LSTM',
    attributes: { activations: ['Sigmoid', 'Tanh', 'Tanh'], direction: 'bidirectional' },
    inputs: layer(2),
    error: { name: 'ShapeError', message: 'it needs 6 activations and names 3' },
  },
]
