/** The bundler's list of modules by pattern; all of vite/client would also declare what the core must not use. */
interface ImportMeta {
  glob<T>(pattern: string, options: { eager: true; import?: string; query?: string }): Record<string, T>
}
