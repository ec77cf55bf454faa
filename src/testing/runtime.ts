import { createNodeRuntime } from '../runtime/onnxruntime-node'
import type { Runtime } from '../runtime/runtime'

let runtime: Promise<Runtime> | undefined

/** The one onnxruntime of a test file, with one thread, so that results do not depend on the machine. */
export function testRuntime(): Promise<Runtime> {
  runtime ??= createNodeRuntime({ threads: 1 })
  return runtime
}
