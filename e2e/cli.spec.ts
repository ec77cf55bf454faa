import { expect, test } from '@playwright/test'
import { execFile, spawn } from 'node:child_process'
import { copyFile, mkdtemp, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const CLI = resolve('dist-cli/plume.mjs')
const SAMPLE = resolve('public/samples/shapes.onnx')
const SAMPLE_DATA = resolve('public/samples/shapes-test.npz')
const DAMAGED = resolve('public/samples/damaged.onnx')
const SHARED = resolve('../shared/data')

const scratch = () => mkdtemp(join(tmpdir(), 'plume-e2e-'))

function plume(...args: string[]): Promise<{ status: number; stdout: string; stderr: string }> {
  return new Promise((done) => {
    execFile(process.execPath, [CLI, ...args], { maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      done({ status: typeof error?.code === 'number' ? error.code : error ? -1 : 0, stdout, stderr })
    })
  })
}

test('compress --json prints the report on stdout and nothing else, and saves recipe and page', async () => {
  const folder = await scratch()
  const at = (name: string) => join(folder, name)
  const { status, stdout, stderr } = await plume(
    'compress',
    SAMPLE,
    '-o',
    at('small.onnx'),
    '--test',
    SAMPLE_DATA,
    '--json',
    '--save-recipe',
    at('recipe.json'),
    '--report',
    at('report.html'),
  )
  expect(status, stderr).toBe(0)
  const report = JSON.parse(stdout)
  expect(report).toMatchObject({
    version: 1,
    input: { format: 'onnx' },
    quality: { data: 'user', task: { metric: 'accuracy' } },
  })
  expect((await stat(at('small.onnx'))).size).toBe(report.output.sizeBytes)
  expect(report.output.sizeBytes).toBeLessThan(report.input.sizeBytes)
  expect(stderr).toContain('verify:')
  expect(await readFile(at('report.html'), 'utf8')).toContain(report.output.sha256)

  const again = await plume(
    'compress',
    SAMPLE,
    '-o',
    at('again.onnx'),
    '--recipe',
    at('recipe.json'),
    '--json',
    '--quiet',
  )
  expect(again.stderr).toBe('')
  expect(JSON.parse(again.stdout).output.sha256).toBe(report.output.sha256)
})

test('static int8: data, verdict, report and model card; again without the data, from the stored ranges', async () => {
  const folder = await scratch()
  const at = (name: string) => join(folder, name)
  const first = await plume(
    ...['compress', SAMPLE, '-o', at('small.onnx'), '--method', 'static-int8:observer=percentile,percentile=99.99'],
    ...[
      '--calibrate',
      SAMPLE_DATA,
      '--test',
      SAMPLE_DATA,
      '--save-recipe',
      at('recipe.json'),
      '--report',
      at('card.md'),
    ],
  )
  expect(first.status, first.stderr).toBe(0)
  expect(first.stdout.split('\n')[1]).toMatch(/^[✓!✗] (Safe to use|Check these first|Not recommended)$/)
  expect(first.stdout).toMatch(/Ranges from 360 samples, on wasm, at most 512 MB/)
  expect(await readFile(at('card.md'), 'utf8')).toMatch(/^---\nlibrary_name: onnx[\s\S]*## Calibration/)

  const again = ['compress', SAMPLE, '-o', at('again.onnx'), '--recipe', at('recipe.json'), '--json', '--quiet']
  const second = await plume(...again)
  expect(second.status, second.stderr).toBe(0)
  const small = await readFile(at('small.onnx'))
  expect(Buffer.compare(await readFile(at('again.onnx')), small)).toBe(0)
  // a recipe that was replayed is the same recipe
  expect(JSON.parse(second.stdout).recipe.steps).toEqual(JSON.parse(await readFile(at('recipe.json'), 'utf8')).steps)
})

test('static int8: without data, with other data and with a file in the way', async () => {
  const folder = await scratch()
  const at = (name: string) => join(folder, name)
  const cache = ['--method', 'static-int8:target=tensorrt,format=cache', '--calibrate', SAMPLE_DATA]
  const without = await plume('compress', SAMPLE, '-o', at('a.onnx'), '--method', 'static-int8')
  expect(without).toMatchObject({ status: 1, stderr: expect.stringContaining('static-int8 needs data') })
  const budget = await plume('compress', SAMPLE, '-o', at('a.onnx'), '--budget', 'drop=1')
  expect(budget).toMatchObject({ status: 2, stderr: expect.stringContaining('write drop=1%') })

  const made = await plume('compress', SAMPLE, '-o', at('b.onnx'), ...cache, '--json', '--quiet')
  expect(made.status, made.stderr).toBe(0)
  expect(JSON.parse(made.stdout).extras).toMatchObject([{ name: 'b.calib.cache' }])
  await writeFile(at('c.calib.cache'), 'mine')
  const refused = await plume('compress', SAMPLE, '-o', at('c.onnx'), ...cache, '--quiet')
  expect(refused).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('c.calib.cache exists already'),
  })
  expect(await readFile(at('c.calib.cache'), 'utf8')).toBe('mine')
  expect((await readdir(folder)).sort()).toEqual(['b.calib.cache', 'b.onnx', 'c.calib.cache'])
})

