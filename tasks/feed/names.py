"""Which of feedparser's names for elements the quick reader may pass over, and which it must not.

Names only, with feedparser's prefixes: ``dc_date``. What the others mean is known in ``tasks.feed.quick``.
"""

from feedparser.api import StrictFeedParser

IN_IMAGE = frozenset({"title", "link", "description", "url", "href", "width", "height"})
IN_PERSON = frozenset({"name", "email", "uri", "url", "homepage", "itunes_name", "itunes_email", "gd_image"})
IN_SOURCE = frozenset(
    {"id", "title", "link", "updated", "icon", "logo", "rights", "subtitle", "category", "generator", "published"},
)
# feedparser has rules for these, but what it makes of them, in a feed or in an entry, is not read.
UNREAD = frozenset(
    "subtitle tagline itunes_subtitle rights copyright dc_rights generator admin_generatoragent admin_errorreportsto "
    "webmaster dc_publisher cloud info feedburner_browserfriendly dc_contributor expirationdate dcterms_valid "
    "itunes_block itunes_explicit media_rating media_credit media_restriction media_license media_player "
    "georss_point georss_line georss_polygon georss_box cc_license creativecommons_license "
    # The next are unread only beside entries; what an entry's table has comes first within them.
    "published issued pubdate dcterms_issued updated modified lastbuilddate dc_date dcterms_modified created "
    "dcterms_created dc_creator dc_author itunes_author category keywords dc_subject media_category media_keywords "
    "itunes_keywords enclosure media_thumbnail itunes_image itunes_link".split()
)
UNREAD_TREES = {"psc_chapters": frozenset({"psc_chapter"})}
# Keys that are read, under any name that feedparser knows for them: an element of that name would be taken for one.
MINDED = frozenset(
    "published published_parsed updated updated_parsed created created_parsed guidislink id guid link links content "
    "summary summary_detail description description_detail title title_detail author authors author_detail tags date "
    "date_parsed issued modified url href image media_content media_thumbnail language feedburner_origlink channel "
    "items entries svg math xhtml_svg".split()
)


def is_handled(name: str) -> bool:
    return hasattr(StrictFeedParser, f"_start_{name}") or hasattr(StrictFeedParser, f"_end_{name}")
