"""What pages say that are no article, in eight languages. Lists only: what they prove is decided in ``kind``.

English, German, French, Spanish, Italian, Dutch, Polish and Portuguese; all lower case.
"""

import re

#: A whole title, or a part of one between separators.
NOT_FOUND = re.compile(
    r"(?:(?:http )?(?:error|fehler|erreur|errore|fout|błąd|erro)?[ :#]{0,3}404)"
    r"|(?:(?:oops|sorry|uh-oh|hoppla|ups|oups|désolé|pardon|helaas|lo sentimos|ops|entschuldigung)[ ,.!…:–-]{1,6})?"
    r"(?:(?:error|fehler|erreur|errore|fout|błąd|erro)?[ :#]{0,3}404[ ,.!:–-]{1,5})?"
    r"(?:(?:the |this |that )?(?:page|content|article|story|file)(?: you (?:requested|are looking for))?"
    r"(?: was| is| could| can)?(?: ?not| no longer|n[’']t)(?: be)? (?:found|exist|available)"
    r"|(?:this|that|the) page (?:does not|doesn[’']t|no longer) exists?"
    r"|not found|nothing (?:was )?found"
    r"|(?:die |diese )?(?:seite|artikel|inhalt|beitrag)(?: wurde| konnte| existiert)? ?(?:leider )?nicht(?: mehr)?"
    r"(?: gefunden(?: werden)?| verfügbar| vorhanden)?"
    r"|(?:la |cette )?page (?:introuvable|non trouvée|inexistante)|(?:la |cette )page n[’']existe (?:pas|plus)"
    r"|(?:contenu|article) introuvable"
    r"|(?:la |esta )?página (?:no (?:encontrada|existe|disponible)|no se (?:ha )?(?:encuentra|encontrado))"
    r"|no se encontró la página|contenido no encontrado"
    r"|(?:la )?pagina (?:non (?:trovata|esiste|disponibile)|inesistente)|contenuto non trovato"
    r"|(?:de(?:ze)? )?pagina (?:(?:is |kan |werd )?niet (?:gevonden|beschikbaar)|bestaat niet(?: meer)?)"
    r"|(?:ta )?strona nie (?:została |istnieje|znaleziona)(?:znaleziona|odnaleziona)?|nie znaleziono(?: strony)?"
    r"|(?:esta )?página (?:não (?:encontrada|existe|disponível)|não foi encontrada)|conteúdo não encontrado)"
    r"(?:[ ,.!:–(-]{1,4}(?:error |fehler |erreur )?404\)?)?"
)

#: On the page of a stub, outside or behind its text.
PAYWALL = (
    "subscribe to continue",
    "subscribe to read",
    "subscribe now to read",
    "already a subscriber",
    "already have a subscription",
    "continue reading with a subscription",
    "this article is for subscribers",
    "for subscribers only",
    "exclusive to subscribers",
    "to continue reading",
    "unlock this article",
    "to read the full story",
    "sign in to read the full",
    "nur für abonnenten",
    "mit einem abo weiterlesen",
    "jetzt weiterlesen",
    "jetzt abonnieren und weiterlesen",
    "um weiterzulesen",
    "bereits abonnent",
    "sie haben bereits ein abo",
    "sie sind bereits digitalabonnent",
    "zugang zu allen artikeln",
    "réservé aux abonnés",
    "réservée aux abonnés",
    "déjà abonné",
    "pour lire la suite",
    "abonnez-vous pour",
    "il vous reste",
    "solo para suscriptores",
    "exclusivo para suscriptores",
    "suscríbete para seguir leyendo",
    "para seguir leyendo",
    "ya eres suscriptor",
    "ya soy suscriptor",
    "riservato agli abbonati",
    "abbonati per continuare",
    "per continuare a leggere",
    "sei già abbonato",
    "alleen voor abonnees",
    "verder lezen?",
    "lees verder met een abonnement",
    "al abonnee?",
    "tylko dla prenumeratorów",
    "dla subskrybentów",
    "czytaj dalej z prenumeratą",
    "wykup dostęp",
    "aby czytać dalej",
    "exclusivo para assinantes",
    "só para assinantes",
    "assine para continuar",
    "para continuar a ler",
    "já é assinante",
)

#: In the text of a page that asks for consent.
CONSENT = (
    "we and our partners",
    "we value your privacy",
    "we care about your privacy",
    "your privacy is important to us",
    "before you continue",
    "accept all",
    "manage options",
    "manage preferences",
    "withdraw your consent",
    "with your agreement",
    "agree and continue",
    "accept and continue",
    "reject all",
    "read with advertising",
    "wir und unsere partner",
    "weiter mit werbung",
    "mit werbung und tracking",
    "mit werbung weiterlesen",
    "alle akzeptieren",
    "akzeptieren und weiter",
    "zustimmen und weiter",
    "ihre einwilligung",
    "einwilligung widerrufen",
    "zustimmung widerrufen",
    "werbefrei lesen",
    "nous et nos partenaires",
    "tout accepter",
    "accepter et continuer",
    "continuer sans accepter",
    "respect de votre vie privée",
    "retirer votre consentement",
    "nosotros y nuestros socios",
    "valoramos su privacidad",
    "valoramos tu privacidad",
    "aceptar y continuar",
    "aceptar todo",
    "rechazar y suscribir",
    "retirar su consentimiento",
    "noi e i nostri partner",
    "accetta e continua",
    "continua senza accettare",
    "rifiuta e abbonati",
    "revocare il consenso",
    "wij en onze partners",
    "alles accepteren",
    "accepteren en doorgaan",
    "toestemming intrekken",
    "my i nasi partnerzy",
    "naszych zaufanych partnerów",
    "przejdź do serwisu",
    "akceptuję",
    "wycofać zgodę",
    "nós e os nossos parceiros",
    "nós e nossos parceiros",
    "aceitar todos",
    "aceitar e continuar",
    "retirar o consentimento",
)

#: In the title of one.
CONSENT_TITLES = (
    "before you continue",
    "we value your privacy",
    "your privacy choices",
    "privacy settings",
    "cookie consent",
    "consent required",
    "datenschutzeinstellungen",
    "einwilligung",
    "zustimmung erforderlich",
    "weiter mit werbung",
    "gestion des cookies",
    "votre consentement",
    "configuración de privacidad",
    "consentimiento",
    "consenso ai cookie",
    "cookietoestemming",
    "cookie-instellingen",
    "ustawienia prywatności",
    "zgoda na pliki cookie",
    "consentimento",
)