test('run executes a model on our own engine, the same on every backend, and inspect says that it can', async () => {
  const folder = await scratch()
  const at = (name: string) => join(folder, name)
  const found: Buffer[] = []
  for (const backend of ['wasm', 'reference']) {
    const args = ['run', SAMPLE, '--inputs', SAMPLE_DATA, '-o', at(`${backend}/`), '--backend', backend, '--json']
    const { status, stdout, stderr } = await plume(...args)
    expect(status, stderr).toBe(0)
    const report = JSON.parse(stdout)
    expect(report).toMatchObject({ version: 1, backend, model: { format: 'onnx' }, timing: {} })
    found.push(await readFile(report.files[0].path))
  }
  const [wasm, reference] = found as [Buffer, Buffer]
  expect(wasm.length).toBe(reference.length)
  const { stdout } = await plume('inspect', SAMPLE, '--json')
  expect(JSON.parse(stdout).engine).toMatchObject({ isComplete: true, missing: [] })
})

test('bench measures kernels beside the limits of the machine', async () => {
  const { status, stdout, stderr } = await plume('bench', 'reduction', '--json', '--quiet')
  expect(status, stderr).toBe(0)
  const { limits, results, backend } = JSON.parse(stdout)
  expect(backend).toBe('wasm')
  expect(limits.bytesPerSecond).toBeGreaterThan(0)
  for (const one of results) expect(one.ms).toBeGreaterThan(0)
})

test('the same recipe makes the same bytes on WebGPU, and the process ends by itself', async () => {
  const folder = await scratch()
  const hashes: string[] = []
  for (const backend of ['wasm', 'webgpu']) {
    const out = join(folder, `${backend}.onnx`)
    const method = ['--method', 'weights-int8', '--backend', backend, '--json', '--quiet']
    const { status, stdout, stderr } = await plume('compress', SAMPLE, '-o', out, ...method)
    expect(status, stderr).toBe(0)
    const { output, quality } = JSON.parse(stdout) as {
      output: { sha256: string }
      quality: { providers: { name: string; ok: boolean }[] }
    }
    hashes.push(output.sha256)
    expect(quality.providers).toContainEqual(expect.objectContaining({ name: `plume-${backend}`, ok: true }))
  }
  expect(hashes[1]).toBe(hashes[0])
})

test('doctor says what there is and what is used', async () => {
  const { status, stdout } = await plume('doctor', '--json')
  expect(status).toBe(0)
  const { gpu, uses } = JSON.parse(stdout) as { gpu: { adapter: unknown; isUsedByAuto: boolean }; uses: unknown[] }
  expect(gpu.adapter).not.toBeNull()
  expect(uses).toHaveLength(3)
  const text = await plume('doctor')
  expect(text.stdout).toMatch(/SIMD +(plain|relaxed)/)
  expect(text.stdout).toContain('proof by ONNX Runtime')
})

test('wrong usage exits with 2 and says what is right', async () => {
  const folder = await scratch()
  for (const [args, message] of [
    [[], 'plume compress'],
    [['squash', 'x'], 'there is no command "squash"'],
    [['compress'], 'takes at least one FILE'],
    [['compress', SAMPLE], 'needs -o OUT'],
    [['compress', SAMPLE, '-o', join(folder, 'o.onnx'), '--method', 'shrink'], 'There is no method "shrink"'],
    [['compress', SAMPLE, '-o', join(folder, 'o.onnx'), '--method', 'tidy:loud=yes'], 'has no option "loud"'],
    [['compress', SAMPLE, '-o', join(folder, 'o.onnx'), '--report', 'r.pdf'], 'must end in .html, .json or .md'],
    [['compress', SAMPLE, '-o', SAMPLE, '--force'], 'is the input itself'],
    [['evaluate', SAMPLE, '--backend', 'abacus'], '--backend takes one of auto, webgpu, wasm, reference, not "abacus"'],
    [['evaluate', SAMPLE, '--state', 'h=c'], 'belong to data'],
    [['evaluate', SAMPLE, '--state', 'x'], '--state takes OUTPUT=INPUT'],
  ] as [string[], string][]) {
    const { status, stdout, stderr } = await plume(...args)
    expect(status, args.join(' ')).toBe(2)
    expect(stdout + stderr).toContain(message)
  }
  expect(await readdir(folder)).toEqual([])
})

