import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { FlagError, parseFlags } from './args'
import { CALIBRATION_FLAGS, calibrationMemory, DATA_FLAGS, dataFromArgs, SEARCH_FLAGS, searchFromArgs } from './data'

const FLAGS = { ...DATA_FLAGS, ...CALIBRATION_FLAGS, ...SEARCH_FLAGS }
const args = (...argv: string[]) => parseFlags(argv, FLAGS, 'compress')
const { signal } = new AbortController()
const calibrate = (path: string, ...more: string[]) =>
  dataFromArgs(args('--calibrate', path, ...more), signal, 'calibrate')
const scratch = () => mkdtemp(join(tmpdir(), 'plume-data-'))
const SAMPLE_DATA = 'public/samples/shapes-test.npz'

describe('--calibrate', () => {
  it('takes what --test takes, with the same handling for both', async () => {
    const given = args('--calibrate', SAMPLE_DATA, '--preprocess', 'mnist', '--state', 'h=h0')
    expect(await dataFromArgs(given, signal, 'calibrate')).toMatchObject({
      kind: 'samples',
      samples: { name: 'shapes-test.npz' },
      preprocess: 'mnist',
      state: [{ output: 'h', input: 'h0' }],
    })
    // --preprocess has data to belong to, though none for the test
    expect(await dataFromArgs(given, signal)).toBeUndefined()
    await expect(dataFromArgs(args('--preprocess', 'mnist'), signal, 'calibrate')).rejects.toThrow(FlagError)
  })

  it('says what is wrong with what it names', async () => {
    const folder = await scratch()
    await expect(calibrate(join(folder, 'none'))).rejects.toThrow(/none: no such file or folder\. Check the path\./)
    await mkdir(join(folder, 'empty'))
    await expect(calibrate(join(folder, 'empty'))).rejects.toThrow(
      /^empty is empty\. Give \.npz .*folder or \.zip of pictures/,
    )
    await writeFile(join(folder, 'table.csv'), 'a,b\n1,"2\n')
    await expect(calibrate(join(folder, 'table.csv'))).rejects.toThrow(
      /table\.csv: the quoted cell that begins in row 2 is never closed/,
    )
    await expect(calibrate('public/samples/shapes.onnx')).rejects.toThrow(/shapes\.onnx.*Give \.npz/)
    await writeFile(join(folder, 'cut.npz'), new Uint8Array([0x50, 0x4b, 3, 4, 0]))
    await expect(calibrate(join(folder, 'cut.npz'))).rejects.toThrow(/cut\.npz/)
  })

  it('has a memory of whole megabytes', () => {
    expect(calibrationMemory(args('--calibration-memory', '64'))).toEqual({ calibrationMemoryBytes: 64_000_000 })
    expect(calibrationMemory(args())).toEqual({})
    for (const text of ['0', '1.5', 'much']) {
      expect(() => calibrationMemory(args('--calibration-memory', text))).toThrow(
        /--calibration-memory takes a whole number/,
      )
    }
  })
})

describe('--budget and --trials', () => {
  it('go with the automatic choice', () => {
    expect(searchFromArgs(args('--budget', 'drop=0.5%', '--trials', '9'), true)).toEqual({
      budget: { kind: 'drop', drop: 0.005 },
      maxTrials: 9,
    })
    expect(searchFromArgs(args(), false)).toEqual({})
    expect(() => searchFromArgs(args('--budget', 'no-loss'), false)).toThrow('--budget is for the automatic choice')
    expect(() => searchFromArgs(args('--trials', '2'), false)).toThrow('--trials is for the automatic choice')
  })

  it('that cannot be meant are wrong usage', () => {
    expect(() => searchFromArgs(args('--budget', 'size=2'), true)).not.toThrow()
    expect(() => searchFromArgs(args('--budget', 'fast'), true)).toThrow(FlagError)
    expect(() => searchFromArgs(args('--trials', '0'), true)).toThrow(
      '--trials takes a whole number from 1 on, not "0".',
    )
  })
})
