import { FLOAT, INT8, model, node, tensor } from './onnx.mjs'

/** Weights as the engine names them, and as the file does. */
const LAYERS = { conv1: 'conv.0', conv2: 'conv.1', dense1: 'layers.0', dense2: 'layers.1' }

/**
 * A network for pictures as ONNX, in float and in int8: conv 3×3 → ReLU → max-pool, twice, then two dense layers.
 * @param {{ name: string, doc: string, size: number, classes: number, channels: number[], hidden: number }} about
 * @param {ReadonlyMap<string, Float32Array>} weights
 */
export function pictureModels({ name, doc, size, classes, channels, hidden }, weights) {
  const [first, second] = channels
  const dims = {
    conv1: [first, 1, 3, 3],
    conv2: [second, first, 3, 3],
    dense1: [hidden, second * Math.floor(size / 4) ** 2],
    dense2: [classes, hidden],
  }
  const frame = {
    ...{ name, doc, opset: 13, nodes: graphNodes() },
    inputs: [['image', ['batch', 1, size, size]]],
    outputs: [['scores', ['batch', classes]]],
  }
  const layers = Object.entries(LAYERS).map(([layer, from]) => ({
    layer,
    dims: dims[layer],
    weight: weights.get(`${from}.weight`),
    bias: tensor(`${layer}.bias`, FLOAT, [dims[layer][0]], weights.get(`${from}.bias`)),
  }))
  return { float: floatModel(frame, layers), int8: int8Model(frame, layers) }
}

function graphNodes() {
  const conv = { kernel_shape: [3, 3], pads: [1, 1, 1, 1] }
  const pool = { kernel_shape: [2, 2], strides: [2, 2] }
  const layer = (type, name, input, output, attributes) =>
    node(type, name, [input, `${name}.weight`, `${name}.bias`], [output], attributes)
  return [
    layer('Conv', 'conv1', 'image', 'c1', conv),
    node('Relu', 'relu1', ['c1'], ['r1']),
    node('MaxPool', 'pool1', ['r1'], ['p1'], pool),
    layer('Conv', 'conv2', 'p1', 'c2', conv),
    node('Relu', 'relu2', ['c2'], ['r2']),
    node('MaxPool', 'pool2', ['r2'], ['p2'], pool),
    node('Flatten', 'flatten', ['p2'], ['flat'], { axis: 1 }),
    layer('Gemm', 'dense1', 'flat', 'd1', { transB: 1 }),
    node('Relu', 'relu3', ['d1'], ['r3']),
    layer('Gemm', 'dense2', 'r3', 'scores', { transB: 1 }),
  ]
}

const floatModel = (frame, layers) =>
  model({
    ...frame,
    tensors: layers.flatMap(({ layer, dims, weight, bias }) => [tensor(`${layer}.weight`, FLOAT, dims, weight), bias]),
  })

/** Symmetric int8, one scale an output channel, DequantizeLinear before the consumer. */
function int8Model(frame, layers) {
  const tensors = []
  const dequantize = []
  for (const { layer, dims, weight, bias } of layers) {
    const perChannel = weight.length / dims[0]
    const scales = new Float32Array(dims[0])
    const integers = new Int8Array(weight.length)
    for (let c = 0; c < dims[0]; c++) {
      const channel = weight.subarray(c * perChannel, (c + 1) * perChannel)
      scales[c] = channel.reduce((max, v) => Math.max(max, Math.abs(v)), 0) / 127
      channel.forEach((v, k) => (integers[c * perChannel + k] = Math.round(v / scales[c])))
    }
    tensors.push(
      tensor(`${layer}.weight_int8`, INT8, dims, integers),
      tensor(`${layer}.weight_scale`, FLOAT, [dims[0]], scales),
      tensor(`${layer}.weight_zero`, INT8, [dims[0]], new Int8Array(dims[0])),
      bias,
    )
    const inputs = ['int8', 'scale', 'zero'].map((part) => `${layer}.weight_${part}`)
    dequantize.push(node('DequantizeLinear', `${layer}.dequantize`, inputs, [`${layer}.weight`], { axis: 0 }))
  }
  return model({ ...frame, tensors, nodes: [...dequantize, ...frame.nodes] })
}
