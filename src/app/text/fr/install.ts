import type { Messages } from '../en'

export const install: Messages['install'] = {
  offlineReady: 'Prêt à travailler hors ligne',
  offlineProgress: (done, total) => `Préparation du mode hors ligne\u00a0: ${done} fichiers sur ${total}`,
  offlineNever: 'Ce navigateur ne garde pas de copie de la page\u00a0: il faut le réseau pour la charger.',
  update: 'Une nouvelle version est prête.',
  updateNow: 'Recharger',
  updateWaits: 'La page sera rechargée à la fin des traitements en cours.',
  isolate: 'Rechargez la page pour que Plume utilise tous les cœurs de cet appareil.',
  isolateNow: 'Recharger maintenant',
}
