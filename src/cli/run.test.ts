import { mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { memorySource, type Bytes } from '../core/bytes'
import { hostArray, toTensor } from '../core/host-array'
import type { DType } from '../core/dtypes'
import type { Note } from '../core/progress'
import { writeNpyArray } from '../formats/npy/npy'
import { readNpz, writeNpz } from '../formats/npy/npz'
import { readTensorFile, writeTensorFile } from '../formats/onnx/tensor-file'
import type { Model } from '../graph/model'
import { buildModel, node, type ModelSpec } from '../testing/build-model'
import { modelBytes } from '../testing/model-bytes'
import { FlagError, parseFlags } from './args'
import { run } from './commands/run'
import { createTerminal } from './environment'

const scratch = () => mkdtemp(join(tmpdir(), 'plume-run-'))

/** y = |a| + b, with a batch that both inputs share. */
const SUM: ModelSpec = {
  inputs: { a: ['float32', ['batch', 2]], b: ['float32', ['batch', 2]] },
  outputs: { y: ['float32', ['batch', 2]] },
  nodes: [node('Abs', 'a', 't'), node('Add', 't b', 'y')],
}
const A = toTensor(hostArray('float32', [3, 2], [1, -2, 3, -4, 5, -6]))
const B = toTensor(hostArray('float32', [3, 2], [0.5, 0.5, 0, 0, 0, 100]))
const SUMS = [1.5, 2.5, 3, 4, 5, 106]

async function folderWith(
  model: Model,
  files: Readonly<Record<string, Bytes>> = {},
): Promise<(name: string) => string> {
  const folder = await scratch()
  await writeFile(join(folder, 'm.onnx'), await modelBytes(model))
  for (const [name, bytes] of Object.entries(files)) {
    if (name.includes('/')) await mkdir(join(folder, name.slice(0, name.lastIndexOf('/'))), { recursive: true })
    await writeFile(join(folder, name), bytes)
  }
  return (name) => join(folder, name)
}

async function plumeRun(...argv: string[]) {
  const { terminal } = createTerminal(true, true, new AbortController().signal)
  return run.run(parseFlags(argv, run.flags, 'run'), terminal)
}

const bytesAt = async (path: string) => memorySource(new Uint8Array(await readFile(path)), path)

async function numbersAt(path: string, name = 'y'): Promise<number[]> {
  const { data } = (await readNpz(await bytesAt(path))).get(name)!
  return [...new Float32Array(data.slice().buffer)]
}

describe('plume run', () => {
  it('computes a model on arrays of an archive, and says what went in and out', async () => {
    const at = await folderWith(buildModel(SUM), {
      'in.npz': writeNpz(
        new Map([
          ['b', B],
          ['a', A],
        ]),
      ),
    })
    const report = await plumeRun(at('m.onnx'), '--inputs', at('in.npz'), '-o', at('out.npz'), '--backend', 'reference')
    expect(await numbersAt(at('out.npz'))).toEqual(SUMS)
    expect(report).toMatchObject({
      version: 1,
      model: { name: 'm.onnx', format: 'onnx' },
      backend: 'reference',
      inputs: [{ name: 'b', dtype: 'float32', shape: [3, 2] }, { name: 'a' }],
      outputs: [{ name: 'y', dtype: 'float32', shape: [3, 2] }],
      files: [{ path: at('out.npz') }],
      notes: [{ text: expect.stringMatching(/^opset 17 → 25/) as string }],
    })
  })

  it.each(['auto', 'wasm', 'reference'])('gives the same on the backend %s', async (backend) => {
    const at = await folderWith(buildModel(SUM), {
      'in.npz': writeNpz(
        new Map([
          ['a', A],
          ['b', B],
        ]),
      ),
    })
    await plumeRun(at('m.onnx'), '--inputs', at('in.npz'), '-o', at('out.npz'), '--backend', backend)
    expect(await numbersAt(at('out.npz'))).toEqual(SUMS)
  })

  it('takes a folder of ONNX tests and writes one', async () => {
    const at = await folderWith(buildModel(SUM), {
      'set/input_0.pb': writeTensorFile('', A),
      'set/input_1.pb': writeTensorFile('', B),
      'set/output_0.pb': writeTensorFile('y', A),
    })
    await plumeRun(at('m.onnx'), '--inputs', at('set'), '-o', at('found/'))
    const { name, tensor } = await readTensorFile(await bytesAt(at('found/output_0.pb')))
    expect([name, tensor.shape, [...new Float32Array(tensor.data.slice().buffer)]]).toEqual(['y', [3, 2], SUMS])
  })

  it('takes tensors by the name inside, by the name of the file, and several after one flag', async () => {
    const at = await folderWith(buildModel(SUM), { 'x.pb': writeTensorFile('a', A), 'b.npy': writeNpyArray(B) })
    await plumeRun(at('m.onnx'), '--inputs', at('x.pb'), at('b.npy'), '-o', at('out.pb'))
    const { tensor } = await readTensorFile(await bytesAt(at('out.pb')))
    expect([...new Float32Array(tensor.data.slice().buffer)]).toEqual(SUMS)
  })

  it('gives a lone array to a lone input, whatever its name', async () => {
    const spec = {
      inputs: { x: ['float32', [3, 2]] },
      outputs: { y: ['float32'] },
      nodes: [node('Abs', 'x', 'y')],
    } as const
    const at = await folderWith(buildModel(spec), { 'data.npz': writeNpz(new Map([['arr_0', A]])) })
    await plumeRun(at('m.onnx'), '--inputs', at('data.npz'), '-o', at('out.npz'))
    expect(await numbersAt(at('out.npz'))).toEqual([1, 2, 3, 4, 5, 6])
  })

  it.each<[DType, number[], string]>([
    ['float16', [-1.5, 2], 'float16'],
    ['int64', [-5, 7], 'int64'],
    ['uint8', [5, 250], 'uint8'],
    ['bfloat16', [-1.5, 2], 'float32'],
  ])('keeps %s, or the exact wider type of NumPy', async (dtype, values, written) => {
    const spec = { inputs: { x: [dtype, [2]] }, outputs: { y: [dtype] }, nodes: [node('Abs', 'x', 'y')] } as const
    const array = toTensor(hostArray(dtype, [2], values))
    const at = await folderWith(buildModel(spec), { 'x.pb': writeTensorFile('x', array) })
    const report = (await plumeRun(at('m.onnx'), '--inputs', at('x.pb'), '-o', at('out.npz'))) as { notes: Note[] }
    const found = (await readNpz(await bytesAt(at('out.npz')))).get('y')!
    const magnitudes = toTensor(hostArray(written as DType, [2], values.map(Math.abs)))
    expect([found.dtype, [...found.data]]).toEqual([written, [...magnitudes.data]])
    const told = report.notes.filter(({ text }) =>
      text.startsWith(`NumPy has no type for ${dtype}: the output y was written`),
    )
    expect(told).toHaveLength(dtype === written ? 0 : 1)
  })

  const cases: [string, string[], RegExp][] = [
    [
      'no arrays at all',
      [],
      /Inputs have no array: a \(float32 \[batch, 2\]\), b \(float32 \[batch, 2\]\)\. Give it with --inputs\./,
    ],
    ['a missing one', ['a.pb'], /An input has no array: b/],
    ['a name that is no input', ['a.pb', 'c.pb'], /The array c is for no input: the model's inputs are a, b\./],
    ['an input twice', ['a.pb', 'a.pb'], /The input a was given twice/],
    [
      'another type',
      ['double.pb'],
      /The input a takes float32, and the array given for it is float64\. Convert it, e\.g\. with array\.astype\(numpy\.float32\)/,
    ],
    ['another rank', ['flat.pb'], /The input a \(float32 \[batch, 2\]\) was given an array of shape \[6\]/],
    ['another size', ['wide.pb'], /The input a \(float32 \[batch, 2\]\) was given an array of shape \[2, 3\]/],
    [
      'a file that is no array',
      ['m.onnx'],
      /m\.onnx holds no arrays that Plume reads\. Give \.npz, \.npy, or \.pb tensors/,
    ],
    ['a damaged tensor', ['bad.pb'], /bad\.pb at byte/],
    ['a damaged archive', ['bad.npz'], /bad\.npz: the end record of a zip archive was expected/],
    ['a folder without tensors', ['empty'], /a folder with \.pb tensors was expected, found none/],
    ['a file that is not there', ['none.npz'], /no such file/],
  ]
  it.each(cases)('refuses %s and writes nothing', async (_, inputs, message) => {
    const at = await folderWith(buildModel(SUM), {
      'a.pb': writeTensorFile('a', A),
      'c.pb': writeTensorFile('c', B),
      'double.pb': writeTensorFile('a', toTensor(hostArray('float64', [1, 2], [1, 2]))),
      'flat.pb': writeTensorFile('a', toTensor(hostArray('float32', [6], [1, 2, 3, 4, 5, 6]))),
      'wide.pb': writeTensorFile('a', toTensor(hostArray('float32', [2, 3], [1, 2, 3, 4, 5, 6]))),
      'short.pb': writeTensorFile('b', toTensor(hostArray('float32', [1, 2], [1, 2]))),
      'bad.pb': new Uint8Array([10, 200, 1, 2]),
      'bad.npz': new Uint8Array([0x50, 0x4b, 3, 4, 0, 0, 0, 0]),
      'empty/readme.txt': new Uint8Array(1),
    })
    const argv = inputs.flatMap((name) => ['--inputs', at(name)])
    await expect(plumeRun(at('m.onnx'), ...argv, '-o', at('out.npz'))).rejects.toThrow(message)
    expect(await readdir(at(''))).not.toContain('out.npz')
  })

  it('names the node that the engine cannot compute', async () => {
    const model = buildModel({ ...SUM, nodes: [node('Frobnicate', 'a', 't', {}, 'frob1'), node('Add', 't b', 'y')] })
    const at = await folderWith(model, {
      'in.npz': writeNpz(
        new Map([
          ['a', A],
          ['b', B],
        ]),
      ),
    })
    await expect(plumeRun(at('m.onnx'), '--inputs', at('in.npz'), '-o', at('out.npz'))).rejects.toThrow(/Frobnicate/)
  })

  it('tells wrong usage from bad files', async () => {
    const at = await folderWith(buildModel(SUM), {
      'in.npz': writeNpz(
        new Map([
          ['a', A],
          ['b', B],
        ]),
      ),
    })
    const wrong = (...argv: string[]) => plumeRun(...argv).catch((error: unknown) => error)
    expect(await wrong()).toEqual(new FlagError('plume run takes a MODEL.'))
    expect(await wrong(at('m.onnx'))).toEqual(new FlagError('plume run needs -o OUT, the file to write.'))
    expect(await wrong(at('m.onnx'), '-o', 'x.txt')).toBeInstanceOf(FlagError)
    expect(await wrong(at('m.onnx'), at('in.npz'), '-o', at('o.npz'))).toEqual(
      new FlagError('plume run takes inputs after --inputs.'),
    )
    expect(await wrong(at('m.onnx'), '-o', at('o.npz'), '--backend', 'abacus')).toBeInstanceOf(FlagError)
    await writeFile(at('o.npz'), '')
    expect(await wrong(at('m.onnx'), '--inputs', at('in.npz'), '-o', at('o.npz'))).toMatchObject({
      message: expect.stringMatching(/exists already.*--force/) as string,
    })
    await plumeRun(at('m.onnx'), '--inputs', at('in.npz'), '-o', at('o.npz'), '--force')
    expect(await numbersAt(at('o.npz'))).toEqual(SUMS)
  })
})
