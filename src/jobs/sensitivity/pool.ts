import type { JobPorts } from '../ports'
import type { Runtime } from '../../runtime/runtime'

/** Runtimes side by side; the port gives fewer where there are fewer cores. */
const MOST = 4

/**
 * Does `work` for every item, on several runtimes where the platform has them, else on the job's own. Results stand in
 * the order of the items whichever is done first. Where one fails, the others end and its error is thrown.
 */
export async function onRuntimes<T, R>(
  items: readonly T[],
  { openRuntimes }: Pick<JobPorts, 'openRuntimes'>,
  work: (item: T, runtime: Runtime | undefined) => Promise<R>,
): Promise<R[]> {
  const runtimes = openRuntimes && items.length > 1 ? await openRuntimes(Math.min(MOST, items.length)) : []
  const results: R[] = []
  let next = 0
  let isOver = false
  const serve = async (runtime: Runtime | undefined) => {
    while (next < items.length && !isOver) {
      const at = next++
      results[at] = await work(items[at] as T, runtime)
    }
  }
  try {
    await Promise.all(runtimes.length > 0 ? runtimes.map(serve) : [serve(undefined)])
    return results
  } finally {
    isOver = true
    for (const runtime of runtimes) runtime.terminate()
  }
}
