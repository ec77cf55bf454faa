/** Real models with inputs that make every branch run. Not part of the product. */
import { Random } from '../core/random'
import { asFloat32, numberToFloat16, type Tensor } from '../core/tensor'
import { tensorOf } from './build-model'

type Feeds = ReadonlyMap<string, Tensor>

export interface SharedModel {
  /** Below the folder of shared data. */
  readonly path: string
  /** One set of inputs for each branch. */
  readonly feeds: readonly Feeds[]
}

function normal(shape: readonly number[], seed = 3): Tensor {
  const random = new Random(seed)
  const count = shape.reduce((product, size) => product * size, 1)
  return tensorOf(
    'float32',
    shape,
    Array.from({ length: count }, () => random.normal()),
  )
}

function half(tensor: Tensor): Tensor {
  const bits = Uint16Array.from(asFloat32(tensor), numberToFloat16)
  return { dtype: 'float16', shape: tensor.shape, data: new Uint8Array(bits.buffer) }
}

function tokens(shape: readonly number[], limit: number): Tensor {
  const random = new Random(11)
  const count = shape.reduce((product, size) => product * size, 1)
  return tensorOf(
    'int64',
    shape,
    Array.from({ length: count }, () => random.below(limit)),
  )
}

const feed = (tensors: Readonly<Record<string, Tensor>>): Feeds => new Map(Object.entries(tensors))
const voice = (samples: number) => ({ input: normal([1, samples]), state: normal([2, 1, 128], 5) })
const rate = (hertz: number) => ({ sr: tensorOf('int64', [], [hertz]) })

export const SHARED_MODELS: readonly SharedModel[] = [
  { path: 'mnist-cntk/mnist.onnx', feeds: [feed({ Input3: normal([1, 1, 28, 28]) })] },
  { path: 'mnist-burn/mnist.onnx', feeds: [feed({ 'input.1': normal([1, 1, 28, 28]) })] },
  {
    path: 'silero-vad/silero_vad.onnx',
    feeds: [feed({ ...voice(576), ...rate(16000) }), feed({ ...voice(288), ...rate(8000) })],
  },
  { path: 'silero-vad/silero_vad_half.onnx', feeds: [feed(voice(576))] },
  { path: 'ultraface/version-RFB-320.onnx', feeds: [feed({ input: normal([1, 3, 240, 320]) })] },
  { path: 'basic-pitch/nmp.onnx', feeds: [feed({ 'serving_default_input_2:0': normal([1, 43844, 1]) })] },
  { path: 'hls4ml-jets/three_layer_keras.onnx', feeds: [feed({ input_1_0: normal([1, 16]) })] },
  { path: 'squeezenet/SqueezeNet_fp16.onnx', feeds: [feed({ data_0: half(normal([1, 3, 224, 224])) })] },
  { path: 'squeezenet/SqueezeNet_fp32.onnx', feeds: [feed({ data_0: normal([1, 3, 224, 224]) })] },
  { path: 'dtln/model_2.onnx', feeds: [feed({ input_4: normal([1, 1, 512]), input_5: normal([1, 2, 128, 2], 5) })] },
  { path: 'cifar10-resnet20/cifar10-resnet20.onnx', feeds: [feed({ input: normal([3, 3, 32, 32]) })] },
  { path: 'stories260K/stories260K.onnx', feeds: [feed({ tokens: tokens([2, 37], 512) })] },
  { path: 'super-resolution/super_resolution.onnx', feeds: [feed({ input: normal([1, 1, 224, 224]) })] },
]
