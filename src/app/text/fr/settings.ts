import type { Messages } from '../en'

export const settings: Messages['settings'] = {
  title: 'Réglages',
  language: 'Langue',
  theme: 'Apparence',
  themes: { auto: 'Comme le système', light: 'Claire', dark: 'Sombre' },
  keys: 'Clavier',
  letterKeys: 'Les lettres seules sont des raccourcis',
  letterKeysHelp: 'Désactivez-les si elles gênent la saisie vocale.',
  notifications: 'À la fin d’une longue tâche',
  notify: 'Afficher une notification quand la page est en arrière-plan',
  notifyDenied:
    'Ce navigateur a reçu la consigne de ne pas afficher les notifications de cette page. Les paramètres du site permettent de changer cela.',
  notifyMissing: 'Ce navigateur n’affiche pas de notifications.',
  gpu: 'Carte graphique',
  useGpu: 'Confier les calculs à WebGPU s’il y a une carte graphique',
  useGpuHelp:
    'Les résultats sont les mêmes, à l’octet près. Si la carte fait défaut, WebAssembly prend le relais, et une note le dit.',
  runtimeOnGpu: 'Mesurer aussi les résultats avec ONNX Runtime sur WebGPU',
  runtimeOnGpuHelp: (size) =>
    `Son WebAssembly (${size}) est demandé à l’hôte de cette page lors de la prochaine tâche\u202f; il n’est pas gardé pour le travail hors ligne.`,
  gpuUse: {
    auto: 'Les calculs se font avec WebGPU.',
    software: 'Les calculs se font avec WebAssembly\u00a0: l’adaptateur graphique est logiciel, donc plus lent.',
    none: 'Les calculs se font avec WebAssembly\u00a0: ce navigateur n’offre pas d’adaptateur graphique.',
    off: 'Les calculs se font avec WebAssembly\u00a0: la carte graphique est désactivée ici.',
    forced: 'Les calculs se font avec WebGPU en logiciel, car l’adresse le demande.',
  },
  device: 'Cet appareil',
  facts: {
    cores: 'Cœurs du processeur',
    threads: 'Fils d’exécution pour ONNX Runtime',
    isolated: 'Page isolée, ce qui autorise plusieurs fils',
    gpu: 'WebGPU',
    storage: 'Système de fichiers privé',
    offline: 'Fonctionne hors ligne',
    version: 'Version',
  },
  yes: 'oui',
  no: 'non',
  unknown: 'recherche en cours',
  noGpu: 'absent',
  softwareGpu: (name) => `${name} (logiciel)`,
  copyDiagnostics: 'Copier le diagnostic',
  diagnosticsHelp:
    'Des faits sur le navigateur et l’appareil, pour signaler un problème. Ni noms de fichiers, ni résultats.',
  reset: 'Réinitialisation',
  resetAll: 'Réinitialiser tous les réglages',
  resetHelp:
    'La langue, l’apparence, les raccourcis et la carte graphique redeviennent ce qu’ils étaient au départ. Les résultats et les préréglages restent.',
  resetDone: 'Tous les réglages sont revenus à leur état de départ.',
}
