import { formatBytes, formatRemaining } from '../core/format-text'
import { PaceMeter } from '../core/eta'
import { oneLine } from '../core/one-line'
import type { OnProgress, Progress } from '../core/progress'

export interface TerminalOptions {
  isQuiet: boolean
  /** A live bar is drawn on a terminal, a line per stage is printed on a pipe. */
  isInteractive: boolean
  write(text: string): void
  now(): number
}

const BAR_WIDTH = 24
const REDRAW_MS = 100

/** Progress on stderr: one live bar on a terminal, one line per finished stage elsewhere. */
export class TerminalProgress {
  readonly #options: TerminalOptions
  readonly #meter = new PaceMeter()
  #stage = ''
  #stageStart = 0
  #drawnAt = -Infinity
  #isLineOpen = false

  constructor(options: TerminalOptions) {
    this.#options = options
  }

  readonly report: OnProgress = (progress) => {
    const { isQuiet, isInteractive, now } = this.#options
    if (isQuiet) return
    const time = now()
    if (progress.stage !== this.#stage) {
      this.#finishStage(time)
      this.#stage = progress.stage
      this.#stageStart = time
    }
    const pace = this.#meter.update(progress, time)
    if (!isInteractive || time - this.#drawnAt < REDRAW_MS) return
    this.#drawnAt = time
    this.#isLineOpen = true
    this.#options.write(`\r\x1b[2K${barLine(progress, pace)}`)
  }

  /** Ends the last stage; call once when the job is over. */
  finish(): void {
    if (!this.#options.isQuiet) this.#finishStage(this.#options.now())
    this.#stage = ''
  }

  #finishStage(time: number): void {
    if (this.#isLineOpen) this.#options.write('\r\x1b[2K')
    this.#isLineOpen = false
    if (this.#stage === '' || this.#options.isInteractive) return
    this.#options.write(`${this.#stage}: ${((time - this.#stageStart) / 1000).toFixed(1)} s\n`)
  }
}

function barLine(progress: Progress, pace: ReturnType<PaceMeter['update']>): string {
  const { fraction, perSecond, remainingMs } = pace
  const parts = [progress.stage.padEnd(10)]
  if (fraction !== undefined) {
    const filled = Math.round(fraction * BAR_WIDTH)
    parts.push(
      `${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)} ${String(Math.floor(fraction * 100)).padStart(3)} %`,
    )
  }
  if (progress.unit === 'bytes' && perSecond) parts.push(`${formatBytes(perSecond)}/s`)
  if (remainingMs !== undefined) parts.push(`${formatRemaining(remainingMs)} left`)
  if (progress.item) parts.push(oneLine(progress.item.slice(0, 40)))
  return parts.join('  ')
}
