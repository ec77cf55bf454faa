/** How many files stand together. */
export interface Crowd {
  readonly isMany: boolean
  /** Files that are being looked into. */
  readonly looking: number
  readonly isBusy: boolean
  /** 0..1 of all work. */
  readonly overall: number
  readonly done: number
  readonly count: number
}

interface Words {
  readonly ready: (count: number) => void
  readonly progress: (tenth: number, done: number, count: number) => void
}

/** Of many files a screen reader hears together: when all were looked into, and every further tenth of the work. */
export class CrowdSpeaker {
  readonly #words: Words
  #wasLooking = false
  #tenth = 0

  constructor(words: Words) {
    this.#words = words
  }

  update({ isMany, looking, isBusy, overall, done, count }: Crowd): void {
    const isLooking = looking > 0
    if (this.#wasLooking && !isLooking && isMany && !isBusy) this.#words.ready(count)
    this.#wasLooking = isLooking

    const tenth = isBusy ? Math.floor(overall * 10) : 0
    if (tenth > this.#tenth && isMany) this.#words.progress(tenth, done, count)
    // the share falls when more files are added; what was said is not said again
    this.#tenth = isBusy ? Math.max(this.#tenth, tenth) : 0
  }
}
