import { STORE_CHANNEL } from '../../core/storage-names'
import type { StoreTrouble } from '../store-api'
import type { Unkept } from './memory'

/** What a worker tells the store workers of all tabs. */
export type News =
  | { readonly kind: 'changed' }
  | { readonly kind: 'trouble'; readonly trouble: StoreTrouble }
  /** A result that the browser does not let us keep. */
  | { readonly kind: 'unkept'; readonly result: Unkept }

export function tell(news: News): void {
  const channel = new BroadcastChannel(STORE_CHANNEL)
  channel.postMessage(news)
  channel.close()
}

export function listen(onNews: (news: News) => void): () => void {
  const channel = new BroadcastChannel(STORE_CHANNEL)
  channel.onmessage = ({ data }: MessageEvent<News>) => onNews(data)
  return () => channel.close()
}
