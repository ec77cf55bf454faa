/**
 * What the browser has to reach people who look elsewhere. Everything is looked for here and nowhere else; what a browser
 * lacks is null, and tests hand in their own.
 */
export interface Platform {
  isHidden(): boolean
  /** @returns what ends the listening */
  onVisibility(listener: () => void): () => void
  getTitle(): string
  setTitle(title: string): void
  /** Keeps the screen on until it is released; rejects where the system refuses (battery saver, hidden page). */
  readonly keepAwake: (() => Promise<AwakeLock>) | null
  /** 1..100 on the icon of the installed app; null takes it away. */
  readonly setBadge: ((percent: number | null) => void) | null
  readonly notifications: Notifications | null
}

export interface AwakeLock {
  readonly released: boolean
  release(): Promise<void>
}

export interface Notifications {
  permission(): NotificationPermission
  /** Only from a person's click: browsers refuse it otherwise, and for good. */
  ask(): Promise<NotificationPermission>
  show(title: string, body: string): void
}

/** Another notification of the same tag takes the place of the first. */
const TAG = 'plume-done'

export function browserPlatform(): Platform {
  return {
    isHidden: () => document.visibilityState === 'hidden',
    onVisibility(listener) {
      document.addEventListener('visibilitychange', listener)
      return () => document.removeEventListener('visibilitychange', listener)
    },
    getTitle: () => document.title,
    setTitle: (title) => (document.title = title),
    keepAwake: 'wakeLock' in navigator ? () => navigator.wakeLock.request('screen') : null,
    setBadge: 'setAppBadge' in navigator ? setBadge : null,
    notifications: typeof Notification === 'undefined' ? null : notifications(),
  }
}

/** The system may refuse a badge; nothing depends on it. */
function setBadge(percent: number | null): void {
  const done = percent === null ? navigator.clearAppBadge() : navigator.setAppBadge(percent)
  void done.catch(() => undefined)
}

function notifications(): Notifications {
  return {
    permission: () => Notification.permission,
    ask: () => Notification.requestPermission(),
    show(title, body) {
      const icon = new URL('icons/icon-192.png', document.baseURI).href
      try {
        const shown = new Notification(title, { body, icon, tag: TAG })
        shown.onclick = () => {
          window.focus()
          shown.close()
        }
      } catch {
        // Chrome on Android has notifications only through the service worker
        void navigator.serviceWorker
          ?.getRegistration()
          .then((found) => found?.showNotification(title, { body, icon, tag: TAG }))
          .catch(() => undefined)
      }
    },
  }
}
