import { readFile } from 'node:fs/promises'
import type { runCalibration } from '../src/testing/browser-calibration'
import { bundle } from './bundle'
import { expect, test } from './support'

const ORT = 'node_modules/onnxruntime-web/dist'

test("calibration reads values of onnxruntime's WebGPU provider on its device", async ({ page, baseURL }) => {
  test.setTimeout(180_000)
  const serve = (path: string, contentType: string, body: string | Buffer) =>
    page.route(`${baseURL}calibration-test/${path}`, (route) => route.fulfill({ contentType, body }))
  await serve('', 'text/html', '<!doctype html><link rel="icon" href="data:,"><title>calibration</title>')
  await serve('calibration.js', 'text/javascript', await bundle('src/testing/browser-calibration.ts'))
  await serve('engine.wasm', 'application/wasm', await readFile('build/wasm/engine.wasm'))
  await serve('ort.mjs', 'text/javascript', await readFile(`${ORT}/ort.webgpu.min.mjs`))
  await serve('asyncify.mjs', 'text/javascript', await readFile(`${ORT}/ort-wasm-simd-threaded.asyncify.mjs`))
  await serve('asyncify.wasm', 'application/wasm', await readFile(`${ORT}/ort-wasm-simd-threaded.asyncify.wasm`))
  await page.goto(`${baseURL}calibration-test/`)
  const { machine, samples, values, mostBytesRead, disposed, problems } = await page.evaluate(async () => {
    const at = (file: string) => new URL(file, location.href).href
    const ort = (await import('./ort.mjs' as string)) as Parameters<typeof runCalibration>[0]
    const tested = (await import('./calibration.js' as string)) as { runCalibration: typeof runCalibration }
    const wasmPaths = { wasm: at('asyncify.wasm'), mjs: at('asyncify.mjs') }
    return tested.runCalibration(ort, { engine: './engine.wasm', wasmPaths })
  })
  expect(machine).toBe('onnxruntime-webgpu')
  expect(samples).toBe(3)
  expect(values).toHaveLength(12)
  for (const { name, engine, runtime, downloaded, counts, expected, elements } of values) {
    expect(runtime, name).toEqual(downloaded)
    const tolerance = 1e-5 * (engine[1] - engine[0])
    runtime.forEach((end, i) => expect(Math.abs(end - engine[i]!), name).toBeLessThanOrEqual(tolerance))
    expect(
      counts.reduce((sum, count) => sum + count, 0),
      name,
    ).toBe(elements)
    // where bins were merged, an element on the edge of one may stand in its neighbour
    const moved = counts.reduce((sum, count, bin) => sum + Math.abs(count - expected[bin]!), 0)
    expect(moved, name).toBeLessThanOrEqual(0.004 * elements)
    expect(elements > 0, name).toBe(name !== 'none')
  }
  // 8192 bins: no value is read
  expect(mostBytesRead).toBe(8192 * 4)
  // the first sample is run twice, others again where a value leaves its bins
  expect(disposed).toBeGreaterThanOrEqual((samples + 1) * values.length)
  expect(problems).toEqual([
    "ShapeError: The model's main graph has no value nothing to observe.",
    'UnsupportedError: The value i holds int64 values; only those of float32, float16 and bfloat16 can be observed.',
    'ShapeError: The session was not opened to observe the value i.',
    expect.stringContaining('RuntimeFailure: onnxruntime could not run the model'),
  ])
})
