import type { Messages } from '../en'

export const journal: Messages['journal'] = {
  answered: (date) => `Réponse reprise du stockage\u00a0: résultat du ${date}.`,
  again: 'Mesurer à nouveau',
  interrupted:
    'Cette tâche a été interrompue deux fois avant la fin\u00a0: elle attend votre accord. Ce qui était terminé est conservé, elle reprendra à cet endroit.',
  lostData: (name) =>
    `Cette tâche a été interrompue et ses données ${name} étaient trop volumineuses pour être conservées. Ajoutez-les à nouveau, ou continuez sans elles.`,
  continue: 'Continuer',
  missing:
    'Ce fichier n’a pas pu être conservé\u00a0: il est trop volumineux, ou le navigateur l’a supprimé. Déposez-le à nouveau et la tâche reprendra\u00a0:',
  missingFile: (name, size) => `${name}, ${size}`,
  dropAgain: (name) => `${name} n’est plus conservé. Déposez-le à nouveau pour l’alléger.`,
  choose: 'Choisir des fichiers',
  useLast: 'Reprendre la dernière recette',
}
