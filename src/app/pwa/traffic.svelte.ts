import type { Traffic as Answers } from '../../core/offline'

/** What was asked for since the page was loaded: by the page itself, and by its workers through the service worker. */
class Traffic {
  #requests = $state(0)
  #otherOrigins = $state(0)
  #blocked = $state(0)
  #answers = $state.raw<Answers>({ cached: 0, network: 0, refused: 0 })

  /** Files that this page asked for, wherever the answer came from. */
  get requests(): number {
    return this.#requests
  }
  /** Of those, to other origins: must be 0. */
  get otherOrigins(): number {
    return this.#otherOrigins
  }
  /** Attempts of the page that the policy stopped. */
  get blocked(): number {
    return this.#blocked
  }
  /** What the service worker answered, for pages and workers of all tabs. */
  get answers(): Answers {
    return this.#answers
  }

  add({ cached, network, refused }: Answers): void {
    const sum = this.#answers
    this.#answers = {
      cached: sum.cached + cached,
      network: sum.network + network,
      refused: sum.refused + refused,
    }
  }

  watch(): void {
    // The page itself is one request more than its resources.
    this.#requests = 1
    document.addEventListener('securitypolicyviolation', () => this.#blocked++)
    const observer = new PerformanceObserver((list) => {
      const addresses = list.getEntries().map(({ name }) => new URL(name))
      const asked = addresses.filter(({ protocol }) => protocol.startsWith('http'))
      this.#requests += asked.length
      this.#otherOrigins += asked.filter(({ origin }) => origin !== location.origin).length
    })
    observer.observe({ type: 'resource', buffered: true })
  }
}

export const traffic = new Traffic()
