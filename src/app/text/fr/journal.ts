import type { Messages } from '../en'

export const journal: Messages['journal'] = {
  answered: (date) => `Réponse déjà en mémoire\u00a0: résultat du ${date}.`,
  again: 'Mesurer à nouveau',
  interrupted:
    'Cette tâche a été interrompue deux fois avant la fin\u00a0: elle attend votre accord. Ce qui était terminé est conservé, elle reprendra à cet endroit.',
  lostData: (name) =>
    `Cette tâche a été interrompue et ses données ${name} étaient trop volumineuses pour être conservées. Ajoutez-les à nouveau, ou continuez sans elles.`,
  continue: 'Continuer',
  missing:
    'Ce fichier était trop volumineux pour être conservé. Déposez-le à nouveau et la tâche reprendra où elle en était\u00a0:',
  missingFile: (name, size) => `${name}, ${size}`,
  dropAgain: (name) => `${name} était trop volumineux pour être conservé. Déposez-le à nouveau pour l’alléger.`,
  choose: 'Choisir des fichiers',
  useLast: 'Reprendre la dernière recette',
}
