import type { Messages } from '../en'

export const live: Messages['live'] = {
  inspecting: (name) => `Examen de ${name}.`,
  ready: (name, before, after) => `${name} est prêt\u00a0: ${before}, environ ${after} une fois allégé.`,
  progress: (name, stage, percent) => `${name}\u00a0: ${stage}, ${percent}.`,
  done: (name, before, after) => `${name} est terminé\u00a0: de ${before} à ${after}.`,
  kept: (name) => `${name} est terminé\u00a0: l’original a été conservé.`,
  failed: (name, title) => `${name}\u00a0: ${title}.`,
  cancelled: (name) => `${name}\u00a0: annulé.`,
}
