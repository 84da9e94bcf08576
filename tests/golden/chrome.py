"""What stands around an article on invented sites, in ten languages: words only, no layout and no article."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Chrome:
    """The fixed words of a site."""

    site: str
    menu: tuple[str, ...]
    by: str  # with {} for the names
    related: str
    more: str
    newsletter: str
    share: str
    cookies: str
    comments: str
    follow: str
    advert: str
    rights: str
    teasers: tuple[str, ...]


def _chrome(words: str) -> Chrome:
    fields = dict(line.split(": ", 1) for line in words.strip().splitlines())
    split = {"menu": tuple(fields.pop("menu").split(", ")), "teasers": tuple(fields.pop("teasers").split(" / "))}
    return Chrome(**fields, **split)


CHROME = {
    "en": _chrome("""
site: The Marram Courier
menu: Home, Local, Politics, Business, Sport, Culture, Opinion, Weather, Obituaries, Jobs
by: By {}
related: Related stories
more: Read more
newsletter: Sign up for our morning newsletter and get the day's top stories in your inbox.
share: Share this article
cookies: We use cookies to improve your experience. By continuing to browse you agree to our use of cookies.
comments: Comments
follow: Follow us on Facebook, Instagram and WhatsApp for the latest from the coast.
advert: Advertisement
rights: © 2026 Marram Courier Media Ltd. All rights reserved. Terms of use, privacy policy, cookie settings, contact us.
teasers: Lighthouse keeper's cat retires after fifteen years / Council delays vote on harbour parking / Bakery \
strike ends with a raise and a new oven / Five walks to take before the clocks go back / Rowers bring home two \
medals from Kettle Point / Where to see the northern lights this week / School orchestra needs a second bassoon / \
Bridge tolls to rise by ten pence in spring
"""),
    "de": _chrome("""
site: Ellertaler Bote
menu: Startseite, Lokales, Politik, Wirtschaft, Sport, Kultur, Meinung, Wetter, Anzeigen, Abo
by: Von {}
related: Das könnte Sie auch interessieren
more: Lesen Sie auch
newsletter: Melden Sie sich für unseren Newsletter an und erhalten Sie die wichtigsten Nachrichten am Morgen.
share: Artikel teilen
cookies: Wir verwenden Cookies, um Ihnen das beste Leseerlebnis zu bieten. Mehr in der Datenschutzerklärung.
comments: Kommentare
follow: Folgen Sie uns auf Facebook, Instagram und in unserem WhatsApp-Kanal.
advert: Anzeige
rights: © 2026 Ellertaler Verlagshaus. Alle Rechte vorbehalten. Impressum, Datenschutz, AGB, Kontakt, Mediadaten.
teasers: Freibad öffnet zwei Wochen früher / Bäckerei Hollmann sucht einen Nachfolger / Neue Buslinie verbindet die \
Dörfer / Handballerinnen feiern den Aufstieg / Warum die Störche dieses Jahr später kommen / Stadtrat streitet über \
den Weihnachtsmarkt / Feuerwehr rettet Kalb aus der Eller
"""),
    "fr": _chrome("""
site: La Gazette de Vaubrune
menu: Accueil, Politique, Société, Économie, Sports, Culture, Débats, Météo, Annonces, Abonnements
by: Par {}
related: Sur le même sujet
more: À lire aussi
newsletter: Inscrivez-vous à notre lettre d'information et recevez chaque matin l'essentiel de l'actualité.
share: Partager cet article
cookies: Nous utilisons des cookies pour mesurer l'audience et vous proposer des contenus adaptés.
comments: Commentaires
follow: Suivez-nous sur Facebook, Instagram et WhatsApp.
advert: Publicité
rights: © 2026 La Gazette de Vaubrune. Tous droits réservés. Mentions légales, données personnelles, nous contacter.
teasers: La piscine rouvre avec un nouveau toit / Le marché de Noël change de place / Un tracteur bloque la rocade / \
Les vendanges ont commencé plus tôt / Deux boulangers pour un village / Le club de rugby cherche un entraîneur
"""),
    "es": _chrome("""
site: El Faro de Altamira del Mar
menu: Inicio, Política, Economía, Deportes, Cultura, Opinión, Sucesos, El tiempo, Clasificados, Suscríbete
by: Por {}
related: Noticias relacionadas
more: Lea también
newsletter: Suscríbase a nuestro boletín y reciba cada mañana las noticias más importantes.
share: Compartir esta noticia
cookies: Utilizamos cookies propias y de terceros para mejorar nuestros servicios.
comments: Comentarios
follow: Síguenos en Facebook, Instagram y WhatsApp.
advert: Publicidad
rights: © 2026 El Faro. Todos los derechos reservados. Aviso legal, política de privacidad, contacto.
teasers: El mercado estrena cámaras frigoríficas / Cortes de agua en el barrio alto / La banda municipal cumple cien \
años / Un pesquero devuelve una campana hundida / Abren tres nuevas aulas / El equipo local empata en casa
"""),
    "pl": _chrome("""
