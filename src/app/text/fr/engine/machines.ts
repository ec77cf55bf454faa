import type { SentenceTable } from '../../engine/match'

/** What the machines that run plans say when they cannot. */
export const machines: SentenceTable = {
  "The engine's SIMD kernels could not be loaded ({reason!}). Update the browser or Node, or choose the reference backend.":
    'Les noyaux SIMD du moteur n’ont pas pu être chargés ({reason!}). Mettez à jour le navigateur ou Node, ou choisissez le moteur de référence.',
  'The engine could not reserve {bytes#} bytes of WASM memory ({reason!}). Close other tabs or programs, or choose the reference backend.':
    'Le moteur n’a pas pu réserver {bytes#} octets de mémoire WASM ({reason!}). Fermez d’autres onglets ou programmes, ou choisissez le moteur de référence.',
  'The engine asked for {bytes#} more bytes of WASM memory, {total#} in all, and did not get them; its limit is {limit#}. Close other tabs or programs, or use a smaller batch.':
    'Le moteur a demandé {bytes#} octets de mémoire WASM de plus, {total#} en tout, et ne les a pas obtenus\u202f; sa limite est de {limit#}. Fermez d’autres onglets ou programmes, ou utilisez un lot plus petit.',
}
