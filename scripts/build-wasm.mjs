/**
 * Builds the WASM kernel families: src/backends/wasm/assembly/<family>.ts → build/wasm/<family>.wasm.
 * A family is built again only when its source, the compiler or these options changed. `--force` builds all.
 */
import { createHash } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { pathToFileURL } from 'node:url'
import { resolve } from 'node:path'

const ROOT = resolve(import.meta.dirname, '..')
const SOURCES = 'src/backends/wasm/assembly'
const OUTPUT = 'build/wasm'
const FAMILIES = ['quantize']

// Stub runtime: kernels allocate nothing, the host owns the exported memory.
const OPTIONS = ['--runtime', 'stub', '--enable', 'simd', '-O3', '--converge', '--noAssert', '--initialMemory', '1']

/** @param {{ force?: boolean }} options */
export async function buildWasm({ force = false } = {}) {
  const { version } = JSON.parse(await readFile(`${ROOT}/node_modules/assemblyscript/package.json`, 'utf8'))
  await mkdir(`${ROOT}/${OUTPUT}`, { recursive: true })
  for (const family of FAMILIES) {
    const source = `${SOURCES}/${family}.ts`
    const text = await readFile(`${ROOT}/${source}`)
    const key = createHash('sha256')
      .update(text)
      .update(JSON.stringify([version, OPTIONS]))
      .digest('hex')
    const target = `${OUTPUT}/${family}.wasm`
    if (!force && (await isFresh(target, key))) continue
    await compile(source, target)
    await writeFile(`${ROOT}/${target}.key`, await keyWith(target, key))
    console.log(`built ${target}`)
  }
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

async function compile(source, target) {
  // Loaded only here: the compiler takes a second to start.
  const { default: asc } = await import('assemblyscript/asc')
  const args = [source, '--outFile', target, '--baseDir', ROOT, ...OPTIONS]
  const { error, stderr } = await asc.main(args)
  if (error) throw new Error(`${source} does not compile:\n${stderr.toString()}`)
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await buildWasm({ force: process.argv.includes('--force') })
}
