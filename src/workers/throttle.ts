import type { OnProgress } from '../core/progress'
import type { TrainingEvent } from '../jobs/train/request'

const INTERVAL_MS = 100

const clock = () => performance.now()

/**
 * Lets through at most ten calls a second (R8), and always the first of a stage and the last of it, so that a bar
 * neither floods the page nor stops short of its end. What is said once, of a trial that ended, passes as well.
 */
export function throttleProgress(onProgress: OnProgress, now: () => number = clock): OnProgress {
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

/**
 * Lets through at most ten events a second, and always the last of each run, which holds the whole of its curves.
 * `flush` sends what is held back.
 */
export function throttleTraining(onEvent: (event: TrainingEvent) => void, now: () => number = clock) {
  let lastMs = -Infinity
  let held: TrainingEvent | null = null
  const flush = () => {
    if (held) onEvent(held)
    held = null
  }
  const report = (event: TrainingEvent) => {
    if (held && held.run !== event.run) flush()
    held = event
    if (now() - lastMs < INTERVAL_MS) return
    lastMs = now()
    flush()
  }
  return { report, flush }
}
