import type { Messages } from '../en'

export const presets: Messages['presets'] = {
  title: 'Préréglages',
  empty: 'Aucun préréglage. Enregistrez-en un depuis les options d’un modèle.',
  save: 'Enregistrer comme préréglage',
  name: 'Nom du préréglage',
  notAuto: 'Le choix automatique n’est pas une recette. Choisissez vous-même les méthodes, puis enregistrez-les.',
  used: (name) => `${name} a été repris. Appliquez-le ci-dessous.`,
  saved: (name) => `${name} a été enregistré.`,
  apply: 'Utiliser',
  applyOne: (name) => `Utiliser le préréglage ${name}`,
  remove: 'Supprimer',
  removeOne: (name) => `Supprimer le préréglage ${name}`,
  removed: (name) => `Le préréglage ${name} a été supprimé.`,
  rename: 'Renommer',
  renameOne: (name) => `Renommer le préréglage ${name}`,
  share: 'Copier le lien',
  shareOne: (name) => `Copier un lien vers le préréglage ${name}`,
  confirm: 'Enregistrer',
  cancel: 'Annuler',
}
