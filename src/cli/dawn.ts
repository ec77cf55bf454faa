/** WebGPU in Node: Dawn, from the optional package `webgpu`. */
import { quietLoader } from './software-gpu'

/** Dawn in this process, with WebGPU's global constants (`GPUBufferUsage` …) in place. */
interface Dawn {
  create(options: string[]): GPU
  readonly globals: object
}

/** undefined where the package is not installed, or has no build for this system. */
async function loadDawn(): Promise<Dawn | undefined> {
  try {
    return (await import('webgpu')) as Dawn
  } catch {
    return undefined
  }
}

/**
 * A new instance of Dawn. It lives, and keeps the process alive, as long as something refers to it or one of its devices.
 * @param features Dawn's own switches, e.g. 'disable_robustness'
 * @returns undefined where the optional package is missing
 */
export async function createDawn(features: readonly string[] = []): Promise<GPU | undefined> {
  const dawn = await loadDawn()
  if (!dawn) return undefined
  quietLoader()
  Object.assign(globalThis, dawn.globals)
  return dawn.create(features.length === 0 ? [] : [`enable-dawn-features=${features.join(',')}`])
}
