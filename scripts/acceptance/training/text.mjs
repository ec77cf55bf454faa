import { join } from 'node:path'
import { check, DATA } from '../plume.mjs'
import { withSources } from '../../with-sources.mjs'

const STEPS = { wasm: 200, webgpu: 20 }
/** Of a loss after up to 20 steps: sums in another order are amplified from step to step. */
const TOLERANCE = 1e-3

/** Character models: 200 steps on WASM, 20 on WebGPU, and the same losses by the references. */
export async function checkText() {
  const file = join(DATA, 'text/tinyshakespeare.txt')
  await withSources(async (load) => {
    const { textCurves } = await load('/scripts/acceptance/training/text.ts')
    const { wasmLevels } = await load('/src/testing/wasm-machines.ts')
    const { webgpuMachine } = await load('/src/testing/webgpu-machine.ts')
    const machines = { wasm: await wasmLevels[0].make(), webgpu: await webgpuMachine() }
    for (const kind of ['lstm', 'transformer']) {
      const curves = await textCurves(kind, file, machines, STEPS)
      for (const [machine, { losses, ms }] of Object.entries(curves)) {
        const figure = `${losses[0].toFixed(3)} → ${meanOfLast(losses).toFixed(3)}, ${ms.toFixed(1)} ms a step`
        check(
          `${kind}, ${machine}: the loss falls in ${losses.length} steps`,
          meanOfLast(losses) < losses[0] - 0.3,
          figure,
        )
        const worst = Math.max(...curves.reference.losses.map((loss, i) => Math.abs(loss - losses[i])))
        if (machine !== 'reference')
          check(`${kind}, ${machine}: as the references`, worst <= TOLERANCE, worst.toExponential(1))
      }
    }
  })
}

const meanOfLast = (losses) => losses.slice(-5).reduce((sum, loss) => sum + loss, 0) / 5