test('a failure exits with 1, says what and where in one line, and leaves no file', async () => {
  const folder = await scratch()
  const at = (name: string) => join(folder, name)
  await writeFile(at('text.onnx'), 'hello, I am no model')
  await writeFile(at('empty.onnx'), '')
  await writeFile(at('recipe.json'), '{"version":9}')
  const before = await readdir(folder)
  for (const [args, message] of [
    [[DAMAGED], 'damaged.onnx'],
    [[at('text.onnx')], 'text.onnx'],
    [[at('empty.onnx')], 'empty.onnx'],
    [[at('missing.onnx')], 'no such file'],
    [[SAMPLE, '--recipe', at('recipe.json')], 'version'],
    [[SAMPLE, '--test', at('text.onnx')], 'text.onnx'],
  ] as [string[], string][]) {
    const { status, stdout, stderr } = await plume('compress', ...args, '-o', at('out.onnx'), '--json', '--quiet')
    expect(status, `${args.join(' ')}: ${stderr}`).toBe(1)
    expect(stdout).toBe('')
    expect(stderr).toContain(message)
    expect(stderr.trim().split('\n')).toHaveLength(1)
    expect(await readdir(folder)).toEqual(before)
  }
})

test('existing outputs stay unless --force is given', async () => {
  const folder = await scratch()
  const out = join(folder, 'out.onnx')
  await writeFile(out, 'precious')
  const kept = await plume('convert', SAMPLE, '-o', out)
  expect(kept.status).toBe(1)
  expect(kept.stderr).toContain('--force')
  expect(await readFile(out, 'utf8')).toBe('precious')
  expect((await plume('convert', SAMPLE, '-o', out, '--force')).status).toBe(0)
  expect((await stat(out)).size).toBeGreaterThan(1000)
})

test('of several files the good ones are done, and the exit status tells of the bad one', async () => {
  const folder = await scratch()
  await copyFile(SAMPLE, join(folder, 'good.onnx'))
  await copyFile(DAMAGED, join(folder, 'bad.onnx'))
  const out = join(folder, 'out')
  const { status, stdout } = await plume(
    'compress',
    join(folder, 'bad.onnx'),
    join(folder, 'good.onnx'),
    '-o',
    out,
    '--method',
    'weights-int8',
    '--json',
    '--quiet',
  )
  expect(status).toBe(1)
  expect(JSON.parse(stdout)).toMatchObject({
    failed: 1,
    reports: [{ input: { name: 'bad.onnx' }, error: expect.any(String) }, { output: { name: 'good.onnx' } }],
  })
  expect(await readdir(out)).toEqual(['good.onnx'])
})

test('an interrupted run leaves nothing', async () => {
  const folder = await scratch()
  const child = spawn(process.execPath, [CLI, 'compress', SAMPLE, '-o', join(folder, 'out.onnx')])
  await new Promise<void>((ready) => child.stderr.on('data', () => ready()))
  child.kill('SIGINT')
  expect(await new Promise((done) => child.on('close', done))).toBe(130)
  expect(await readdir(folder)).toEqual([])
})

test('convert and evaluate work together on external data', async () => {
  const folder = await scratch()
  const at = (name: string) => join(folder, name)
  expect((await plume('convert', SAMPLE, '-o', at('split.onnx'), '--external-data')).status).toBe(0)
  expect(await readdir(folder)).toEqual(['split.onnx', 'split.onnx.data'])
  const { status, stdout } = await plume('evaluate', at('split.onnx'), '--against', SAMPLE, '--json', '--quiet')
  expect(status).toBe(0)
  const { quality } = JSON.parse(stdout)
  expect(quality.outputs.every((output: { isIdentical: boolean }) => output.isIdentical)).toBe(true)
})

