import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { asFlag, FlagError, helpText, parseFlags, wholeNumber } from './args'
import {
  isSameFile,
  nodeFileSet,
  nodeFolder,
  nodeSampleFiles,
  readTextFile,
  refuseUnwritable,
  removeUnfinished,
  writeTextFile,
} from './files'
import { noteLine } from './report-text'
import { table } from './table'
import { TerminalProgress } from './terminal'
import { DeviceError, UsageError } from '../core/errors'

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
      "Unknown option '--colour'. See plume compress --help.",
    )
  })

  it('says in one line what a value that looks like a flag lacks', () => {
    expect(() => parseFlags(['--seed', '-1'], flags, 'compress')).toThrow(
      /^Option '--seed' argument is ambiguous\. See plume compress --help\.$/,
    )
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

describe('files that are none, or not where they seem', () => {
  it('refuses pipes and devices instead of waiting for them', async () => {
    const pipe = join(await scratch(), 'pipe')
    execFileSync('mkfifo', [pipe])
    await expect(nodeFileSet(pipe)).rejects.toThrow(/this is a pipe or a device; Plume reads files only/)
    await expect(nodeFileSet('/dev/zero')).rejects.toThrow(/this is a pipe or a device/)
    await expect(readTextFile(pipe, 10)).rejects.toThrow(/this is a pipe or a device/)
  })

  it('never puts a file in the place of a device or a folder, not even with --force', async () => {
    const folder = await scratch()
    const force = { force: true }
    await expect(nodeFolder('/dev', force).create('null')).rejects.toThrow('/dev/null is a pipe or a device')
    await mkdir(join(folder, 'out.onnx'))
    await expect(nodeFolder(folder, force).create('out.onnx')).rejects.toThrow('is a folder. Name the file to write.')
    expect(await readdir(folder)).toEqual(['out.onnx'])
  })

  it('keeps a file that another run wrote in the meantime', async () => {
    const folder = await scratch()
    const sink = await nodeFolder(folder, { force: false }).create('out.onnx')
    await writeFile(join(folder, 'out.onnx'), 'other')
    await expect(sink.close()).rejects.toThrow('exists already')
    await sink.abort()
    expect(await readdir(folder)).toEqual(['out.onnx'])
    expect(await readFile(join(folder, 'out.onnx'), 'utf8')).toBe('other')
  })

  it('says why a file cannot be made, before and while it is tried', async () => {
    const folder = await scratch()
    await writeFile(join(folder, 'file'), '')
    const below = join(folder, 'file', 'deep')
    await expect(refuseUnwritable(join(below, 'out.onnx'))).rejects.toThrow(/file is a file, a folder was expected/)
    await expect(nodeFolder(below, { force: false }).create('out.onnx')).rejects.toThrow(DeviceError)
    await expect(nodeFolder(folder, { force: false }).create('x'.repeat(300))).rejects.toThrow('the name is too long')
    await nodeFolder(join(folder, 'new', 'newer'), { force: false }).create('a')
    await removeUnfinished()
    expect((await readdir(folder)).sort()).toEqual(['file', 'new'])
  })

  it('lets external data be a link within the folder, or where the model itself is linked to, but not elsewhere', async () => {
    const [folder, cache, secret] = await Promise.all([scratch(), scratch(), scratch()])
    for (const at of [cache, secret]) for (const name of ['m', 'w']) await writeFile(join(at, name), 'xyz')
    await symlink(join(secret, 'w'), join(folder, 'w.bin'))
    await writeFile(join(folder, 'm.onnx'), 'x')
    await writeFile(join(folder, '..w.bin'), 'abcd')
    const files = await nodeFileSet(join(folder, 'm.onnx'))
    await expect(files.sibling('w.bin')).rejects.toThrow(/w\.bin: the weights are a link to .*, outside the folder/)
    expect((await files.sibling('..w.bin'))?.sizeBytes).toBe(4)
    await symlink(join(cache, 'm'), join(folder, 'cached.onnx'))
    await symlink(join(cache, 'w'), join(folder, 'cached.bin'))
    const cached = await nodeFileSet(join(folder, 'cached.onnx'))
    expect((await cached.sibling('cached.bin'))?.sizeBytes).toBe(3)
    await expect(cached.sibling('w.bin')).rejects.toThrow('outside the folder')
  })

  it('knows one file by its several names', async () => {
    const folder = await scratch()
    await writeFile(join(folder, 'a'), '')
    await writeFile(join(folder, 'b'), '')
    await symlink(join(folder, 'a'), join(folder, 'link'))
    expect(await isSameFile(join(folder, 'link'), join(folder, 'x', '..', 'a'))).toBe(true)
    expect(await isSameFile(join(folder, 'a'), join(folder, 'b'))).toBe(false)
    expect(await isSameFile(join(folder, 'a'), join(folder, 'none'))).toBe(false)
  })

  it('takes linked pictures of a data folder', async () => {
    const [folder, elsewhere] = await Promise.all([scratch(), scratch()])
    await writeFile(join(elsewhere, 'p.png'), 'x')
    await symlink(join(elsewhere, 'p.png'), join(folder, 'q.png'))
    await symlink(folder, join(folder, 'circle'))
    expect((await nodeSampleFiles(folder)).paths).toEqual(['q.png'])
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

it('shows names from files without what a terminal obeys', () => {
  expect(table(['a', 'b'], [['x\x1b[2J\ny', 'c\rd']]).split('\n')[1]).toBe('x�[2J�y  c�d')
  expect(noteLine({ severity: 'info', node: 'n\n', text: 'a\x1b[31mb' })).toBe('· n�: a�[31mb')
})
