import type { ComposedOperator } from './compose'
import { dynamicQuantizeMatMul } from './dynamic-quantize-mat-mul/dynamic-quantize-mat-mul'
import { matMulIntegerToFloat } from './mat-mul-integer-to-float/mat-mul-integer-to-float'
import { microsoftDequantizeLinear } from './microsoft-dequantize-linear/microsoft-dequantize-linear'
import { microsoftQuantizeLinear } from './microsoft-quantize-linear/microsoft-quantize-linear'
import { qGemm } from './q-gemm/q-gemm'
import { qLinearAdd } from './q-linear-add/q-linear-add'
import { qLinearAveragePool } from './q-linear-average-pool/q-linear-average-pool'
import { qLinearConcat } from './q-linear-concat/q-linear-concat'
import { qLinearConv } from './q-linear-conv/q-linear-conv'
import { qLinearGlobalAveragePool } from './q-linear-global-average-pool/q-linear-global-average-pool'
import { qLinearLeakyRelu } from './q-linear-leaky-relu/q-linear-leaky-relu'
import { qLinearMatMul } from './q-linear-mat-mul/q-linear-mat-mul'
import { qLinearMul } from './q-linear-mul/q-linear-mul'
import { qLinearSigmoid } from './q-linear-sigmoid/q-linear-sigmoid'
import { qLinearSoftmax } from './q-linear-softmax/q-linear-softmax'

/** Operators that the engine takes apart before it looks at a graph: one line each, in the order of names. */
export const COMPOSED: readonly ComposedOperator[] = [
  microsoftDequantizeLinear,
  dynamicQuantizeMatMul,
  matMulIntegerToFloat,
  qGemm,
  qLinearAdd,
  qLinearAveragePool,
  qLinearConcat,
  qLinearConv,
  qLinearGlobalAveragePool,
  qLinearLeakyRelu,
  qLinearMatMul,
  qLinearMul,
  qLinearSigmoid,
  qLinearSoftmax,
  microsoftQuantizeLinear,
]

const BY_NAME = new Map(COMPOSED.map((one) => [`${one.domain}:${one.name}`, one]))

/** undefined: no such operator, or one that stands in `index.ts`. */
export function findComposed(domain: string, name: string): ComposedOperator | undefined {
  return BY_NAME.get(`${domain === 'ai.onnx' ? '' : domain}:${name}`)
}
