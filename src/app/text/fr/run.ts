import type { Messages } from '../en'

export const run: Messages['run'] = {
  cancel: 'Annuler',
  cancelKey: 'Échap',
  starting: 'Démarrage…',
  stages: {
    read: 'Lecture du fichier',
    tidy: 'Nettoyage du graphe',
    quantize: 'Conversion des poids en int8',
    convert: 'Conversion des poids en float16',
    float16: 'Conversion des poids en float16',
    'weights-int8': 'Conversion des poids en int8',
    original: 'Exécution de l’original',
    load: 'Démarrage d’ONNX Runtime',
    search: 'Recherche d’économies',
    verify: 'Exécution et comparaison',
    evaluate: 'Exécution et comparaison',
    run: 'Exécution et comparaison',
    compare: 'Exécution et comparaison',
    time: 'Mesure de la vitesse',
    speed: 'Mesure de la vitesse',
    second: 'Vérification sur un second moteur',
    gzip: 'Mesure de la taille gzip',
    write: 'Écriture du résultat',
  },
  silence: (seconds, stage) =>
    `Aucun progrès depuis ${seconds} s\u00a0: l’étape «\u202f${stage}\u202f» travaille encore, ou elle est bloquée. Vous pouvez attendre ou annuler.`,
  progressLabel: (name) => `Progression de ${name}`,
  itemNames: { original: 'le modèle original', result: 'le modèle allégé' },
  perSecond: (amount) => `${amount}/s`,
  items: (done, total) => `${done} sur ${total}`,
  left: (time) => `encore ${time}`,
}
