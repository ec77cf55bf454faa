/**
 * Builds the WASM modules: src/backends/wasm/assembly/<entry>.ts → build/wasm/<module>.wasm.
 * A module is built again only when one of its sources, the compiler or its options changed. `--force` builds all.
 */
import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { pathToFileURL } from 'node:url'
import { resolve } from 'node:path'

const ROOT = resolve(import.meta.dirname, '..')
const SOURCES = 'src/backends/wasm/assembly'
const OUTPUT = 'build/wasm'

// Stub runtime: kernels allocate nothing, the host owns the exported memory.
const OPTIONS = ['--runtime', 'stub', '--enable', 'simd', '-O3', '--converge', '--noAssert', '--initialMemory', '1']
// Travels inside of every exported JavaScript module.
const SMALL = [
  '--runtime',
  'stub',
  '--enable',
  'simd',
  '-O3',
  '--shrinkLevel',
  '1',
  '--noAssert',
  '--initialMemory',
  '1',
]
// The host makes the memory, with a maximum of its own. Addresses below 4096 are the module's.
const ENGINE = [...OPTIONS, '--importMemory', '--memoryBase', '1024', '--use', 'abort=']

/** The engine is one module from many files: every family, built once per SIMD level. */
const QUANTIZE = ['', '-back', '-count', '-kinds', '-range'].map((part) => `quantize${part}.ts`)
const MODULES = [
  { name: 'quantize', entry: 'quantize.ts', options: OPTIONS, files: QUANTIZE },
  { name: 'pair-sums', entry: 'pair-sums.ts', options: OPTIONS, files: ['pair-sums.ts'] },
  { name: 'deploy', entry: 'deploy.ts', options: SMALL, files: ['deploy.ts'] },
  { name: 'engine', entry: 'engine.ts', options: ENGINE },
  { name: 'engine-relaxed', entry: 'engine.ts', options: [...ENGINE, '--enable', 'relaxed-simd'] },
]

/** @param {{ force?: boolean }} options */
export async function buildWasm({ force = false } = {}) {
  const { version } = JSON.parse(await readFile(`${ROOT}/node_modules/assemblyscript/package.json`, 'utf8'))
  await mkdir(`${ROOT}/${OUTPUT}`, { recursive: true })
  for (const module of MODULES) {
    const key = createHash('sha256')
      .update(JSON.stringify([version, module.options, await sourcesOf(module)]))
      .digest('hex')
    const target = `${OUTPUT}/${module.name}.wasm`
    if (!force && (await isFresh(target, key))) continue
    await compile(`${SOURCES}/${module.entry}`, target, module.options)
    await writeFile(`${ROOT}/${target}.key`, await keyWith(target, key))
    console.log(`built ${target}`)
  }
}

/** Names and texts of all files that a module may be made of; without a list, the whole folder and the opcodes. */
async function sourcesOf({ files }) {
  const names = files ?? [
    ...(await readdir(`${ROOT}/${SOURCES}`)).filter((name) => name.endsWith('.ts')),
    '../opcodes.ts',
  ]
  return Promise.all(names.sort().map(async (name) => [name, await readFile(`${ROOT}/${SOURCES}/${name}`, 'utf8')]))
}

/** The key also covers the output, so a damaged or edited module is built again. */
async function keyWith(target, key) {
  const wasm = await readFile(`${ROOT}/${target}`)
  return createHash('sha256').update(wasm).update(key).digest('hex')
}

async function isFresh(target, key) {
  try {
    return (await readFile(`${ROOT}/${target}.key`, 'utf8')) === (await keyWith(target, key))
  } catch {
    return false
  }
}

async function compile(source, target, options) {
  // Loaded only here: the compiler takes a second to start.
  const { default: asc } = await import('assemblyscript/asc')
  // Renamed when it is whole: another process may be building or loading the same module.
  const partial = `${target}.${process.pid}`
  const { error, stderr } = await asc.main([source, '--outFile', partial, '--baseDir', ROOT, ...options])
  if (error) {
    await rm(`${ROOT}/${partial}`, { force: true })
    throw new Error(`${source} does not compile:\n${stderr.toString()}`)
  }
  await rename(`${ROOT}/${partial}`, `${ROOT}/${target}`)
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await buildWasm({ force: process.argv.includes('--force') })
}
