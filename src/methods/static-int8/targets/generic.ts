import { ortCpu } from './ort-cpu'
import type { Target } from './target'

/** No particular runtime: what ONNX Runtime computes right on every processor, and others compute from the same operators. */
export const generic: Target = ortCpu
