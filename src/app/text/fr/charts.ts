import type { Messages } from '../en'
import { plural } from '../plural'

export const charts: Messages['charts'] = {
  saveAs: (title, kind) => `${title}\u00a0: télécharger en ${kind}`,
  notSaved: 'Le navigateur n’a pas pu créer cette image. Le tableau se télécharge en CSV.',
  size: 'Taille',
  method: 'Méthode',
  axis: {
    accuracy: 'Exactitude perdue (points)',
    agreement: 'Réponses changées (%)',
    nll: 'Perte ajoutée (nats)',
    sqnr: 'Écart des sorties (%)',
  },
  lossOf: {
    accuracy: (value) => `${value} points perdus`,
    agreement: (value) => `${value}\u202f% des réponses ont changé`,
    nll: (value) => `${value} nats ajoutés`,
    sqnr: (value) => `sorties différentes de ${value}\u202f%`,
  },
  pareto: 'Taille et qualité de tout ce qui a été essayé',
  paretoSummary: (count, best) =>
    plural('fr', count, {
      one: `${count} façon d’alléger ce modèle, selon la taille et la qualité.`,
      other: `${count} façons d’alléger ce modèle, selon la taille et la qualité\u202f; pour ${best} d’entre elles, aucune autre n’est à la fois plus petite et meilleure.`,
    }),
  legend: {
    chosen: '◆ affiché',
    front: '● meilleur à sa taille',
    other: '◌ une autre façon est plus petite et meilleure',
    original: '■ original',
    far: '▲ hors du graphique',
  },
  kind: {
    chosen: 'affiché',
    front: 'meilleur à sa taille',
    other: 'une autre façon est plus petite et meilleure',
    original: 'original',
  },
  rank: 'Rang',
  original: 'original',
  budget: 'budget',
  open: (name, size, quality) => `Prendre ${name}\u00a0: ${size}, ${quality}`,
  shown: (name, size, quality) => `${name}, affiché\u00a0: ${size}, ${quality}`,
  live: (count, text) => plural('fr', count, { one: `${text} essai terminé`, other: `${text} essais terminés` }),
}
