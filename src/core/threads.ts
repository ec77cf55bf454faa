/** More than this brings little on the models that fit a browser. */
const MOST_THREADS = 4

/**
 * Threads for onnxruntime. One core stays with the job worker where there are three or more; of two both are used, since
 * the job worker mostly waits. Without cross-origin isolation there is no shared memory, hence one.
 */
export function runtimeThreads(cores: number, isIsolated: boolean): number {
  return isIsolated ? Math.max(1, Math.min(MOST_THREADS, cores, Math.max(2, cores - 1))) : 1
}
