import { expect, test } from '@playwright/test'
import { execFile, execFileSync, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { copyFile, mkdir, mkdtemp, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

// How the built command line meets what is hostile or impossible. What its readers do with every damaged file is
// tested without processes, in src/cli/malformed.test.ts.

const CLI = resolve('dist-cli/plume.mjs')
const SAMPLE = resolve('public/samples/shapes.onnx')
const SHARED = resolve('../shared/data')

const scratch = () => mkdtemp(join(tmpdir(), 'plume-hostile-'))

interface Outcome {
  status: number
  stdout: string
  stderr: string
}

function plume(...args: string[]): Promise<Outcome> {
  return new Promise((done) => {
    execFile(process.execPath, [CLI, ...args], { maxBuffer: 1 << 26, timeout: 20_000 }, (error, stdout, stderr) => {
      done({ status: typeof error?.code === 'number' ? error.code : error ? -1 : 0, stdout, stderr })
    })
  })
}

/** The contract of a failure: one line, in words. */
function expectSentence({ stderr, stdout }: Outcome, message: string): void {
  const lines = stderr.trim().split('\n')
  expect(lines.at(-1)).toContain(message)
  expect(lines.filter((line) => !/: \d+\.\d s$/.test(line))).toHaveLength(1)
  expect(stderr).not.toMatch(/bug in Plume|\n {4}at /)
  expect(stdout).toBe('')
}

test('pipes, devices and folders are refused as inputs and as outputs', async () => {
  const folder = await scratch()
  const pipe = join(folder, 'pipe')
  execFileSync('mkfifo', [pipe])
  for (const [args, message] of [
    [['inspect', pipe], 'this is a pipe or a device'],
    [['inspect', '/dev/zero'], 'this is a pipe or a device'],
    [['evaluate', SAMPLE, '--test', pipe], 'this is a pipe or a device'],
    [['convert', SAMPLE, '-o', '/dev/null', '--force'], '/dev/null is a pipe or a device'],
    [['convert', SAMPLE, '-o', folder, '--force'], 'is a folder. Name the file to write.'],
    [['compress', SAMPLE, '-o', join(SAMPLE, 'below.onnx')], 'is a file, a folder was expected'],
  ] as [string[], string][]) {
    const outcome = await plume(...args)
    expect(outcome.status, args.join(' ')).toBe(1)
    expectSentence(outcome, message)
  }
  expect(await readdir(folder)).toEqual(['pipe'])
})

test('no result replaces an input or another result', async () => {
  const folder = await scratch()
  const at = (...parts: string[]) => join(folder, ...parts)
  for (const name of ['a', 'b']) {
    await mkdir(at(name))
    await copyFile(SAMPLE, at(name, 'm.onnx'))
  }
  await symlink(at('a', 'm.onnx'), at('link.onnx'))
  for (const [args, message] of [
    [['compress', at('a', 'm.onnx'), at('b', 'm.onnx'), '-o', at('out')], 'would both become'],
    [['compress', at('link.onnx'), '-o', at('a', 'm.onnx'), '--force'], 'is the input itself'],
    [['convert', at('a', 'm.onnx'), '-o', at('a', 'm.onnx'), '--force'], 'is the input itself'],
    [['compress', SAMPLE, '-o', at('r.json'), '--report', at('r.json')], 'would both become'],
    [
      ['compress', at('a', 'm.onnx'), '-o', at('o'), '--save-recipe', at('a', 'm.onnx'), '--force'],
      'is the input itself',
    ],
  ] as [string[], string][]) {
    const outcome = await plume(...args)
    expect(outcome.status, args.join(' ')).toBe(2)
    expectSentence(outcome, message)
  }
  expect(await readdir(folder)).toEqual(['a', 'b', 'link.onnx'])
  expect(await readFile(at('a', 'm.onnx'))).toEqual(await readFile(SAMPLE))
})

test('a report that cannot be written is told before the work, and nothing is left', async () => {
  const folder = await scratch()
  await writeFile(join(folder, 'file'), '')
  const outcome = await plume(
    'compress',
    SAMPLE,
    '-o',
    join(folder, 'out.onnx'),
    '--report',
    join(folder, 'file', 'r.html'),
  )
  expect(outcome.status).toBe(1)
  expectSentence(outcome, 'a folder was expected')
  expect(await readdir(folder)).toEqual(['file'])
})

test('a name with escape codes does not reach the terminal', async () => {
  const outcome = await plume('inspect', '/no\u001b[31m\nmodel.onnx')
  expect(outcome.status).toBe(1)
  expectSentence(outcome, '/no\ufffd[31m\ufffdmodel.onnx: no such file')
})

test('who reads only the first line gets it, and no stack trace', async () => {
  const { stdout, stderr } = await new Promise<Outcome>((done) => {
    const child = spawn('sh', ['-c', `"$0" "$1" inspect "$2" --json | head -n 1`, process.execPath, CLI, SAMPLE])
    let [stdout, stderr] = ['', '']
    child.stdout.on('data', (text: Buffer) => (stdout += text.toString()))
    child.stderr.on('data', (text: Buffer) => (stderr += text.toString()))
    child.on('close', (status) => done({ status: status ?? -1, stdout, stderr }))
  })
  expect(stdout).toBe('{\n')
  expect(stderr).toBe('')
})

test('external data that is a link out of the folder stays out of the result', async () => {
  test.skip(!existsSync(SHARED), 'needs ../shared/data')
  const [folder, elsewhere] = [await scratch(), await scratch()]
  const model = join(SHARED, 'cifar10-resnet20-external', 'cifar10-resnet20.onnx')
  await copyFile(`${model}.data`, join(elsewhere, 'secret'))
  await copyFile(model, join(folder, 'cifar10-resnet20.onnx'))
  await symlink(join(elsewhere, 'secret'), join(folder, 'cifar10-resnet20.onnx.data'))
  const outcome = await plume('convert', join(folder, 'cifar10-resnet20.onnx'), '-o', join(folder, 'out.onnx'))
  expect(outcome.status).toBe(1)
  expectSentence(outcome, 'outside the folder of the model')
  expect(await readdir(folder)).toEqual(['cifar10-resnet20.onnx', 'cifar10-resnet20.onnx.data'])
})

test('formats that are not read yet are named, and leave no file', async () => {
  test.skip(!existsSync(SHARED), 'needs ../shared/data')
  const folder = await scratch()
  for (const file of [
    'cifar10-resnet20/resnet20-12fca82f.th',
    'stories260K/stories260K-f32.gguf',
    'malformed-protobuf/go-fuzz/0113a40c8e61',
  ]) {
    const outcome = await plume('compress', join(SHARED, file), '-o', join(folder, 'out.onnx'))
    expect(outcome.status, file).toBe(1)
    expectSentence(outcome, 'Plume does not read this kind of file as a model yet. It reads: ONNX (.onnx).')
  }
  expect(await readdir(folder)).toEqual([])
})
