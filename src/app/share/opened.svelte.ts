import type { DecodedLink } from '../../jobs/share/link'
import type { Shared } from '../../jobs/share/shared'
import { announcer } from '../state/announcer.svelte'
import { queue } from '../state/queue.svelte'
import { t } from '../text'

/** A fragment that is a share link, or the beginning of one: `#history` is a view. */
export const isLinkHash = (hash: string): boolean => /^(#|%23)+r\d{1,9}(\.|$)/.test(hash)

/** The share link that the page shows. What it holds is read when it is opened; nothing runs. */
export class OpenedLink {
  #decoded = $state.raw<DecodedLink | null>(null)
  #text = ''

  /** null where there is none. */
  get decoded(): DecodedLink | null {
    return this.#decoded
  }

  /** Follows the address, at the start and on every `hashchange`. Running work is not touched. */
  async follow(hash: string): Promise<void> {
    if (isLinkHash(hash)) await this.open(hash)
  }

  /** @param text a link, or a text with a link in it */
  async open(text: string): Promise<void> {
    if (text === this.#text && this.#decoded) return
    this.#text = text
    try {
      const { decodeLink } = await import('../../jobs/share/link')
      const decoded = await decodeLink(text)
      if (this.#text === text) this.#show(decoded)
    } catch {
      // decodeLink never throws; its code may not arrive
      queue.say(t.share.loadFailed)
    }
  }

  /** What stood in a file. */
  show(shared: Shared): void {
    this.#text = ''
    this.#show({ ok: true, shared })
  }

  /** The fragment goes too, so that it does not stay in screenshots and bookmarks. */
  close(): void {
    this.#text = ''
    this.#decoded = null
    if (isLinkHash(location.hash)) history.replaceState(history.state, '', location.pathname + location.search)
  }

  #show(decoded: DecodedLink): void {
    this.#decoded = decoded
    announcer.say(decoded.ok ? t.share.opened : t.share.bad)
  }
}

export const openedLink = new OpenedLink()
