"""What in an address says how a reader came, not what is read: lists, and the one question asked of them.

Data with its source beside it, no parsing of URLs. A name stands in a list only if no known publisher names articles
by it; where publishers differ (``ref``, ``source``, ``feed``), the value decides.
"""

import re

# Campaign and click parameters, from the documentation of the analytics and advertising services that set them and
# from the feeds of large publishers. Compared in lower case.
_PREFIXES = (
    "utm_", "at_", "ns_", "mc_", "wt_", "wt.", "_hs", "hss_", "hsa_", "cx_", "pk_", "piwik_", "mtm_", "matomo_", "gad_",
    "vero_", "__", "fb_", "oly_", "soc_", "guce_", "trk_", "itm_", "bsft_", "dm_", "ml_", "_branch_", "amp_", "sc_",
    "stm_", "asc_", "s_kwcid", "aspsessionid",
)  # fmt: skip
_NAMES = frozenset(
    """
    fbclid gclid gclsrc dclid gbraid wbraid msclkid twclid ttclid igshid igsh li_fat_id yclid ymclid ysclid
    rb_clickid epik wickedid _openstat mkt_tok mbid cmp cmpid cmpid2 icid icmpid ecid smid smtyp smvar emc ocid ncid
    ftag yptr guccounter taid via ito sh spm wprov xtor s_cid pinned_post_locator rss _ga _gl _gac utm intcmp intcid
    int_source int_medium int_campaign tpcc referrer referer refsrc ref_src ref_url share_id recruited_by_id
    sharetype sharetoken sharedlink socialshare wpisrc wpmm wpsrc xg_source ex_cid dgcid sref cvid nl_email
    fromrss feedname trk trackingcode tracking_id _unique_id mibextid rdt_cid _r
    usqp ampcf outputamp ampmode isamp amptrack phpsessid jsessionid sessionid session_id oscsid zenid cfid cftoken
    gaa_at gaa_n gaa_ts gaa_sig referringsource srnd leadsource sara_ecid giftcopy unlocked_article_code accesstoken
    replytocom no_cache nocache cachebuster tblci dicbo li_source li_medium hootpostid algtrackingtoken campaign_id
    regi_id segment_id
    """.split()
)
_CHANNEL_NAMES = frozenset(
    "ref source src feed from partner mod share shared campaign medium origin feature channel chan sr output ns sender "
    "xid referral social".split()
)
_CHANNELS = frozenset(
    """
    rss rss2 atom feed feeds feedburner feedly twitter tw x fb facebook instagram ig whatsapp telegram linkedin reddit
    pinterest email mail newsletter nl social socialflow sharebtn share sharing google googlenews gnews bing yahoo msn
    apple applenews flipboard pocket push app homepage hp nav navbar footer header trending mostread related youtu
    """.split()
)
# Another rendering of the same article: a name with one of these values, or a switch, on or off.
_FORM_NAMES = frozenset(
    "outputtype output view format mode type template layout version display style service pagewanted".split()
)
_FORMS = frozenset("amp amp-type print printable printer printer-friendly print-friendly printpage".split())
_FORM_PAIRS = frozenset((("tmpl", "component"), ("pagewanted", "all")))
_DEVICE_NAMES = frozenset("outputtype output view mode display layout version device".split())
_SWITCHES = frozenset("print mobile amp printable printpage printmode printer printer_friendly m".split())
_SET = frozenset(("", "1", "true", "yes", "y", "on", "0", "false", "no", "off"))
_SESSION_VALUE = re.compile(r"[0-9a-f]{24,64}")
_HOST_VALUE = re.compile(r"[a-z0-9-]{1,63}(?:\.[a-z][a-z0-9-]{1,62}){1,4}")


def is_idle(name: str, value: str) -> bool:
    """Whether a query parameter does not help to identify the article: tracking, a session, another rendering."""
    name, value = name.lower(), value.lower()
    if name in _NAMES or name.startswith(_PREFIXES):
        return True
    if name in _SWITCHES and (value in _SET or value in _FORMS):
        return True
    if (
        (name, value) in _FORM_PAIRS
        or name in _FORM_NAMES
        and value in _FORMS
        or name in _DEVICE_NAMES
        and value == "mobile"
    ):
        return True
    if name in ("sid", "s") and _SESSION_VALUE.fullmatch(value):
        return True
    if name not in _CHANNEL_NAMES:
        return False
    first_word = re.split(r"[-_.:|]", value, maxsplit=1)[0]
    return value in _CHANNELS or first_word in _CHANNELS or bool(name == "ref" and _HOST_VALUE.fullmatch(value))


_GOOGLE = r"(?:news\.)?google\.(?:com|[a-z]{2}|com?\.[a-z]{2})"
# Patterns over host (without www. and m.) and path whose group holds the target. The AMP caches: "AMP Cache URL
# format", amp.dev.
CACHES = tuple(
    re.compile(pattern)
    for pattern in (
        r"[^/]{1,253}\.cdn\.ampproject\.org/[a-z]/(?:s/)?(.+)",
        r"[^/]{1,253}\.bing-amp\.com/[a-z]/(?:s/)?(.+)",
        _GOOGLE + r"/amp/(?:s/)?(.+)",
        r"(?:web\.)?archive\.org/web/\d{1,14}(?:[a-z]{2}_)?/(.+)",
        r"[a-z]{1,3}\.rd\.yahoo\.com/.{0,500}?/\*{1,2}(https?(?::|%3A).+)",
        r"r\.search\.yahoo\.com/.{0,500}?/RU=(https?%3A[^/]+)",
        r"urldefense\.(?:com|us)/v3/__(https?:.+?)__;",
        r"archive\.(?:ph|is|today|md|li|vn|fo)/\d{8,14}/(https?:.+)",
    )
)
# Patterns over host and path, and the parameters that may hold the target ("" = all of the query does).
REDIRECTORS = tuple(
    (re.compile(pattern), names)
    for pattern, names in (
        (_GOOGLE + r"/(?:news/)?url$", ("url", "q")),
        (r"(?:[a-z]{1,3}\.)?facebook\.com/(?:l\.php|sharer\.php|sharer/sharer\.php|flx/warn/?)$", ("u",)),
        (r"(?:l|lm)\.(?:facebook|instagram)\.com/", ("u",)),
        (r"bing\.com/news/apiclick\.aspx$", ("url",)),
        (r"(?:twitter|x)\.com/(?:intent/tweet|share|intent/post)$", ("url",)),
        (r"out\.reddit\.com/", ("url",)),
        (r"t\.umblr\.com/redirect$", ("z",)),
        (r"linkedin\.com/(?:redir/redirect|sharearticle|sharing/share-offsite/?)$", ("url",)),
        (r"(?:[a-z0-9-]{1,63}\.)?safelinks\.protection\.outlook\.com/", ("url",)),
        (r"vk\.com/away\.php$", ("to",)),
        (r"slack-redir\.net/link$", ("url",)),
        (r"getpocket\.com/(?:redirect|save)$", ("url",)),
        (r"youtube\.com/redirect$", ("q",)),
        (r"translate\.google\.com/translate$", ("u",)),
        (r"duckduckgo\.com/l/$", ("uddg",)),
        (r"(?:[a-z]{2}\.)?pinterest\.com/pin/create/(?:button|link)/?$", ("url",)),
        (r"t\.me/share/url$", ("url",)),
        (r"flipboard\.com/redirect$", ("url",)),
        (r"steamcommunity\.com/linkfilter/?$", ("url", "u")),
        (r"exit\.sc/$", ("url",)),
        (r"href\.li/$", ("",)),
    )
)
