/** What page and service worker say to each other. Both are built from this list, and neither imports the other. */

/** Keeps the app's own files. Entries are keyed by content, so that two versions lie side by side during an update. */
export const FILES_CACHE = 'plume-files'

/** Holds what another app shared, until the page takes it. */
export const SHARED_CACHE = 'plume-shared'

/** Path of the share target, relative to the scope; also the folder of what was shared. */
export const SHARE_PATH = 'share-target'

/** Ids of shared deliveries: 128 random bits. */
export const SHARE_ID = /^[0-9a-f]{32}$/

/** What one delivery may hold; more is refused as a whole, and the page says so. */
export const SHARE_LIMITS = { files: 64, bytes: 2 * 2 ** 30, textLength: 100_000 } as const

/** `?shared=` of a delivery that was refused. */
export const SHARE_REFUSED = 'refused'

/** The list of a delivery, stored as JSON beside its files. */
export interface SharedList {
  readonly names: readonly string[]
  readonly text: string
}

/** How much of the app is on the device. Bytes are those of the files as they were built. */
export interface OfflineState {
  readonly haveBytes: number
  readonly totalBytes: number
  readonly missing: number
  /** Every file of both stages is in the cache: looked up, not remembered. */
  readonly isReady: boolean
}

/** Answers of the service worker since the last message: from the cache, from the host, and refused (other origins). */
export interface Traffic {
  readonly cached: number
  readonly network: number
  readonly refused: number
}

export type ToServiceWorker =
  /** Answered on the port with one `OfflineState`. */
  | { readonly type: 'status' }
  /** Fetches what is missing; answered on the port with a growing `OfflineState`, then `'end'`. */
  | { readonly type: 'fill' }
  /** The visitor asked for the new version. */
  | { readonly type: 'take-over' }
  /** A page that was loaded past the service worker (Shift+Reload) wants its policy. */
  | { readonly type: 'claim' }
  /** Old files may go where no open page is of an older version. */
  | { readonly type: 'tidy' }

export type FromServiceWorker =
  | { readonly type: 'traffic'; readonly traffic: Traffic }
  /** Answered on the port with the address of the page's own entry script. */
  | { readonly type: 'which-script' }
