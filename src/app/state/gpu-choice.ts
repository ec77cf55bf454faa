import type { GpuChoice } from '../../workers/job-api'
import { settings } from './settings.svelte'

/** What a job may use of the GPU: the address goes first, so that tests and bug reports can force it. */
export function gpuChoice(search = location.search): GpuChoice {
  const asked = new URLSearchParams(search)
  const asksRuntime = settings.usesGpu && settings.asksRuntimeOnGpu
  const use = forced(asked)
  if (use === null) return { use: settings.usesGpu ? 'auto' : 'off', asksRuntime }
  const loss = Number(asked.get('gpu-loss') ?? 0)
  const loseAfter = Number.isInteger(loss) && loss > 0 ? { loseAfter: loss } : {}
  return { use, asksRuntime: asksRuntime && use !== 'off', ...(use === 'software' && loseAfter) }
}

/** `?gpu=off` or `?gpu=software`; null for everything else. */
export function forced(asked = new URLSearchParams(location.search)): 'off' | 'software' | null {
  const use = asked.get('gpu')
  return use === 'off' || use === 'software' ? use : null
}
