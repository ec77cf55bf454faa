/** One contestant in a process of its own: `fork` with its name; answers { id, result } or { id, error }. */
import { readFile } from 'node:fs/promises'
import { onnxruntime, ownEngine } from './contestants.mjs'

const [who, ...rest] = process.argv.slice(2)

const ONE_THREAD = { intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 3 }

const MAKE = {
  native: async () => onnxruntime(await import('onnxruntime-node'), { executionProviders: ['cpu'], ...ONE_THREAD }),
  async web() {
    const ort = await import('onnxruntime-web')
    ort.env.wasm.numThreads = 1
    return onnxruntime(ort, { executionProviders: ['wasm'], logSeverityLevel: 3 })
  },
  engine: async () => ownEngine(new Uint8Array(await readFile(rest[0])), await import(rest[1])),
}

const contestant = MAKE[who]()

process.on('message', async ({ id, method, args }) => {
  try {
    process.send({ id, result: await (await contestant)[method](...args) })
  } catch (error) {
    process.send({ id, error: String(error?.stack ?? error) })
  }
})
