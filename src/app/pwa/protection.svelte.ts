import { CONTENT_SECURITY_POLICY } from '../../core/security-headers'
import { appWorker } from './app-worker.svelte'

/**
 * Who puts the policy on the scripts of this page's workers. A meta tag governs the page alone: without one of the
 * first two, a worker could ask other origins, and the page has to say that nothing is proven.
 */
export type Enforcement = 'header' | 'service-worker' | 'none'

const NAME = 'Content-Security-Policy'

/** Whether a received policy is at least ours: each of our rules stands in it, word for word. */
export function isOurPolicy(received: string | null): boolean {
  const rules = (received ?? '').split(/[;,]/).map((rule) => rule.trim())
  return CONTENT_SECURITY_POLICY.split('; ').every((rule) => rules.includes(rule))
}

class Protection {
  #byHost = $state<boolean | null>(null)
  #policy = $state<string | null>(null)
  #found: Promise<Enforcement> | undefined

  /** As far as it is known; null while it is being found out. */
  get enforcement(): Enforcement | null {
    if (appWorker.isControlled) return 'service-worker'
    if (this.#byHost === null) return null
    if (this.#byHost) return 'header'
    return appWorker.fate === 'refused' ? 'none' : null
  }
  /** Whether the host itself sends the policy, so that it holds from the first byte; null where it was not asked. */
  get isByHost(): boolean | null {
    return this.#byHost
  }
  /** The policy on the page's answer as this page received it; null before `read`, and where there is none. */
  get policy(): string | null {
    return this.#policy
  }

  /** Resolves when workers may be started. Asked once for the life of the page; never rejects. */
  whenProtected(): Promise<Enforcement> {
    return (this.#found ??= this.#find())
  }

  async #find(): Promise<Enforcement> {
    if (appWorker.isControlled) return 'service-worker'
    if (await this.#askHost()) return 'header'
    return (await appWorker.whenControlled()) ? 'service-worker' : 'none'
  }

  /** HEAD goes past the service worker, so this is the host's own word. Scripts count: they are what workers run. */
  async #askHost(): Promise<boolean> {
    const received = await Promise.all([location.pathname, import.meta.url].map(hostPolicy))
    this.#byHost = received.every(isOurPolicy)
    return this.#byHost
  }

  /** Looks at the policy of the page's own answer again, and at what the host says without the service worker. */
  async read(): Promise<void> {
    if (navigator.onLine) await this.#askHost()
    const response = await fetch(location.pathname).catch(() => null)
    await response?.body?.cancel()
    this.#policy = response?.headers.get(NAME) ?? null
  }
}

const hostPolicy = (url: string): Promise<string | null> =>
  fetch(url, { method: 'HEAD', cache: 'no-store' }).then(
    ({ ok, headers }) => (ok ? headers.get(NAME) : null),
    () => null,
  )

export const protection = new Protection()

/** The gate before every worker that is given a visitor's files. */
export const whenProtected = (): Promise<Enforcement> => protection.whenProtected()
