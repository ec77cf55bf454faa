/**
 * Who takes part in engine.mjs, for a page and for a process of its own alike. Each knows `prepare(task)` and
 * `time(name, iterations)` → milliseconds of one iteration.
 *
 * A task is { name, model (ONNX bytes), feeds: { name: dims }, repeats (how often the model computes the same within one
 * run) } and, for a product, { program } for our kernels alone.
 */

/** Numbers in about [-0.5, 0.5], the same for everybody. */
export function filled(count) {
  const values = new Float32Array(count)
  for (let i = 0; i < count; i++) values[i] = (((i * 2654435761) >>> 8) % 1000) / 1000 - 0.5
  return values
}

const countOf = (dims) => dims.reduce((product, size) => product * size, 1)

async function timed(run, iterations) {
  const start = performance.now()
  for (let i = 0; i < iterations; i++) await run()
  return (performance.now() - start) / iterations
}

/** @param ort onnxruntime-node or onnxruntime-web */
export function onnxruntime(ort, options) {
  const runs = new Map()
  return {
    async prepare({ name, model, feeds, repeats }) {
      // Unoptimized: equal nodes, which make the costs of a call small, would be merged.
      const level = repeats > 1 ? 'disabled' : 'all'
      const session = await ort.InferenceSession.create(model, { ...options, graphOptimizationLevel: level })
      const tensors = Object.entries(feeds).map(([input, dims]) => [
        input,
        new ort.Tensor('float32', filled(countOf(dims)), dims),
      ])
      runs.set(name, { run: () => session.run(Object.fromEntries(tensors)), repeats })
    },
    async time(name, iterations) {
      const { run, repeats } = runs.get(name)
      return (await timed(run, Math.ceil(iterations / repeats))) / repeats
    },
  }
}

/**
 * Our kernels alone for products, the engine's session for models.
 * @param {Uint8Array} wasm the module
 * @param engine the exports of engine-entry.ts
 */
export async function ownEngine(wasm, engine) {
  const runs = new Map()
  const memory = new WebAssembly.Memory({ initial: 16, maximum: 65536 })
  const { exports } = (await WebAssembly.instantiate(wasm, { env: { memory } })).instance
  return {
    async prepare({ name, model, feeds, program }) {
      if (!program) return void runs.set(name, await sessionRun(engine, wasm, model, feeds))
      const { words, count, scratch, at, operands, end } = program
      const missing = Math.ceil((end - memory.buffer.byteLength) / 65536)
      if (missing > 0) memory.grow(missing)
      new Int32Array(memory.buffer, at, words.length).set(words)
      runs.set(name, () => {
        if (exports.run(at, count, scratch) !== count) throw new Error('The kernel failed.')
      })
      // All products share the memory: whoever runs next finds its own numbers there, whatever they are.
      for (const { address, length } of operands) new Float32Array(memory.buffer, address, length).set(filled(length))
    },
    time: (name, iterations) => timed(runs.get(name), iterations),
  }
}

async function sessionRun(engine, wasm, model, feeds) {
  const session = await engine.open(model, wasm)
  const arrays = new Map(
    Object.entries(feeds).map(([name, dims]) => [
      name,
      { dtype: 'float32', shape: dims, values: filled(countOf(dims)) },
    ]),
  )
  return () => session.run(arrays)
}
