import type { FromServiceWorker, OfflineState, ToServiceWorker } from '../../core/offline'
import { traffic } from './traffic.svelte'

/** How long a first visit waits for the service worker to take the page: it has about a megabyte to fetch. */
const CONTROL_MS = 20_000

/** When a download that broke is tried again; the end of a network failure is another occasion. */
const RETRY_MS = [5_000, 30_000, 300_000]

/** How often an open page asks for a new version. */
const UPDATE_MS = 3_600_000

type Fate = 'starting' | 'active' | 'refused'

/** The page's side of the service worker: what is on the device, and which version runs. */
class AppWorker {
  #fate = $state<Fate>('starting')
  #offline = $state.raw<OfflineState | null>(null)
  #isFilling = $state(false)
  #waiting = $state.raw<ServiceWorker | null>(null)
  #isReplaced = $state(false)
  #isUpdating = $state(false)
  #isControlled = $state(false)
  #isTakingOver = false
  #registration: ServiceWorkerRegistration | null = null
  #retries = 0
  #settleControl: (isControlled: boolean) => void = () => undefined
  readonly #controlled = new Promise<boolean>((resolve) => (this.#settleControl = resolve))

  /** `refused`: the browser keeps no copy of the page (private window, policy, development). */
  get fate(): Fate {
    return this.#fate
  }
  /** null until the caches were looked into. */
  get offline(): OfflineState | null {
    return this.#offline
  }
  get isOfflineReady(): boolean {
    return this.#offline?.isReady ?? false
  }
  /** The second stage is on its way. */
  get isFilling(): boolean {
    return this.#isFilling
  }
  /** Whether answers to this page go through the service worker. */
  get isControlled(): boolean {
    return this.#isControlled
  }
  get hasUpdate(): boolean {
    return this.#waiting !== null || this.#isReplaced
  }
  /** The visitor asked for the new version; it waits for running jobs. */
  get isUpdating(): boolean {
    return this.#isUpdating
  }