test('malformed protobuf files end in a sentence, never in a crash', async () => {
  const malformed = join(SHARED, 'malformed-protobuf', 'go-fuzz')
  test.skip(!existsSync(malformed), 'needs the shared data')
  for (const name of (await readdir(malformed)).slice(0, 6)) {
    const { status, stderr } = await plume('inspect', join(malformed, name))
    expect([0, 1], `${name}: ${stderr}`).toContain(status)
    expect(stderr).not.toContain('bug in Plume')
  }
})

test('a result is shared as a link; the link alone makes the same bytes again and says so', async () => {
  const folder = await scratch()
  const at = (name: string) => join(folder, name)
  const steps = ['--method', 'weights-int8:minBytes=2048,exclude=no such']
  const text = await plume('compress', SAMPLE, '-o', at('a.onnx'), ...steps, '--share', '--quiet')
  expect(text.status, text.stderr).toBe(0)
  // name patterns stay here unless they are asked for
  expect(text.stdout).toContain('cannot be made again from it. Add --share-with layer-names')
  const withheld = text.stdout.trimEnd().split('\n').at(-1) ?? ''
  const partial = await plume('recipe', withheld, '--json')
  expect(JSON.parse(partial.stdout).shared.withheld).toEqual(['steps.1.options.exclude'])

  const told = ['--share', '--share-with', 'layer-names']
  const json = await plume('compress', SAMPLE, '-o', at('b.onnx'), ...steps, ...told, '--json', '--quiet')
  const { share, output } = JSON.parse(json.stdout)
  expect(share).toMatch(/^#r1\.[A-Za-z0-9_-]{100,1896}$/)
  expect(json.stdout).not.toContain('cannot be made again')

  for (const [name, link] of Object.entries({ c: share, d: share.slice(1), e: `https://plume.example/app/${share}` })) {
    const again = await plume('compress', SAMPLE, '-o', at(`${name}.onnx`), '--recipe', link, '--json', '--quiet')
    expect(again.status, again.stderr).toBe(0)
    const report = JSON.parse(again.stdout)
    expect(report.output.sha256).toBe(output.sha256)
    expect(report.notes.map((note: { text: string }) => note.text).join()).toContain('Reproduced: same input')
  }
  expect(await readFile(at('e.onnx'))).toEqual(await readFile(at('b.onnx')))
})

test('a link that was tampered with is refused in one line, and no file is written', async () => {
  const folder = await scratch()
  const made = await plume('recipe', 'npx plume compress a -o b --method weights-int8', '--as', 'link')
  const link = made.stdout.trim()
  const other = link.at(20) === 'A' ? 'B' : 'A'
  const tampered = `${link.slice(0, 20)}${other}${link.slice(21)}`
  for (const [given, message] of [
    [tampered, 'This share link'],
    [link.slice(0, -3), 'This share link is damaged'],
    [`${link.slice(0, 20)}$${link.slice(20)}`, 'character 21 is "$"'],
    [link.replace('#r1', '#r2'), 'made by a newer version'],
  ] as [string, string][]) {
    const { status, stdout, stderr } = await plume(
      'compress',
      SAMPLE,
      '-o',
      join(folder, 'o.onnx'),
      '--recipe',
      given,
      '--quiet',
    )
    expect(status, stderr).toBe(1)
    expect(stdout).toBe('')
    expect(stderr).toContain(message)
    expect(stderr.trim().split('\n')).toHaveLength(1)
  }
  expect(await readdir(folder)).toEqual([])
})

test('plume recipe turns command line, link and JSON into each other', async () => {
  const folder = await scratch()
  const line = "npx plume compress 'my net.onnx' -o small.onnx --method weights-int8:minSqnrDb=25 --seed 9"
  const link = (await plume('recipe', line, '--as', 'link')).stdout.trim()
  const json = (await plume('recipe', link, '--as', 'json')).stdout
  await writeFile(join(folder, 'recipe.json'), json)
  const back = (await plume('recipe', join(folder, 'recipe.json'), '--as', 'cli')).stdout.trim()
  expect(back).toBe(line.replace("'my net.onnx'", 'MODEL.onnx').replace('small.onnx', 'SMALL.onnx'))
  expect((await plume('recipe', back, '--as', 'link')).stdout.trim()).toBe(link)
  const bad = await plume('recipe', 'plume inspect x')
  expect([bad.status, bad.stderr]).toEqual([1, expect.stringContaining('Only plume compress has a recipe')])
})