site: Kurier Brzozowski
menu: Strona główna, Wiadomości, Polityka, Gospodarka, Sport, Kultura, Opinie, Pogoda, Ogłoszenia, Prenumerata
by: Autor: {}
related: Zobacz również
more: Czytaj także
newsletter: Zapisz się do naszego newslettera i otrzymuj najważniejsze informacje każdego ranka.
share: Udostępnij artykuł
cookies: Używamy plików cookie, aby ułatwić korzystanie z serwisu. Więcej w polityce prywatności.
comments: Komentarze
follow: Obserwuj nas na Facebooku, Instagramie i w kanale WhatsApp.
advert: Reklama
rights: © 2026 Kurier Brzozowski. Wszelkie prawa zastrzeżone. Regulamin, polityka prywatności, kontakt.
teasers: Nowy dworzec otwarty po remoncie / Bociany wróciły do Zalesia / Szkoła szuka nauczyciela fizyki / Remont \
mostu potrwa do jesieni / Piekarnia świętuje stulecie / Siatkarki wygrały derby
"""),
    "ru": _chrome("""
site: Заречный вестник
menu: Главная, Новости, Политика, Экономика, Спорт, Культура, Мнения, Погода, Объявления, Подписка
by: Автор: {}
related: Читайте также
more: Материалы по теме
newsletter: Подпишитесь на нашу рассылку и получайте главные новости каждое утро.
share: Поделиться
cookies: Мы используем файлы cookie, чтобы сделать сайт удобнее.
comments: Комментарии
follow: Подписывайтесь на нас в социальных сетях и мессенджерах.
advert: Реклама
rights: © 2026 Заречный вестник. Все права защищены. Правила пользования, контакты, реклама на сайте.
teasers: В парке посадили сто лип / Музей показал старые карты / Автобус номер семь изменит маршрут / Хоккеисты \
вышли в финал / На рынке подешевела рыба / Школьники построили метеостанцию
"""),
    "ar": _chrome("""
site: صحيفة المرسى
menu: الرئيسية, محليات, سياسة, اقتصاد, رياضة, ثقافة, رأي, الطقس, إعلانات, اشتراك
by: بقلم {}
related: مواضيع ذات صلة
more: اقرأ أيضا
newsletter: اشترك في نشرتنا البريدية لتصلك أهم الأخبار كل صباح.
share: شارك الخبر
cookies: نستخدم ملفات تعريف الارتباط لتحسين تجربتك في الموقع.
comments: التعليقات
follow: تابعونا على فيسبوك وإنستغرام وواتساب.
advert: إعلان
rights: © 2026 صحيفة المرسى. جميع الحقوق محفوظة. شروط الاستخدام، سياسة الخصوصية، اتصل بنا.
teasers: افتتاح سوق السمك بعد الترميم / فريق المدينة يفوز بالكأس / مكتبة جديدة في الحي القديم / تأجيل رحلات العبارة \
بسبب الرياح / معرض للخزف في القلعة
"""),
    "zh": _chrome("""
site: 临江日报
menu: 首页, 本地, 时政, 财经, 体育, 文化, 评论, 天气, 广告, 订阅
by: 记者 {}
related: 相关阅读
more: 延伸阅读
newsletter: 订阅我们的早报，每天早上收到最重要的新闻。
share: 分享到微信
cookies: 我们使用 Cookie 来改善您的浏览体验。
comments: 网友评论
follow: 欢迎关注我们的微信公众号和微博。
advert: 广告
rights: © 2026 临江日报社 版权所有 未经授权不得转载 联系我们 隐私政策
teasers: 老城区新增三处停车场 / 江心岛公园下周开放 / 中学生发明节水装置 / 渔市今起恢复营业 / 龙舟队备战秋季比赛
"""),
    "ja": _chrome("""
site: 浜風新聞
menu: トップ, 地域, 政治, 経済, スポーツ, 文化, 社説, 天気, 広告, 購読
by: 文・{}
related: 関連記事
more: あわせて読みたい
newsletter: ニュースレターに登録すると、毎朝主なニュースをお届けします。
share: この記事をシェアする
cookies: 当サイトではクッキーを使用しています。
comments: コメント
follow: 公式アカウントのフォローをお願いします。
advert: 広告
rights: © 2026 浜風新聞社 無断転載を禁じます 利用規約 プライバシーポリシー お問い合わせ
teasers: 灯台の一般公開が始まる / 市民マラソンに三千人 / 商店街に新しい図書室 / 養殖カキの出荷がピーク / 高校生が駅前を清掃
"""),
    "hi": _chrome("""
site: नदीपुर समाचार
menu: होम, शहर, राजनीति, कारोबार, खेल, संस्कृति, विचार, मौसम, विज्ञापन, सदस्यता
by: लेखक: {}
related: संबंधित खबरें
more: यह भी पढ़ें
newsletter: हमारे न्यूज़लेटर के लिए साइन अप करें और हर सुबह मुख्य खबरें पाएं।
share: खबर शेयर करें
cookies: हम आपके अनुभव को बेहतर बनाने के लिए कुकीज़ का उपयोग करते हैं।
comments: टिप्पणियां
follow: हमें फेसबुक, इंस्टाग्राम और व्हाट्सएप पर फॉलो करें।
advert: विज्ञापन
rights: © 2026 नदीपुर समाचार। सर्वाधिकार सुरक्षित। उपयोग की शर्तें, गोपनीयता नीति, संपर्क करें।
teasers: पुराने बाज़ार में नई सड़क / स्कूल की टीम ने जीता कप / नदी का जलस्तर घटा / \
मेले में उमड़ी भीड़ / डाकघर का समय बदला
"""),
}