  /**
   * Registers the service worker, once. Never throws: without one the page still works.
   * @param isBuilt the development server has none
   */
  async start(isBuilt: boolean, onControlled: () => void): Promise<void> {
    const container = navigator.serviceWorker as ServiceWorkerContainer | undefined
    if (!isBuilt || !container) return this.#refuse()
    if (container.controller) this.#takeControl()
    else setTimeout(() => this.#settleControl(false), CONTROL_MS)
    container.addEventListener('controllerchange', () => this.#onControllerChange(onControlled))
    container.addEventListener('message', onMessage)
    container.startMessages()
    // The host isolates this page by itself, so nothing waits for the service worker: what is shown comes first.
    if (crossOriginIsolated && !container.controller) await whenLoaded()
    try {
      const registration = await container.register('./sw.js', { scope: './', updateViaCache: 'none' })
      // a blocked registration gives nothing in some browsers
      if (!registration) return this.#refuse()
      this.#registration = registration
      this.#watch(registration)
    } catch {
      return this.#refuse()
    }
    await container.ready
    this.#fate = 'active'
    // Shift+Reload loads a page past its service worker; it is taken back.
    if (container.controller) onControlled()
    else this.#say({ type: 'claim' })
    await this.#fillWhenIdle()
  }

  /** Whether the service worker got hold of this page; false where it cannot, or takes too long. */
  whenControlled(): Promise<boolean> {
    return this.#controlled
  }

  /** Fetches what is missing for work without a network. */
  async fill(): Promise<void> {
    const worker = this.#registration?.active
    if (!worker || this.#isFilling) return
    this.#isFilling = true
    this.#offline = await fillBy(worker, (state) => (this.#offline = state))
    this.#isFilling = false
    if (this.isOfflineReady) this.#say({ type: 'tidy' })
    else this.#retryLater()
  }

  /** The new version, as soon as no job runs; it brings all its files, so that the page stays ready for flight mode. */
  async update(whenIdle: () => Promise<void>): Promise<void> {
    if (this.#isUpdating) return
    this.#isUpdating = true
    if (this.#waiting && this.isOfflineReady) await fillBy(this.#waiting, () => undefined)
    await whenIdle()
    // Another tab may have brought it in the meantime; otherwise the change of control reloads.
    if (this.#waiting?.state !== 'installed') return location.reload()
    this.#isTakingOver = true
    this.#waiting.postMessage({ type: 'take-over' } satisfies ToServiceWorker)
  }

  #onControllerChange(onControlled: () => void): void {
    if (this.#isTakingOver) return location.reload()
    // another tab brought the new version; this one goes on with its own files
    if (this.#isControlled) this.#isReplaced = true
    this.#takeControl()
    onControlled()
  }

  #takeControl(): void {
    this.#isControlled = true
    this.#settleControl(true)
  }

  #refuse(): void {
    this.#fate = 'refused'
    this.#settleControl(this.#isControlled)
  }

  #watch(registration: ServiceWorkerRegistration): void {
    const note = () => {
      this.#waiting = registration.active ? registration.waiting : null
      if (!registration.active && !registration.waiting && !registration.installing) this.#refuse()
    }
    const follow = () => registration.installing?.addEventListener('statechange', note)
    note()
    follow()
    registration.addEventListener('updatefound', follow)
    setInterval(() => void registration.update().catch(() => undefined), UPDATE_MS)
  }

  async #fillWhenIdle(): Promise<void> {
    await whenQuiet()
    const worker = this.#registration?.active
    if (!worker) return
    this.#offline = await new Promise<OfflineState | null>((resolve) => ask(worker, { type: 'status' }, resolve))
    if (this.isOfflineReady) this.#say({ type: 'tidy' })
    else if (!wantsLittleData()) await this.fill()
    window.addEventListener('online', () => {
      if (!this.isOfflineReady && !wantsLittleData()) void this.fill()
    })
  }

  #retryLater(): void {
    const delay = RETRY_MS[this.#retries++]
    if (delay !== undefined) setTimeout(() => void this.fill(), delay)
  }

  #say(message: ToServiceWorker): void {
    this.#registration?.active?.postMessage(message)
  }
}

function ask(worker: ServiceWorker, message: ToServiceWorker, onAnswer: (answer: OfflineState | null) => void): void {
  const { port1, port2 } = new MessageChannel()
  port1.onmessage = ({ data }) => onAnswer(data as OfflineState | null)
  worker.postMessage(message, [port2])
}

/** Resolves with the last state, which is the one that was looked up. */
function fillBy(worker: ServiceWorker, onState: (state: OfflineState) => void): Promise<OfflineState | null> {
  return new Promise((resolve) => {
    let last: OfflineState | null = null
    // a service worker that the browser stops sends no end; what it did is kept
    let silence = setTimeout(() => resolve(last), 120_000)
    ask(worker, { type: 'fill' }, (answer: OfflineState | 'end' | null) => {
      clearTimeout(silence)
      if (answer === 'end') return resolve(last)
      silence = setTimeout(() => resolve(last), 120_000)
      last = answer
      if (answer) onState(answer)
    })
  })
}

function onMessage({ data, ports }: MessageEvent<FromServiceWorker>): void {
  if (data.type === 'traffic') traffic.add(data.traffic)
  // its name holds a hash that covers all it loads, so it names the version of the page
  else ports[0]?.postMessage(document.querySelector<HTMLScriptElement>('script[type=module][src]')?.src)
}

/** A visitor who asked the browser to save data is asked before 15 MB are fetched. */
export function wantsLittleData(): boolean {
  const { connection } = navigator as { connection?: { saveData?: boolean } }
  return connection?.saveData ?? false
}

async function whenLoaded(): Promise<void> {
  if (document.readyState === 'complete') return
  await new Promise((resolve) => window.addEventListener('load', resolve, { once: true }))
}

async function whenQuiet(): Promise<void> {
  await whenLoaded()
  await new Promise<void>((resolve) => {
    if ('requestIdleCallback' in window) requestIdleCallback(() => resolve(), { timeout: 5000 })
    else setTimeout(resolve, 1000)
  })
}

export const appWorker = new AppWorker()
