import type { OnProgress } from '../core/progress'

const INTERVAL_MS = 100

/**
 * Lets through at most ten calls a second (R8), and always the first of a stage and the last of it, so that a bar
 * neither floods the page nor stops short of its end. What is said once, of a trial that ended, passes as well.
 */
export function throttleProgress(onProgress: OnProgress, now: () => number = () => performance.now()): OnProgress {
  let lastMs = -Infinity
  let lastStage = ''
  return (progress) => {
    const isEdge =
      progress.trial || progress.stage !== lastStage || (progress.total > 0 && progress.done === progress.total)
    if (!isEdge && now() - lastMs < INTERVAL_MS) return
    lastMs = now()
    lastStage = progress.stage
    onProgress(progress)
  }
}
