/**
 * Makes the sample files of the page from nothing but a seed: pictures of shapes, a network trained on them, its
 * test data, a copy that is already int8, and a damaged file. Running it twice gives identical bytes.
 *
 *   node scripts/samples.mjs [folder]      default: public/samples
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { makeCells } from './samples/cells.mjs'
import { makeNetwork } from './samples/network.mjs'
import { npz } from './samples/npz.mjs'
import { FLOAT, INT8, model, node, tensor } from './samples/onnx.mjs'
import { CLASSES, makeShapes, SIZE } from './samples/shapes.mjs'

const SEED = 20260117
const EPOCHS = 12
const folder = process.argv[2] ?? join(dirname(fileURLToPath(import.meta.url)), '../public/samples')

const train = makeShapes(2400, SEED)
const test = makeShapes(360, SEED + 1)
const network = makeNetwork({ size: SIZE, channels: [8, 16], hidden: 64, classes: CLASSES.length, seed: SEED + 2 })
for (let epoch = 0; epoch < EPOCHS; epoch++) {
  const rate = 0.004 * (1 - epoch / EPOCHS)
  network.trainEpoch(train, { rate, momentum: 0.9, batch: 16, seed: SEED + 100 + epoch })
}
const correct = test.pictures.filter((picture, i) => network.predict(picture) === test.labels[i]).length
console.log(`trained ${EPOCHS} epochs: ${correct} of ${test.labels.length} test pictures right`)

const [first, second] = network.channels
const LAYERS = [
  { name: 'conv1', dims: [first, 1, 3, 3] },
  { name: 'conv2', dims: [second, first, 3, 3] },
  { name: 'dense1', dims: [network.hidden, network.flat] },
  { name: 'dense2', dims: [CLASSES.length, network.hidden] },
]

/** @param weightOf value name that a layer reads its weights from */
function graphNodes(weightOf) {
  const conv = { kernel_shape: [3, 3], pads: [1, 1, 1, 1] }
  const pool = { kernel_shape: [2, 2], strides: [2, 2] }
  const layer = (type, at, input, output, attributes) =>
    node(type, LAYERS[at].name, [input, weightOf(LAYERS[at].name), `${LAYERS[at].name}.bias`], [output], attributes)
  return [
    layer('Conv', 0, 'image', 'c1', conv),
    node('Relu', 'relu1', ['c1'], ['r1']),
    node('MaxPool', 'pool1', ['r1'], ['p1'], pool),
    layer('Conv', 1, 'p1', 'c2', conv),
    node('Relu', 'relu2', ['c2'], ['r2']),
    node('MaxPool', 'pool2', ['r2'], ['p2'], pool),
    node('Flatten', 'flatten', ['p2'], ['flat'], { axis: 1 }),
    layer('Gemm', 2, 'flat', 'd1', { transB: 1 }),
    node('Relu', 'relu3', ['d1'], ['r3']),
    layer('Gemm', 3, 'r3', 'scores', { transB: 1 }),
  ]
}

const frame = {
  name: 'shapes',
  doc: `Recognises drawn shapes: ${CLASSES.join(', ')}. Made by Plume's scripts/samples.mjs.`,
  opset: 13,
  inputs: [['image', ['batch', 1, SIZE, SIZE]]],
  outputs: [['scores', ['batch', CLASSES.length]]],
}
const weights = network.weights()

function floatModel() {
  const tensors = LAYERS.flatMap(({ name, dims }, i) => [
    tensor(`${name}.weight`, FLOAT, dims, weights[2 * i]),
    tensor(`${name}.bias`, FLOAT, [dims[0]], weights[2 * i + 1]),
  ])
  return model({ ...frame, tensors, nodes: graphNodes((name) => `${name}.weight`) })
}

/** Symmetric int8, one scale an output channel, DequantizeLinear before the consumer. */
function int8Model() {
  const tensors = []
  const dequantize = []
  LAYERS.forEach(({ name, dims }, i) => {
    const values = weights[2 * i]
    const perChannel = values.length / dims[0]
    const scales = new Float32Array(dims[0])
    const integers = new Int8Array(values.length)
    for (let c = 0; c < dims[0]; c++) {
      const channel = values.subarray(c * perChannel, (c + 1) * perChannel)
      scales[c] = channel.reduce((max, v) => Math.max(max, Math.abs(v)), 0) / 127
      channel.forEach((v, k) => (integers[c * perChannel + k] = Math.round(v / scales[c])))
    }
    tensors.push(
      tensor(`${name}.weight_int8`, INT8, dims, integers),
      tensor(`${name}.weight_scale`, FLOAT, [dims[0]], scales),
      tensor(`${name}.weight_zero`, INT8, [dims[0]], new Int8Array(dims[0])),
      tensor(`${name}.bias`, FLOAT, [dims[0]], weights[2 * i + 1]),
    )
    const inputs = ['int8', 'scale', 'zero'].map((part) => `${name}.weight_${part}`)
    dequantize.push(node('DequantizeLinear', `${name}.dequantize`, inputs, [`${name}.weight`], { axis: 0 }))
  })
  return model({ ...frame, tensors, nodes: [...dequantize, ...graphNodes((name) => `${name}.weight`)] })
}

const shapes = floatModel()
const data = npz({
  image: ['<f4', [test.labels.length, 1, SIZE, SIZE], Float32Array.from(test.pictures.flatMap((p) => [...p]))],
  labels: ['<i8', [test.labels.length], BigInt64Array.from(test.labels, BigInt)],
})
const outputs = {
  'shapes.onnx': shapes,
  'shapes-test.npz': data,
  'shapes-int8.onnx': int8Model(),
  'damaged.onnx': shapes.subarray(0, 20_011), // an interrupted download
  'cells.csv': Buffer.from(makeCells(SEED + 3)),
}
const samples = [
  { id: 'shapes', files: ['shapes.onnx'], data: ['shapes-test.npz'] },
  { id: 'int8', files: ['shapes-int8.onnx'], data: [] },
  { id: 'damaged', files: ['damaged.onnx'], data: [] },
  { id: 'cells', files: ['cells.csv'], data: [] },
]

mkdirSync(folder, { recursive: true })
for (const [name, bytes] of Object.entries(outputs)) {
  writeFileSync(join(folder, name), bytes)
  console.log(`${name}: ${bytes.length} bytes`)
}
const index = samples.map((sample) => ({
  ...sample,
  sizeBytes: sample.files.reduce((sum, name) => sum + outputs[name].length, 0),
}))
writeFileSync(join(folder, 'index.json'), `${JSON.stringify({ version: 1, samples: index }, null, 2)}\n`)
