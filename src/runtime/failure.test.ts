import { describe, expect, it } from 'vitest'
import { DeviceError, RuntimeFailure, UnsupportedError } from '../core/errors'
import { loadFailure, runFailure } from './failure'

/** Sentences as onnxruntime-web 1.30 raised them, and what a person should read. */
const CASES: [raw: string, sentence: string, node: string | undefined][] = [
  [
    "Can't create a session. ERROR_CODE: 6, ERROR_MESSAGE: No opset import for domain 'finn.custom_op.general'",
    "No opset import for domain 'finn.custom_op.general'.",
    undefined,
  ],
  [
    "Can't create a session. ERROR_CODE: 1, ERROR_MESSAGE: Fatal error: ai.onnx.contrib:SuperResolutionPreProcess(-1) is not a registered function/op",
    'ai.onnx.contrib:SuperResolutionPreProcess(-1) is not a registered function/op.',
    'ai.onnx.contrib:SuperResolutionPreProcess',
  ],
  [
    "failed to call OrtRun(). ERROR_CODE: 2, ERROR_MESSAGE: Non-zero status code returned while running BatchNormalization node. Name:'BatchNormalization__' Status Message: Invalid input scale: 0th dimension != 1",
    "Non-zero status code returned while running BatchNormalization node. Name:'BatchNormalization__' Status Message: Invalid input scale: 0th dimension != 1.",
    'BatchNormalization__',
  ],
  [
    "failed to call OrtRun(). ERROR_CODE: 2, ERROR_MESSAGE: Non-zero status code returned while running If node. Name:'If_0' Status Message: Non-zero status code returned while running Pad node. Name:'stft/Pad' Status Message: too short",
    "Non-zero status code returned while running If node. Name:'If_0' Status Message: Non-zero status code returned while running Pad node. Name:'stft/Pad' Status Message: too short.",
    'stft/Pad',
  ],
  [
    'Can\'t create a session. ERROR_CODE: 10, ERROR_MESSAGE: This is an invalid model. In Node, ("Quant_0", Quant, "finn.custom_op.general", -1) : ("x": tensor(float),) -> ("y",) , Error No Op registered for Quant with domain_version of 1',
    'This is an invalid model. In Node, ("Quant_0", Quant, "finn.custom_op.general", -1) : ("x": tensor(float),) -> ("y",) , Error No Op registered for Quant with domain_version of 1.',
    'Quant_0',
  ],
  [
    'failed to call OrtRun(). ERROR_CODE: 1, ERROR_MESSAGE: /build/s/onnxruntime/core/providers/cpu/ml/tree_ensemble_common.h:624 void onnxruntime::ml::detail::TreeEnsembleCommon<float, float, float>::ComputeAgg(concurrency::ThreadPool *, const Tensor *, Tensor *, Tensor *, const AGG &) const [InputType = float, ThresholdType = float, OutputType = float, AGG = onnxruntime::ml::detail::TreeAggregatorClassifier<float, float, float>] One path in the graph requests feature 19 but input tensor has 1 features.\n',
    'One path in the graph requests feature 19 but input tensor has 1 features.',
    undefined,
  ],
  [
    "Can't create a session. ERROR_CODE: 9, ERROR_MESSAGE: Could not find an implementation for DequantizeLinear(23) node with name 'w_DequantizeLinear'",
    "Could not find an implementation for DequantizeLinear(23) node with name 'w_DequantizeLinear'.",
    'w_DequantizeLinear',
  ],
  [
    "Can't create a session. ERROR_CODE: 1, ERROR_MESSAGE: Node (sum_3) Op (Add) [ShapeInferenceError] Incompatible dimensions",
    'Node (sum_3) Op (Add) [ShapeInferenceError] Incompatible dimensions.',
    'sum_3',
  ],
  [
    "Can't create a session. ERROR_CODE: 1, ERROR_MESSAGE: /build/s/onnxruntime/core/graph/graph.cc:1434 onnxruntime::Graph::Graph(const Model &, GraphProto *, const std::unordered_map<std::string, int> &, std::function<void (int)>, bool) This is an invalid model. Tensor 'w' (of 3) does not have valid data type.",
    "This is an invalid model. Tensor 'w' (of 3) does not have valid data type.",
    undefined,
  ],
  [
    "Can't create a session. ERROR_CODE: 1, ERROR_MESSAGE: /b/onnxruntime/core/graph/model.cc:1 onnxruntime::Model::Model(ModelProto &&, const ModelOptions &) [ONNXRuntimeError] : 10 : INVALID_GRAPH : Model local function definitions must not be recursive. Cycle detected: f:A -> f:A",
    'Model local function definitions must not be recursive. Cycle detected: f:A -> f:A.',
    undefined,
  ],
]

describe('failures of onnxruntime', () => {
  it.each(CASES)('reads %j', (raw, sentence, node) => {
    const error = loadFailure(new Error(raw))
    expect(error).toBeInstanceOf(RuntimeFailure)
    expect(error.message).toBe(`onnxruntime refused the model: ${sentence}`)
    expect((error as RuntimeFailure).node).toBe(node)
  })

  it('calls a bare exception number an internal exception', () => {
    for (const raised of [1991937888, new Error('1991937888'), new Error('unknown error 1991937888')]) {
      const error = runFailure(raised)
      expect(error).toBeInstanceOf(DeviceError)
      expect(error.message).toContain('internal exception (number 1991937888)')
    }
  })

  it('says so when memory ran out', () => {
    const raws = [
      new Error('failed to call OrtRun(). ERROR_CODE: 6, ERROR_MESSAGE: std::bad_alloc'),
      new RangeError('Array buffer allocation failed'),
      new RangeError('Invalid typed array length: 18446744065119617000'),
    ]
    for (const raw of raws) {
      const error = runFailure(raw)
      expect(error).toBeInstanceOf(DeviceError)
      expect(error.message).toContain('ran out of memory')
    }
  })

  it('hands our own errors on', () => {
    const own = new UnsupportedError('mine')
    expect(runFailure(own)).toBe(own)
  })
})
