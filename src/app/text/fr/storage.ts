import type { Messages } from '../en'
import { plural } from '../plural'

export const storage: Messages['storage'] = {
  title: 'Stockage',
  intro:
    'Les résultats, et les fichiers de vos cartes, restent dans ce navigateur\u00a0: recharger la page ne fait rien perdre.',
  used: (used, quota) => `${used} utilisés sur les ${quota} que ce navigateur autorise.`,
  results: 'Résultats',
  pinned: 'dont avec étoile',
  inputs: 'Fichiers des cartes',
  other: 'La page elle-même et le reste',
  free: 'Libre',
  bar: (results, inputs, other, free) =>
    `Résultats ${results}, fichiers des cartes ${inputs}, le reste ${other}, libre ${free}.`,
  persisted: 'Le navigateur a promis de garder ces données quand le disque se remplit.',
  notPersisted: 'Quand le disque se remplit, le navigateur peut effacer ces données.',
  askPersist: 'Demander au navigateur de les garder',
  persistRefused:
    'Le navigateur a refusé. Installer la page, ou s’en servir plus souvent, le fait en général changer d’avis.',
  list: 'Ce qui est gardé',
  item: (recipe, size) => `${recipe}, ${size},`,
  listEmpty: 'Aucun résultat n’est gardé.',
  clearInputs: 'Supprimer les fichiers des cartes fermées',
  clearUnpinned: 'Supprimer tous les résultats sans étoile',
  exportAll: 'Tout télécharger en zip',
  packing: 'Préparation du zip',
  packingAt: (fraction) => `Préparation du zip… ${fraction}`,
  packed: 'Le zip est prêt.',
  packCancelled: 'La préparation du zip a été annulée.',
  persistHelp:
    'Il décide lui-même s’il promet davantage\u00a0: le plus souvent quand la page est installée ou beaucoup utilisée\u202f; certains vous posent la question.',
  cleared: (size) => `${size} libérés.`,
  memory: 'Ce navigateur ne garde rien pour Plume\u00a0: les résultats durent aussi longtemps que cet onglet.',
  dismiss: 'Compris',
  more: (count) => plural('fr', count, { one: `${count} autre`, other: `${count} autres` }),
  troubles: {
    refused: {
      what: (detail) => `Le navigateur refuse de garder quoi que ce soit (${detail}).`,
      todo: 'Tout fonctionne, mais les résultats durent aussi longtemps que cet onglet\u00a0: téléchargez ce dont vous avez besoin.',
    },
    newer: {
      what: 'Une version plus récente de Plume a écrit dans le stockage.',
      todo: 'Il est laissé tel quel. Rechargez la page pour obtenir cette version\u202f; d’ici là, rien n’est gardé.',
    },
    closed: {
      what: 'Un autre onglet utilise une version plus récente de Plume.',
      todo: 'Cet onglet continue de fonctionner mais ne garde plus rien. Rechargez-le à la fin de ses tâches.',
    },
    evicted: {
      what: (names) => `Le navigateur a effacé les fichiers de ${names}.`,
      todo: 'Leurs rapports et leurs recettes restent dans l’historique, et ils peuvent être refaits. Installer la page évite cela.',
    },
    damaged: {
      what: (names) => `Ce qui était gardé de ${names} est endommagé et a été mis de côté.`,
      todo: 'Tout le reste est intact. Vous pouvez le refaire depuis l’historique.',
    },
    madeRoom: {
      what: (names, freed) =>
        `Pour faire de la place, les plus anciens résultats sans étoile ont été effacés\u00a0: ${names} (${freed}).`,
      todo: 'Mettez une étoile aux résultats qui doivent rester.',
    },
    full: {
      what: (needed, free) => `Pas de place pour garder ce résultat\u00a0: il faut ${needed}, il reste ${free}.`,
      todo: 'Téléchargez-le maintenant\u00a0: il dure aussi longtemps que cet onglet. Supprimer des résultats de l’historique fait de la place pour la suite.',
    },
  },
}
