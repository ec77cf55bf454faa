/** The GPU of the page's jobs: the one place of the workers that looks at `navigator.gpu`. */
import { requestGpu, type Gpu } from '../backends/webgpu/device'
import { GpuKeeper } from '../backends/webgpu/keeper'
import type { GpuChoice } from './job-api'
import { tileCache } from './tile-cache'

/** @returns undefined where the person wants none */
export function gpuOfJob({ use, loseAfter }: GpuChoice): GpuKeeper | undefined {
  if (use === 'off') return undefined
  let isFirst = true
  return new GpuKeeper(async () => {
    const answer = await requestGpu(navigator.gpu, { allowSoftware: use === 'software' })
    if (!('gpu' in answer)) return answer
    if (isFirst && loseAfter !== undefined) loseSoon(answer.gpu, loseAfter)
    isFirst = false
    if (!answer.gpu.facts.isSoftware) {
      const { tune } = await import('../backends/webgpu/tune')
      await tune(answer.gpu, tileCache())
    }
    return answer
  })
}

/** For tests: the device dies while its work of that number is under way. */
function loseSoon({ device }: Gpu, submits: number): void {
  const { queue } = device
  const submit = queue.submit.bind(queue)
  let count = 0
  queue.submit = (buffers) => {
    submit(buffers)
    if (++count === submits) device.destroy()
  }
}
