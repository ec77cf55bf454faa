import type { Messages } from '../en'
import { plural } from '../plural'

export const page: Messages['page'] = {
  title: 'Plume',
  tagline: 'Allégez votre modèle d’IA.',
  promise: 'Rien ne quitte cet appareil.',
  lead: 'Déposez un modèle\u00a0: vous en récupérez un plus petit, avec la preuve mesurée qu’il fonctionne toujours. Déposez un tableau\u00a0: un modèle s’entraîne d’abord dessus.',
  jobs: 'Vos fichiers',
  trainings: 'Entraînement',
  shrinkAll: (count) => plural('fr', count, { one: 'Alléger le modèle', other: `Alléger les ${count} modèles` }),
  privacy: 'Tout se passe dans cet onglet\u00a0: aucun envoi, aucun compte, aucun pistage.',
  menu: 'Pages',
  views: {
    work: 'Alléger',
    history: 'Historique',
    compare: 'Comparer',
    settings: 'Réglages',
    help: 'Aide',
  },
}
