import { createOnnxRuntime } from './onnxruntime'
import type { Runtime } from './runtime'

/** onnxruntime for Node: the package's own Node build, which is the same WASM that the page uses. */
export async function createNodeRuntime(options: { threads: number }): Promise<Runtime> {
  return createOnnxRuntime(await import('onnxruntime-web'), options)
}
