"""Lines that a site puts between and after the paragraphs of its articles, in the languages of the larger news markets.

A table of phrases and one question; nothing else. Only whole short lines are meant, never a sentence in a paragraph.
"""

import re

MAX_SITE_LINE_CHARS = 220

_ADVERTISEMENT = (
    r"advertisements?|ad|sponsored(?: content)?|anzeige|werbung|publicité|publicidad|pubblicità|advertentie|publicidade|"
    r"reklama|реклама|annonse?|mainos|إعلان|广告|廣告|広告|विज्ञापन|story continues below(?: advertisement)?|"
    r"article continues (?:below|after)(?: (?:this )?(?:advertisement|ad))?"
)
_READ_ALSO = (
    r"(?:read (?:more|also|next|on)|also read|see also|more on this|don['’]t miss|"
    r"lesen sie auch|lies auch|lesen sie mehr|mehr zum thema|auch interessant|das könnte sie auch interessieren|"
    r"lire aussi|à lire aussi|lire également|à lire également|lea también|lee también|le puede interesar|te puede "
    r"interesar|leggi anche|leggi pure|lees ook|leia também|leia mais|czytaj (?:także|też|więcej|również)|"
    r"zobacz (?:też|także|również)|przeczytaj (?:też|także)|читайте также|смотрите также|читать также|"
    r"les også|læs også|läs (?:också|även|mer)|lue myös|přečtěte si (?:také|i)|čtěte také|olvassa el|"
    r"اقرأ أيضا|اقرأ أيضًا|相关阅读|延伸阅读|関連記事|यह भी पढ़ें|ये भी पढ़ें)(?:\s?(?:[:：|»>–—-]|$)|\s(?-i:[A-ZÀ-ÞА-ЯŁŚŻČŘ«“„\"]))|(?:related|recommended)\s?(?:[:：|»>–—-]|$)"
)
_FOLLOW = (
    r"(?:follow (?:us|me) on|(?:like|join|find) us on|folgen sie uns|folge uns|suivez[- ]nous|síguenos|síganos|"
    r"seguici su|volg ons|siga[- ]nos|obserwuj nas|śledź nas|подписывайтесь на|تابعونا|تابعنا|欢迎关注|关注我们|"
    r"følg oss|følg os|följ oss)"
)
_SUBSCRIBE = (
    r"(?:sign up (?:for|to) (?:our|the|my)|subscribe to (?:our|the|my)|get our (?:newsletter|app)|download (?:our|the) "
    r"app|(?:want|enjoyed|like) (?:this|more)\b.{0,40}(?:subscribe|sign up|download)|melden sie sich (?:jetzt )?(?:für|zu)|"
    r"abonnieren sie|jetzt (?:kostenlos )?(?:abonnieren|anmelden)|inscrivez[- ]vous|abonnez[- ]vous|suscríbete|"
    r"suscríbase|iscriviti|schrijf je in|inscreva[- ]se|assine (?:a|nossa)|zapisz się (?:do|na)|подпишитесь на|"
    r"اشترك في|订阅我们|订阅本|ニュースレターに登録)"
)
_COOKIES = (
    r"(?:we (?:and our .{1,40} )?use cookies|this (?:web)?site uses cookies|wir verwenden cookies|wir nutzen cookies|"
    r"nous utilisons des cookies|utilizamos cookies|utilizziamo (?:i )?cookie|wij gebruiken cookies|"
    r"używamy plików cookie|мы используем (?:файлы )?cookie|نستخدم ملفات تعريف الارتباط|我们使用 ?cookie|"
    r"当サイトではクッキーを|当サイトでは ?cookie|vi (?:bruker|anvender|använder) (?:cookies|informasjonskapsler))"
)
_READING_TIME = (
    r"(?:(?:temps de lecture|lesezeit|reading time|tiempo de lectura|tempo di lettura|leestijd|czas czytania|tempo de "
    r"leitura|lästid)\b.{0,20}|\d{1,3}[ -]?(?:min\.?|mins|minutes?|minuten)[ -](?:read|lesezeit|lecture|lectura))"
)
# Where the page stands in its site: "Start > Region > Story 1107".
_BREADCRUMB = r"[^.!?>»›]{1,40}(?:\s[>»›]\s[^.!?>»›]{1,60}){2,6}"
# With a day right behind and no sentence after it.
_PUBLISHED = (
    r"(?:published(?: on)?|posted(?: on)?|(?:last )?updated(?: on)?|publié le|mis à jour le|veröffentlicht am|"
    r"aktualisiert am|erstellt am|publicado (?:el|em|a)|actualizado el|atualizado em|pubblicato il|aggiornato il|"
    r"gepubliceerd op|bijgewerkt op|opublikowano|aktualizacja|опубликовано|publicerad|uppdaterad|publisert|oppdatert)"
    r"\s?:?\s(?:[^\W\d]+\.?,? ){0,2}\d[^.!?]{0,100}(?:\bmin\.)?"
)
_VISITORS = (
    r"(?:you are (?:our |the )?)?(?:visitors?|besucher|visiteurs?|visitantes?|visitatori)"
    r"(?:\s(?:number|no\.?|nr\.?|n°|#)|:)\s?#?[\d.,]{2,12}"
)
_LINE = re.compile(
    rf"\W{{0,5}}(?:(?:{_ADVERTISEMENT}|{_READING_TIME})\W{{0,5}}$|{_PUBLISHED}$|{_VISITORS}\W{{0,5}}$|{_BREADCRUMB}$|{_READ_ALSO}|{_FOLLOW}|{_SUBSCRIBE}|{_COOKIES})",
    re.IGNORECASE,
)
# Scripts that put the verb last: the phrase is what the line ends with.
_ENDING = re.compile(
    r"(?:フォロー(?:を?お願いします|してください)|फ़?ॉलो करें|साइन अप करें.{0,40}|कुकीज़ का उपयोग करते हैं)\W{0,3}$"
)


def is_site_line(line: str) -> bool:
    """Whether a whole line labels an advertisement, points to another article, asks to follow or subscribe, says when
    the page was published, how long it takes to read or where it stands in the site, or counts visitors."""
    return len(line) <= MAX_SITE_LINE_CHARS and bool(_LINE.match(line) or _ENDING.search(line))
