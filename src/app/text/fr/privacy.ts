import type { Messages } from '../en'
import { plural } from '../plural'

export const privacy: Messages['privacy'] = {
  title: 'Confidentialité vérifiable',
  promise:
    'Vos modèles et vos données ne quittent jamais cet appareil. Il n’y a ni serveur où les envoyer, ni compte, ni mesure d’audience.',
  line: (count, text) =>
    plural('fr', count, {
      one: `${text} requête vers un autre site depuis le chargement de la page`,
      other: `${text} requêtes vers d’autres sites depuis le chargement de la page`,
    }),
  requests: 'Requêtes depuis le chargement de la page',
  own: 'pour des fichiers de Plume',
  others: 'vers d’autres sites',
  blocked: 'arrêtées par la règle',
  files: 'Toutes les adresses demandées par cette page',
  answered: (cached, network) =>
    `${cached} ont été servies par cet appareil, ${network} par l’hébergeur de cette page.`,
  policy: 'La règle que votre navigateur fait respecter',
  policyWords:
    'La page et ses tâches de fond ne peuvent se connecter qu’à l’adresse d’où vient cette page. Le navigateur refuse tout le reste, quoi que tente notre code.',
  policyRaw: 'La règle telle qu’elle a été reçue',
  enforcement: {
    header: 'L’hébergeur de cette page l’envoie avec chaque fichier.',
    'service-worker': 'Le service worker de cette page l’ajoute à chaque fichier, y compris ceux des tâches de fond.',
    none: 'Ce navigateur n’autorise pas de service worker et l’hébergeur n’envoie pas de règle\u00a0: ici, la promesse n’est pas imposée aux tâches de fond.',
    unknown: 'Recherche en cours…',
  },
  check: 'Vérifiez vous-même',
  steps: [
    'Attendez que «\u202fPrêt à travailler hors ligne\u202f» s’affiche au bas de la page.',
    'Passez en mode avion, ou débranchez le réseau.',
    'Rechargez la page et allégez un modèle\u00a0: tout fonctionne.',
    'Ou ouvrez les outils de développement du navigateur\u00a0: leur onglet Réseau montre chaque requête.',
  ],
  stored: 'Ce qui reste sur cet appareil',
  storedWords:
    'Les résultats, les recettes, les préréglages et les fichiers de vos cartes, dans ce navigateur seulement. Vous pouvez les supprimer sous Stockage.',
}
