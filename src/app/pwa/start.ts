import { SHARE_REFUSED } from '../../core/offline'
import { pasteText } from '../intake/paste'
import { queue } from '../state/queue.svelte'
import { trainings } from '../state/trainings.svelte'
import { t } from '../text'
import type { InputFile } from '../../workers/job-api'
import { appWorker } from './app-worker.svelte'
import { isolation } from './isolation.svelte'
import { collectShared, followLaunches, type Incoming, type LaunchQueue } from './launch'
import { protection } from './protection.svelte'
import { traffic } from './traffic.svelte'

/** Begins with the page, before anything is shown: the sooner the policy holds, the sooner a dropped file is read. */
export function startPwa(): void {
  closePeerConnections()
  traffic.watch()
  isolation.watch()
  void appWorker.start(import.meta.env.PROD, () => isolation.consider(queue.jobs.length + trainings.list.length > 0))
  void protection.whenProtected()
}

/** The one way out of a page that no policy governs: Chromium ignores the directive `webrtc`. Workers have none. */
function closePeerConnections(): void {
  for (const name of ['RTCPeerConnection', 'webkitRTCPeerConnection']) {
    Object.defineProperty(window, name, { value: undefined, writable: false, configurable: false })
  }
}

/** Takes what reaches the app from outside: opened by the system, shared by another app. */
export function receive(add: (files: readonly InputFile[]) => Promise<void>): void {
  const take = ({ files, text }: Incoming) => {
    isolation.keepPage()
    if (files.length > 0) void add(files)
    if (text !== '') void pasteText(text)
  }
  // a launch may name what the address named already
  const followed: string[] = []
  const follow = (url: URL) => {
    const id = url.searchParams.get('shared')
    if (id === null || followed.includes(id)) return
    followed.push(id)
    if (id === SHARE_REFUSED) queue.say(t.install.shareRefused)
    else void collectShared(id, new URL('./', document.baseURI).href, caches).then(take, () => undefined)
  }
  const { launchQueue } = window as { launchQueue?: LaunchQueue }
  followLaunches(launchQueue, take, (url) => {
    // the page stays where it is; a link that was opened with the app arrives as its fragment
    if (url.origin !== location.origin) return
    if (url.hash !== '' && url.hash !== location.hash) location.hash = url.hash
    if (url.search !== location.search) follow(url)
  })
  const here = new URL(location.href)
  if (!here.searchParams.has('shared')) return
  follow(here)
  // once: a reload must not ask for it again
  here.searchParams.delete('shared')
  history.replaceState(history.state, '', here)
}
