import type { Messages } from '../en'

export const install: Messages['install'] = {
  offlineReady: 'Prêt à travailler hors ligne',
  offlineProgress: (done, total) => `Préparation du mode hors ligne\u00a0: ${done} sur ${total}`,
  offlineAsk: 'Votre navigateur économise les données\u00a0: Plume ne télécharge pas ses gros fichiers de lui-même.',
  offlineFetch: (size) => `Permettre le travail hors ligne (${size})`,
  offlineNever: 'Ce navigateur ne garde pas de copie de la page\u00a0: il faut le réseau pour la charger.',
  update: 'Une nouvelle version est prête.',
  updateNow: 'Recharger',
  updateWaits: 'La page sera rechargée à la fin des tâches en cours.',
  isolate: 'Rechargez la page pour que Plume utilise tous les cœurs de cet appareil.',
  isolateNow: 'Recharger maintenant',
  shareRefused:
    'Le partage n’a pas pu être repris\u00a0: 64 fichiers et 2\u00a0Go au plus à la fois. Ouvrez Plume et déposez-y les fichiers.',
}
