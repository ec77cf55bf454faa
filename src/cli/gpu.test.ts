import { mkdir, mkdtemp, readFile, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { memorySource } from '../core/bytes'
import { hostArray, toTensor } from '../core/host-array'
import { readNpz, writeNpz } from '../formats/npy/npz'
import { buildModel, node } from '../testing/build-model'
import { modelBytes } from '../testing/model-bytes'
import { parseFlags } from './args'
import { run } from './commands/run'
import * as dawn from './dawn'
import { examine } from './doctor/facts'
import { createTerminal, openRuntime } from './environment'
import { openNodeGpu } from './gpu'
import * as software from './software-gpu'

const scratch = () => mkdtemp(join(tmpdir(), 'plume-gpu-'))

const endings: (() => void)[] = []
afterEach(() => {
  for (const end of endings.splice(0)) end()
  vi.restoreAllMocks()
})

/** y = |a| · a, from 70 numbers. */
const MODEL = buildModel({
  inputs: { a: ['float32', ['n']] },
  outputs: { y: ['float32', ['n']] },
  nodes: [node('Abs', 'a', 't'), node('Mul', 't a', 'y')],
})
const A = Array.from({ length: 70 }, (_, i) => (i - 30) / 4)

async function plumeRun(backend: string) {
  const folder = await scratch()
  const at = (name: string) => join(folder, name)
  await writeFile(at('m.onnx'), await modelBytes(MODEL))
  await writeFile(at('in.npz'), writeNpz(new Map([['a', toTensor(hostArray('float32', [70], A))]])))
  const { terminal, finish } = createTerminal(true, true, new AbortController().signal)
  endings.push(finish)
  const argv = [at('m.onnx'), '--inputs', at('in.npz'), '-o', at('out.npz'), '--backend', backend]
  const report = (await run.run(parseFlags(argv, run.flags, 'run'), terminal)) as {
    backend: string
    notes: readonly { severity: string; text: string }[]
  }
  const { data } = (await readNpz(memorySource(new Uint8Array(await readFile(at('out.npz'))), 'out'))).get('y')!
  return { report, y: [...new Float32Array(data.slice().buffer)] }
}

describe('--backend webgpu', () => {
  it('runs on Dawn, in software with a note where there is no GPU', async () => {
    const { report, y } = await plumeRun('webgpu')
    expect(report.backend).toBe('webgpu')
    expect(y).toEqual(A.map((a) => Math.fround(Math.abs(a) * a)))
    const note = report.notes.find(({ text }) => text.startsWith('WebGPU runs in software ('))
    const { answer } = await openNodeGpu(false)
    expect(note?.severity).toBe('gpu' in answer ? undefined : 'info')
    if ('gpu' in answer) answer.gpu.dispose()
  })

  it('says how to get the optional package', async () => {
    vi.spyOn(dawn, 'createDawn').mockResolvedValue(undefined)
    await expect(plumeRun('webgpu')).rejects.toMatchObject({
      name: 'DeviceError',
      message:
        '--backend webgpu: the optional package webgpu (Dawn) is not installed, or has no build for this system. Install ' +
        'it with `npm install --include=optional webgpu@0.6.2` in the folder of Plume. Or use --backend wasm.',
    })
    const { report, y } = await plumeRun('auto')
    expect(report.backend).toBe('wasm')
    expect(y[0]).toBe(-56.25)
  })

  it('says what is needed where there is not even software', async () => {
    vi.spyOn(software, 'findSoftwareIcd').mockReturnValue(undefined)
    vi.spyOn(dawn, 'createDawn').mockResolvedValue({ requestAdapter: async () => null } as unknown as GPU)
    await expect(plumeRun('webgpu')).rejects.toThrow(
      /^--backend webgpu: this machine has no graphics adapter\. Install a Vulkan driver .* Or use --backend wasm\.$/,
    )
  })

  it('is never software for auto', async () => {
    const { answer } = await openNodeGpu(false)
    if ('gpu' in answer) {
      expect(answer.gpu.adapter.isSoftware).toBe(false)
      answer.gpu.dispose()
    }
    const { report } = await plumeRun('auto')
    expect(report.backend).toBe('gpu' in answer ? 'webgpu' : 'wasm')
    expect(report.notes.map(({ text }) => text).join()).not.toContain('software')
  })
})

describe('the software driver', () => {
  it('is found beside the browser that CHROMIUM names, also through a link', async () => {
    const folder = await scratch()
    await mkdir(join(folder, 'browser'))
    for (const name of ['chrome', 'vk_swiftshader_icd.json']) await writeFile(join(folder, 'browser', name), '')
    await symlink(join(folder, 'browser/chrome'), join(folder, 'chromium'))
    const expected = join(folder, 'browser/vk_swiftshader_icd.json')
    expect(software.findSoftwareIcd({ CHROMIUM: join(folder, 'browser/chrome') })).toBe(expected)
    expect(software.findSoftwareIcd({ CHROMIUM: join(folder, 'chromium') })).toBe(expected)
  })

  it('is told to the Vulkan loader, which gets a folder that exists', () => {
    const env: NodeJS.ProcessEnv = { XDG_RUNTIME_DIR: '/nowhere' }
    software.useSoftwareIcd('/b/vk_swiftshader_icd.json', env)
    expect(env['VK_ICD_FILENAMES']).toBe('/b/vk_swiftshader_icd.json')
    if (process.platform === 'linux') expect(env['XDG_RUNTIME_DIR']).toBe(tmpdir())
  })
})

describe('plume doctor', () => {
  it('tells what there is and what is used', async () => {
    const report = await examine(openRuntime)
    expect(report).toMatchObject({ version: 1, onnxruntime: { provider: 'wasm' }, threads: { engine: 1 } })
    expect(report.onnxruntime.version).toMatch(/^\d+\.\d+/)
    expect(report.gpu.adapter).not.toBeNull()
    expect(report.gpu.limits['maxBufferSize']).toBeGreaterThan(2 ** 27)
    expect(report.storage.temporary.isWritable).toBe(true)
    expect(report.storage.temporary.freeBytes).toBeGreaterThan(0)
    expect(report.uses).toHaveLength(3)
    if (report.gpu.adapter!.isSoftware) {
      expect(report.gpu.isUsedByAuto).toBe(false)
      expect(report.uses[0]!.on).toContain('WebAssembly')
      expect(report.advice.join(' ')).toContain('--backend webgpu runs in software here')
    }
  })

  it('works without any GPU, and repeats why', async () => {
    const text = 'WebGPU found no graphics adapter'
    const report = await examine(openRuntime, async () => ({ answer: { missing: { kind: 'no-adapter', text } } }))
    expect(report.gpu).toEqual({ adapter: null, isUsedByAuto: false, why: text, features: [], limits: {} })
    expect(report.advice[0]).toBe('No GPU is used: WebGPU found no graphics adapter.')
  })

  it('names the missing package before the missing card', async () => {
    const report = await examine(openRuntime, async (isAsked) => ({
      answer: {
        missing: isAsked ? { kind: 'no-webgpu', text: 'no package' } : { kind: 'no-adapter', text: 'no card' },
      },
    }))
    expect(report.gpu.why).toBe('no package')
  })
})
