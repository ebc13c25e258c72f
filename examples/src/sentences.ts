import type { Language } from './review.ts';

/** Made-up sentences, by what they praise or blame. No sentence was written by a customer. */
export interface Sentences {
  readonly good: readonly string[];
  readonly fair: readonly string[];
  readonly late: readonly string[];
  readonly broken: readonly string[];
  readonly lost: readonly string[];
}

export const SENTENCES: Readonly<Record<Language, Sentences>> = {
  nl: {
    good: [
      'Snelle levering en een vriendelijke bezorger.',
      'Het pakket was keurig op tijd en netjes verpakt.',
      'De bezorger belde vooraf en droeg de doos naar boven.',
      'Alles in één keer goed, top geregeld.',
      'Mooi op tijd, en de bloemen waren nog helemaal vers.',
    ],
    fair: [
      'Het pakket stond bij de buren, dat is prima.',
      'Levering was goed, alleen de app liep achter.',
      'Prima bezorgd, maar de doos was wel erg groot.',
      'Op zich in orde, het tijdvak mag wel korter.',
    ],
    late: [
      'De levering kwam drie dagen te laat.',
      'Weer vertraging, en niemand die iets laat weten.',
      'Ik heb de hele middag voor niets gewacht, veel te laat.',
      'Beloofd voor de avond, gekomen de volgende ochtend: te laat.',
    ],
    broken: [
      'Twee pakketten waren nat en de inhoud was kapot.',
      'De doos was gescheurd en het glas lag in scherven.',
      'Alles beschadigd aangekomen, de pakketten waren ingedeukt.',
      'De vaas was kapot en de verpakking veel te dun.',
    ],
    lost: [
      'Volgens de app bezorgd, maar ik heb niets ontvangen.',
      'Het pakket is zoek en de klantenservice geeft geen antwoord.',
      'Afgeleverd op een verkeerd adres en daar is het verdwenen.',
    ],
  },
  de: {
    good: [
      'Schnelle Lieferung und ein sehr freundlicher Fahrer.',
      'Das Paket war pünktlich und sorgfältig verpackt.',
      'Der Zusteller hat vorher angerufen und die Kiste hochgetragen.',
      'Alles bestens, gerne wieder.',
      'Pünktlich auf die Minute, und die Pflanzen waren frisch.',
    ],
    fair: [
      'Das Paket lag beim Nachbarn, das ist in Ordnung.',
      'Die Lieferung war gut, nur die App hinkt hinterher.',
      'Ordentlich zugestellt, aber der Karton war viel zu groß.',
      'Im Großen und Ganzen gut, das Zeitfenster könnte kürzer sein.',
    ],
    late: [
      'Die Lieferung kam drei Tage zu spät.',
      'Schon wieder verspätet, und niemand sagt Bescheid.',
      'Den ganzen Nachmittag umsonst gewartet, viel zu spät.',
      'Für den Abend zugesagt, am nächsten Morgen gekommen: verspätet.',
    ],
    broken: [
      'Zwei Pakete waren nass und der Inhalt zerbrochen.',
      'Der Karton war aufgerissen und das Glas lag in Scherben.',
      'Alles beschädigt angekommen, die Pakete waren eingedrückt.',
      'Die Vase war beschädigt und die Verpackung viel zu dünn.',
    ],
    lost: [
      'Laut App zugestellt, aber ich habe nichts bekommen.',
      'Das Paket ist verschwunden und der Kundendienst antwortet nicht.',
      'An eine falsche Adresse geliefert und dort verschwunden.',
    ],
  },
  fr: {
    good: [
      'Livraison rapide et livreur très aimable.',
      'Le colis est arrivé à l’heure et bien emballé.',
      'Le livreur a appelé avant et a monté la caisse à l’étage.',
      'Tout était parfait, merci.',
      'À l’heure pile, et les fleurs étaient encore fraîches.',
    ],
    fair: [
      'Le colis était chez les voisins, cela me convient.',
      'La livraison était bonne, seule l’application avait du mal.',
      'Bien livré, mais le carton était beaucoup trop grand.',
      'Correct dans l’ensemble, le créneau pourrait être plus court.',
    ],
    late: [
      'La livraison est arrivée avec trois jours de retard.',
      'Encore du retard, et personne ne prévient.',
      'J’ai attendu tout l’après-midi pour rien, un retard énorme.',
      'Promis pour le soir, venu le lendemain matin : en retard.',
    ],
    broken: [
      'Deux colis étaient mouillés et le contenu était cassé.',
      'Le carton était déchiré et le verre en morceaux.',
      'Tout est arrivé abîmé, les colis étaient enfoncés.',
      'Le vase était cassé et l’emballage bien trop mince.',
    ],
    lost: [
      'Livré selon l’application, mais je n’ai rien reçu.',
      'Le colis est perdu et le service client ne répond pas.',
      'Déposé à une mauvaise adresse et perdu depuis.',
    ],
  },
  en: {
    good: [
      'Fast delivery and a very friendly driver.',
      'The parcel was on time and carefully packed.',
      'The driver called ahead and carried the box upstairs.',
      'Everything went well, thank you.',
      'On the minute, and the plants were still fresh.',
    ],
    fair: [
      'The parcel was left with the neighbours, which is fine.',
      'Delivery was good, only the app was behind.',
      'Delivered all right, but the box was far too big.',
      'Fine on the whole, the time slot could be shorter.',
    ],
    late: [
      'The delivery came three days late.',
      'Delayed again, and nobody lets you know.',
      'Waited all afternoon for nothing, much too late.',
      'Promised for the evening, came the next morning: late.',
    ],
    broken: [
      'Two parcels were wet and the content was broken.',
      'The box was torn and the glass in pieces.',
      'Everything arrived damaged, the parcels were crushed.',
      'The vase was broken and the packaging far too thin.',
    ],
    lost: [
      'Delivered according to the app, but I received nothing.',
      'The parcel is missing and customer service does not answer.',
      'Left at a wrong address and missing since.',
    ],
  },
};
