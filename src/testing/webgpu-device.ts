/** A GPU for unit tests: Dawn on SwiftShader, which is all that a machine without a graphics card has. */
import { requestGpu, type Gpu } from '../backends/webgpu/device'
import { createDawn } from '../cli/dawn'
import { findSoftwareIcd, useSoftwareIcd } from '../cli/software-gpu'

export interface TestGpuOptions {
  /** true: bounds are checked as in a browser, which halves the speed. */
  readonly robust?: boolean
  /** false: no shader-f16, subgroups, timestamps. */
  readonly features?: boolean
}

/** Dawn alone can forbid the checks of bounds; they cost half of the time (PERF.md §4 rule 6). */
const FAST = ['disable_robustness', 'allow_unsafe_apis']
const ROBUST = ['allow_unsafe_apis']

let chosen = false

/**
 * A device of its own for each caller; destroying it is allowed, and the caller's duty.
 * @throws Error in plain words where the package or the software adapter is missing: tests fail then, they never skip
 */
export async function testDevice(options: TestGpuOptions = {}): Promise<GPUDevice> {
  return (await testGpu(options)).device
}

/** As `testDevice`, with the facts that kernels are chosen by. */
export async function testGpu({ robust = false, features = true }: TestGpuOptions = {}): Promise<Gpu> {
  chooseAdapter()
  const gpu = await createDawn(robust ? ROBUST : FAST)
  if (!gpu) {
    throw new Error('Tests on WebGPU need the npm package webgpu: run `npm install --include=optional` once.')
  }
  const answer = await requestGpu(gpu, { allowSoftware: true, withFeatures: features })
  if ('gpu' in answer) return answer.gpu
  throw new Error(`Tests on WebGPU got no device: ${answer.missing.text}. ${NEEDED}`)
}

const NEEDED =
  'They run on SwiftShader, which comes with Chromium, through the Vulkan loader. ' +
  "On Debian: `apt-get install chromium libvulkan1`; elsewhere set CHROMIUM to a browser's binary."

/** Once per process, before Dawn is first asked. TEST_GPU=hardware runs the same tests on a real adapter. */
function chooseAdapter(): void {
  if (chosen || process.env['TEST_GPU'] === 'hardware') return
  const icd = findSoftwareIcd()
  if (!icd) throw new Error(`Tests on WebGPU found no software adapter. ${NEEDED}`)
  useSoftwareIcd(icd)
  chosen = true
}
