/** The GPU of the command line: Dawn on the machine's own, or on software where a person insists. */
import { existsSync, readdirSync } from 'node:fs'
import { requestGpu, type GpuAnswer, type NoGpu } from '../backends/webgpu/device'
import { createDawn } from './dawn'
import { findSoftwareIcd, useSoftwareIcd } from './software-gpu'

export interface NodeGpu {
  readonly answer: GpuAnswer
  /** File of the software driver that takes the GPU's place. */
  readonly softwareIcd?: string
}

/** What to do where there is no GPU. */
export const GET_DAWN =
  'the optional package webgpu (Dawn) is not installed, or has no build for this system. Install it with ' +
  '`npm install --include=optional webgpu@0.6.2` in the folder of Plume'
export const GET_SOFTWARE =
  'Install a Vulkan driver of the graphics card (on Debian also libvulkan1), or Chromium, whose SwiftShader computes in ' +
  'software; the variable CHROMIUM names the browser where it is installed elsewhere.'

/**
 * @param isAsked whether `--backend webgpu` was given: software will do then
 */
export async function openNodeGpu(isAsked: boolean): Promise<NodeGpu> {
  if (!isAsked && !mayHaveGpu()) return { answer: none('no-adapter', 'this machine has no graphics card') }
  const gpu = await createDawn()
  if (!gpu) return { answer: none('no-webgpu', GET_DAWN) }
  // asked even so where nothing can be there, Dawn prints warnings about old software drivers
  const answer = mayHaveGpu() ? await requestGpu(gpu, { allowSoftware: isAsked }) : null
  if (answer && ('gpu' in answer || !isAsked || answer.missing.kind !== 'no-adapter')) return { answer }
  const softwareIcd = findSoftwareIcd()
  if (!softwareIcd) return { answer: none('no-adapter', 'this machine has no graphics adapter') }
  useSoftwareIcd(softwareIcd)
  return { answer: await requestGpu(await createDawn(), { allowSoftware: true }), softwareIcd }
}

const none = (kind: NoGpu['kind'], text: string): GpuAnswer => ({ missing: { kind, text } })

/** Linux shows graphics cards as devices; a person who sets the loader's variables knows better. */
function mayHaveGpu(env: NodeJS.ProcessEnv = process.env): boolean {
  if (process.platform !== 'linux' || env['VK_ICD_FILENAMES'] || env['VK_DRIVER_FILES']) return true
  if (existsSync('/dev/nvidia0') || existsSync('/dev/dxg')) return true
  return existsSync('/dev/dri') && readdirSync('/dev/dri').some((name) => name.startsWith('renderD'))
}
