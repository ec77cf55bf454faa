import { ortWeb } from './ort-web'
import type { Target } from './target'

/**
 * ONNX Runtime's WebGPU provider: it has DequantizeLinear, but neither QuantizeLinear nor integer Conv, Gemm or MatMul, so
 * quantized inner values would only travel to the processor and back. Weights alone are integers.
 * https://github.com/microsoft/onnxruntime/blob/v1.22.0/js/web/docs/webgpu-operators.md
 */
export const webgpu: Target = { ...ortWeb, activations: null }
