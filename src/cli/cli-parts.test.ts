import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { asFlag, FlagError, helpText, parseFlags, parseMethodFlag, wholeNumber } from './args'
import { nodeFileSet, nodeFolder, nodeSampleFiles, readTextFile, removeUnfinished, writeTextFile } from './files'
import { table } from './table'
import { TerminalProgress } from './terminal'
import { UsageError } from '../core/errors'

const scratch = () => mkdtemp(join(tmpdir(), 'plume-cli-'))

describe('flags', () => {
  const flags = { method: { type: 'text', many: true, help: '' }, force: { type: 'switch', help: '' } } as const

  it('parses positionals, repeated flags and switches', () => {
    const args = parseFlags(['a.onnx', '--method', 'x', '--method=y:k=v', '--force'], flags, 'compress')
    expect(args.files).toEqual(['a.onnx'])
    expect(args.texts('method')).toEqual(['x', 'y:k=v'])
    expect([args.has('force'), args.has('json'), args.text('seed')]).toEqual([true, false, undefined])
  })

  it('names an unknown flag and where to look', () => {
    expect(() => parseFlags(['--colour'], flags, 'compress')).toThrow(
      "plume compress: Unknown option '--colour'. See plume compress --help.",
    )
  })

  it('reads a method with its options', () => {
    expect(parseMethodFlag('weights-int8:granularity=per-tensor,minBytes=1')).toEqual({
      method: 'weights-int8',
      options: { granularity: 'per-tensor', minBytes: '1' },
    })
    expect(() => parseMethodFlag('tidy:fold')).toThrow('--method tidy:fold: "fold" should be key=value.')
  })

  it('refuses a seed that is not a whole number', () => {
    const args = parseFlags(['--seed', '1.5'], {}, 'x')
    expect(() => wholeNumber(args, 'seed', 0)).toThrow('--seed takes a whole number from 0 to 4294967295, not "1.5".')
  })

  it('turns wrong options into wrong usage, and leaves other errors alone', () => {
    expect(() =>
      asFlag(() => {
        throw new UsageError('no')
      }),
    ).toThrow(FlagError)
    expect(() =>
      asFlag(() => {
        throw new TypeError('bug')
      }),
    ).toThrow(TypeError)
  })

  it('prints every flag with its help', () => {
    expect(helpText('inspect', 'FILE', 'looks', flags)).toMatch(/plume inspect FILE[\s\S]*--method TEXT[\s\S]*--json/)
  })
})

describe('files', () => {
  it('leaves nothing behind when a write is aborted, and never overwrites', async () => {
    const folder = await scratch()
    const sink = await nodeFolder(folder, { force: false }).create('out.onnx')
    await sink.write(new Uint8Array([1]))
    expect(await readdir(folder)).toHaveLength(1)
    await sink.abort()
    expect(await readdir(folder)).toEqual([])
    await writeTextFile(join(folder, 'r.json'), '{}', false)
    await expect(writeTextFile(join(folder, 'r.json'), '[]', false)).rejects.toThrow(/exists already.*--force/)
    await writeTextFile(join(folder, 'r.json'), '[]', true)
    expect(await readFile(join(folder, 'r.json'), 'utf8')).toBe('[]')
  })

  it('removes unfinished files when the process is interrupted', async () => {
    const folder = await scratch()
    await (await nodeFolder(folder, { force: false }).create('a')).write(new Uint8Array([1]))
    await removeUnfinished()
    expect(await readdir(folder)).toEqual([])
  })

  it('opens the one model of a folder, and its neighbours but nothing outside', async () => {
    const folder = await scratch()
    await writeFile(join(folder, 'm.onnx'), 'x')
    await writeFile(join(folder, 'm.onnx.data'), 'yz')
    const files = await nodeFileSet(folder)
    expect(files.main.name).toBe('m.onnx')
    expect((await files.sibling('m.onnx.data'))?.sizeBytes).toBe(2)
    expect(await files.sibling('../secret')).toBeNull()
    expect(await files.sibling('absent')).toBeNull()
    await writeFile(join(folder, 'n.onnx'), 'x')
    await expect(nodeFileSet(folder)).rejects.toThrow('one .onnx file was expected, found 2')
  })

  it('says when a file is missing, a folder, or too large', async () => {
    const folder = await scratch()
    await expect(nodeFileSet(join(folder, 'none.onnx'))).rejects.toThrow(/none\.onnx: no such file\. Check the path/)
    await expect(nodeSampleFiles(join(folder, 'none'))).rejects.toThrow('no such file or folder')
    await writeFile(join(folder, 'big.json'), '12345')
    await expect(readTextFile(join(folder, 'big.json'), 4)).rejects.toThrow('5 bytes are too many, at most 4')
  })
})

describe('terminal', () => {
  const record = (isInteractive: boolean, isQuiet = false) => {
    let text = ''
    let time = 0
    const progress = new TerminalProgress({ isQuiet, isInteractive, write: (t) => void (text += t), now: () => time })
    return { progress, text: () => text, wait: (ms: number) => void (time += ms) }
  }

  it('draws a live bar on a terminal and clears it at the end', () => {
    const { progress, text, wait } = record(true)
    for (let done = 0; done <= 4e6; done += 1e6) {
      progress.report({ stage: 'quantize', done, total: 8e6, unit: 'bytes', item: 'conv1.weight' })
      wait(500)
    }
    expect(text()).toMatch(/quantize.*█+░+ +50 %.*MB\/s.*left.*conv1\.weight/)
    progress.finish()
    expect(text().endsWith('\r\x1b[2K')).toBe(true)
  })

  it('prints one line per stage on a pipe', () => {
    const { progress, text, wait } = record(false)
    progress.report({ stage: 'read', done: 0, total: 1, unit: 'bytes' })
    wait(1500)
    progress.report({ stage: 'verify', done: 0, total: 1, unit: 'items' })
    wait(200)
    progress.finish()
    expect(text()).toBe('read: 1.5 s\nverify: 0.2 s\n')
  })

  it('says nothing when it should be quiet', () => {
    const { progress, text } = record(true, true)
    progress.report({ stage: 'read', done: 0, total: 1, unit: 'bytes' })
    progress.finish()
    expect(text()).toBe('')
  })
})

it('aligns numbers to the right and cuts long names in the middle', () => {
  const lines = table(
    ['tensor', 'bytes'],
    [
      ['a', 12],
      ['x'.repeat(70) + 'end', 1234567],
    ],
  ).split('\n')
  expect(lines[1]).toMatch(/^a +12$/)
  expect(lines[2]).toMatch(/…x+end +1,234,567$/)
})
