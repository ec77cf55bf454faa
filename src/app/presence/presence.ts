import type { AwakeLock, Platform } from './platform'

/** How the work stands, for those who do not look at the page. */
export interface Work {
  readonly isBusy: boolean
  /** 0..1 of all work. */
  readonly overall: number
  /** Title while it runs, with the percent in words of the page's language. */
  readonly title: string
}

/** While something runs the screen stays on, and title and badge show how far it is; at the end all goes back. */
export class Presence {
  readonly #platform: Platform
  #isBusy = false
  #title: string | null = null
  #badge: number | null = null
  #lock: AwakeLock | null = null
  #isAsking = false
  readonly #stopListening: () => void

  constructor(platform: Platform) {
    this.#platform = platform
    this.#stopListening = platform.onVisibility(() => void this.#stayAwake())
  }

  update({ isBusy, overall, title }: Work): void {
    this.#isBusy = isBusy
    if (isBusy) {
      this.#title ??= this.#platform.getTitle()
      this.#platform.setTitle(title)
    } else if (this.#title !== null) {
      this.#platform.setTitle(this.#title)
      this.#title = null
    }
    // a badge of 0 would be none
    this.#setBadge(isBusy ? Math.max(1, Math.floor(overall * 100)) : null)
    void this.#stayAwake()
  }

  /** Says that all is done, where nobody looks and someone asked for it. */
  ended(title: string, body: string, isWanted: boolean): void {
    const { notifications } = this.#platform
    if (!isWanted || !this.#platform.isHidden() || notifications?.permission() !== 'granted') return
    notifications.show(title, body)
  }

  /** Back to a page that does nothing. */
  dispose(): void {
    this.update({ isBusy: false, overall: 0, title: '' })
    this.#stopListening()
  }

  #setBadge(badge: number | null): void {
    if (badge === this.#badge) return
    this.#badge = badge
    this.#platform.setBadge?.(badge)
  }

  /** The system takes the lock away whenever the page is hidden, so it is asked for again at every return. */
  async #stayAwake(): Promise<void> {
    if (!this.#isBusy) return this.#letSleep()
    if (!this.#platform.keepAwake || this.#isAsking || this.#platform.isHidden()) return
    if (this.#lock && !this.#lock.released) return
    this.#isAsking = true
    try {
      this.#lock = await this.#platform.keepAwake()
    } catch {
      this.#lock = null // battery saver: the work goes on, the screen may turn off
    }
    this.#isAsking = false
    // all may have ended while it was asked for
    if (!this.#isBusy) await this.#letSleep()
  }

  async #letSleep(): Promise<void> {
    const lock = this.#lock
    this.#lock = null
    if (lock && !lock.released) await lock.release().catch(() => undefined)
  }
}
