"""Pairs of addresses that newspapers, agencies and those who link to them use: one article, or two."""

import pytest

from tasks.errors import DatelineError
from tasks.likeness import canonical_url

# What a reader's way to the page, a session or a rendering adds to this address is no part of it.
STORY = "https://herald.example/world/2031/04/01/storm-hits-coast-48213"
ADDED = """
?utm_id=a.b&utm_term=x
?UTM_SOURCE=Daily%20Brief
?utm_source=a;utm_medium=b
?fbclid=IwAR0x_y-z
?gclid=Cj0KC&gad_source=1
?wbraid=1&gbraid=2
?msclkid=ab12
?igshid=abc==
?mc_cid=12ab&mc_eid=77
?_hsenc=p2A&_hsmi=9
?mkt_tok=NDk
?trk=public_post
?ocid=BBDHP&cvid=77aa
?cmpid=BBD040131_TP&sref=x
?ICID=ref_fark
?smid=tw-share
?smid=nytcore-ios-share&referringSource=articleShare
?partner=rss&emc=rss
?at_medium=RSS&at_campaign=KARANGA
?at_link_id=1&at_ptr_name=twitter
?ns_mchannel=social&ns_source=twitter
?wprov=sfti1
?CMP=share_btn_tw
?CMP=Share_iOSApp_Other&ref=rss
?srnd=homepage-europe
?leadSource=uverify%20wall
?taid=605f&utm_campaign=trueAnthem
?xtor=RSS-3208
?xtor=CS1-746
?intcid=inline_amp
?wt_mc=ksp.nl
?wt_zmc=sm.ext.zonaudev.facebook
?sara_ecid=soc_upd_x
?giftCopy=0_Control
?unlocked_article_code=1.AbC.dEf
?accessToken=eyJh
?shareToken=8f1c2
?share=twitter
?replytocom=118
?cx_testId=3&cx_testVariant=cx_2
?pk_campaign=x&pk_kwd=y
?mtm_source=y
?_ga=2.1.2
?__twitter_impression=true
?ref_src=twsrc%5Etfw
?ref_url=https%3A%2F%2Fx.com
?amp=1
?amp
?amp=true&outputType=amp-type
?outputType=amp
?format=amp
?view=mobile
?print=true
?print=print
?printable=1
?mode=print
?layout=print
?tmpl=component&print=1
?service=print
?pagewanted=print
?pagewanted=all
?mobile=on
?PHPSESSID=0f0e0d0c
?jsessionid=88AA
?sid=0123456789abcdef0123456789abcdef
?feature=rss
?src=newsletter
?source=twitter-share
?from=homepage
?rss=yes
?feed=rss2
?no_cache=1
?cachebuster=1712
?spm=a2c.1
?tblci=GiB
?dicbo=v2-1
?li_source=LI&li_medium=m2m
?hootPostID=77
?algTrackingToken=9
?campaign_id=2&emc=edit_th&regi_id=9&segment_id=4
?__cf_chl_tk=x
?
#top
#comments-42
#:~:text=storm%20hits
#Echobox=1711960000
#xtor=AL-32280270
/
//
/index.html
/index.php
/default.aspx
/amp
/amp/
/?amp
/amp/index.html
/print
/print/
;jsessionid=A1B2C3?x=
;JSESSIONID=A1.node2
""".split()


@pytest.mark.parametrize("added", ADDED)
def test_what_is_added_to_an_address(added):
    assert canonical_url(STORY + added).removesuffix("?x=") == STORY


BARE = "herald.example/world/2031/04/01/storm-hits-coast-48213"
QUOTED = "https%3A%2F%2Fherald.example%2Fworld%2F2031%2F04%2F01%2Fstorm-hits-coast-48213"
OTHER_FORMS = f"""
http://{BARE}
//{BARE}
HTTPS://WWW.Herald.Example/world/2031/04/01/storm-hits-coast-48213
http://www.{BARE.replace("example/", "example:80/", 1)}
https://{BARE.replace("example/", "example:443/", 1)}
https://{BARE.replace("example/", "example./", 1)}
https://user:secret@{BARE}
https://m.{BARE}
https://mobile.{BARE}
https://amp.{BARE}
https://touch.{BARE}
https://www.m.{BARE}
https://wap.{BARE}
https://herald.example/amp/world/2031/04/01/storm-hits-coast-48213
https://herald.example/print/world/2031/04/01/storm-hits-coast-48213
https://herald.example/world/2031/04/01/./storm-hits-coast-48213
https://herald.example/world/old/../2031/04/01/storm-hits-coast-48213
https://herald.example//world///2031/04/01/storm-hits-coast-48213
https://herald.example/world/2031/04/01/storm%2dhits%2Dcoast-48213
https://herald.example/%77orld/2031/04/01/storm-hits-coast-48213
https://herald-example.cdn.ampproject.org/c/s/{BARE}
https://herald-example.cdn.ampproject.org/v/s/{BARE}?amp_js_v=0.1&usqp=mq331
https://herald-example.cdn.ampproject.org/c/s/amp.{BARE}/amp
https://www.google.com/amp/s/{BARE}
https://www.google.de/amp/s/amp.{BARE}
https://www.google.com/url?rct=j&sa=t&url={QUOTED}&ct=ga&cd=x
https://www.google.com/url?q={QUOTED}&usg=AO
https://news.google.com/news/url?sa=t&url={QUOTED}
https://www.bing.com/news/apiclick.aspx?ref=FexRss&url={QUOTED}&c=1
https://l.facebook.com/l.php?u={QUOTED}&h=AT
https://lm.facebook.com/l.php?u={QUOTED}%3Ffbclid%3Dx
https://l.instagram.com/?u={QUOTED}&e=AT
https://www.facebook.com/sharer/sharer.php?u={QUOTED}
https://twitter.com/intent/tweet?text=a&url={QUOTED}
https://x.com/intent/post?url={QUOTED}
https://out.reddit.com/t3_x?url={QUOTED}&token=AQ
https://t.umblr.com/redirect?z={QUOTED}&t=x
https://www.linkedin.com/sharing/share-offsite/?url={QUOTED}
https://eur03.safelinks.protection.outlook.com/?url={QUOTED}&data=05
https://vk.com/away.php?to={QUOTED}
https://www.youtube.com/redirect?event=video_description&q={QUOTED}
https://duckduckgo.com/l/?uddg={QUOTED}&rut=1
https://translate.google.com/translate?sl=de&u={QUOTED}
https://web.archive.org/web/20310402000000/https://{BARE}
https://web.archive.org/web/2031/http://www.{BARE}
https://web.archive.org/web/20310402000000if_/{BARE}
https://archive.today/20310402000000/https://{BARE}
https://us.rd.yahoo.com/dailynews/rss/*https://{BARE}
https://us.rd.yahoo.com/SIG=11x/*http%3A//www.{BARE}
https://r.search.yahoo.com/_ylt=A0/RV=2/RE=17/RO=10/RU={QUOTED}/RK=2/RS=x-
https://www.google.com/url?q=https%3A%2F%2Fwww.google.com%2Famp%2Fs%2F{BARE.replace("/", "%2F")}
https://urldefense.com/v3/__https://{BARE}__;!!Ab12!xY$
https://www.pinterest.com/pin/create/button/?url={QUOTED}&media=x
https://t.me/share/url?url={QUOTED}
https://flipboard.com/redirect?url={QUOTED}
https://steamcommunity.com/linkfilter/?url={QUOTED}
https://exit.sc/?url={QUOTED}
https://href.li/?https://{BARE}
""".split()


@pytest.mark.parametrize("form", OTHER_FORMS)
def test_another_form_of_an_address(form):
    assert canonical_url(form) == STORY


# Not the same: what names the article stays, and one who is not known for it cannot pass off another's address.
DIFFERENT = """
https://herald.example/news?id=1 https://herald.example/news?id=2
https://herald.example/?p=11 https://herald.example/?p=12
https://herald.example/?page_id=3 https://herald.example/?page_id=4
https://herald.example/story.php?storyid=5 https://herald.example/story.php?storyid=6
https://herald.example/a.asp?art=5 https://herald.example/a.asp?art=6
https://herald.example/a.aspx?ArticleID=5 https://herald.example/a.aspx?ArticleID=6
https://herald.example/a.cfm?objectid=5 https://herald.example/a.cfm?objectid=6
https://herald.example/item.html?nid=5 https://herald.example/item.html?nid=6
https://herald.example/view?newsid=5&cat=2 https://herald.example/view?newsid=6&cat=2
https://herald.example/index.php?option=com_content&id=5 https://herald.example/index.php?option=com_content&id=6
https://herald.example/index.php?q=node/5 https://herald.example/index.php?q=node/6
https://herald.example/read?sid=5 https://herald.example/read?sid=6
https://herald.example/read?s=5 https://herald.example/read?s=6
https://herald.example/read?m=202604 https://herald.example/read?m=202605
https://herald.example/read?v=aB https://herald.example/read?v=ab
https://herald.example/read?date=2031-04-01 https://herald.example/read?date=2031-04-02
https://herald.example/read?lang=de https://herald.example/read?lang=fr
https://herald.example/read?hl=de&oid=5 https://herald.example/read?hl=fr&oid=5
https://herald.example/live?page=1 https://herald.example/live?page=2
https://herald.example/live?pinned=8 https://herald.example/live?pinned=9
https://herald.example/read?source=reuters https://herald.example/read?source=afp
https://herald.example/read?feed=77 https://herald.example/read?feed=78
https://herald.example/read?ref=A-7 https://herald.example/read?ref=A-8
https://herald.example/read?type=video https://herald.example/read?type=text
https://herald.example/read?format=full https://herald.example/read?format=short
https://herald.example/read?share=7712 https://herald.example/read?share=7713
https://herald.example/read?mode=1 https://herald.example/read?mode=2
https://herald.example/2031/a-storm https://herald.example/2031/a-Storm
https://herald.example/2031/a-storm https://herald.example/2031/a-storm-2
https://herald.example/2031/a-storm.html https://herald.example/2031/a-storm-2.html
https://herald.example/de/a-storm https://herald.example/fr/a-storm
https://de.herald.example/a-storm https://fr.herald.example/a-storm
https://news.herald.example/a-storm https://herald.example/a-storm
https://herald.example/a-storm https://herald.example.net/a-storm
https://herald.example:8080/a https://herald.example/a
https://herald.example/mobile/new-phone-7 https://herald.example/new-phone-7
https://herald.example/reviews/amp https://herald.example/reviews
https://herald.example/art/print https://herald.example/art
https://herald.example/index/2031 https://herald.example/2031
https://herald.example/a%2fb-c https://herald.example/a/b-c
https://herald.example/a?x=%26y https://herald.example/a?x=&y
https://herald.example/#/story/1 https://herald.example/#/story/2
https://herald.example/#!story-1 https://herald.example/#!story-2
https://m.at/a-storm https://at/a-storm
https://amp.dev/a-storm https://dev/a-storm
https://m.com.au/a-storm https://com.au/a-storm
https://copy.example/url?url=https%3A%2F%2Fherald.example%2Fa https://herald.example/a
https://copy.example/amp/s/herald.example/a-storm https://herald.example/a-storm
https://copy.example/out/*https://herald.example/a-storm https://herald.example/a-storm
https://copy.example/web/20310401/https://herald.example/a-storm https://herald.example/a-storm
https://www.google.com/search?q=https%3A%2F%2Fherald.example%2Fa https://herald.example/a
https://www.youtube.com/watch?v=abc https://www.youtube.com/watch?v=abd
https://www.facebook.com/photo.php?fbid=1 https://www.facebook.com/photo.php?fbid=2
https://news.ycombinator.example/item?id=1 https://news.ycombinator.example/item?id=2
""".strip().splitlines()


@pytest.mark.parametrize("pair", DIFFERENT)
def test_two_articles_have_two_addresses(pair):
    one, other = pair.split(" ")
    try:
        assert canonical_url(one) != canonical_url(other)
    except DatelineError as fault:  # a host such as "at" alone is no address to share
        assert fault.reason == "bad_url"


DECLARED = """
https://herald.example/a-storm-7?x=1 https://herald.example/a-storm-7 https://herald.example/a-storm-7
https://herald.example/s/7 https://herald.example/world/a-storm-7 https://herald.example/world/a-storm-7
https://amp.herald.example/s/7 https://www.herald.example/a-storm-7 https://herald.example/a-storm-7
https://m.herald.example/s/7 http://herald.example/a-storm-7?utm_source=x https://herald.example/a-storm-7
https://herald.example/a-storm-7/2 /a-storm-7 https://herald.example/a-storm-7
https://herald.example/world/a-storm-7 ../sport/a-storm-7 https://herald.example/sport/a-storm-7
https://herald.example/a-storm-7 ?id=7 https://herald.example/a-storm-7?id=7
https://herald.example/a-storm-7 //herald.example/b-7 https://herald.example/b-7
https://herald.example/a-storm-7 #top https://herald.example/a-storm-7
https://herald.example/a-storm-7 https://herald.example https://herald.example/a-storm-7
https://herald.example/a-storm-7 https://www.herald.example/index.html https://herald.example/a-storm-7
https://herald.example/world/a-storm-7 https://herald.example/world/ https://herald.example/world/a-storm-7
https://herald.example/world/eu/a-storm-7 https://herald.example/world https://herald.example/world/eu/a-storm-7
https://herald.example/a-storm-7 https://agency.example/a-storm-7 https://herald.example/a-storm-7
https://blog.herald.example/a-storm-7 https://herald.example/a-storm-7 https://blog.herald.example/a-storm-7
https://herald.example/a-storm-7 http://localhost/a-storm-7 https://herald.example/a-storm-7
https://herald.example/a-storm-7 javascript:void(0) https://herald.example/a-storm-7
https://herald.example/a-storm-7 null https://herald.example/a-storm-7
https://herald.example/a-storm-7 undefined https://herald.example/a-storm-7
https://herald.example/a-storm-7 http:// https://herald.example/a-storm-7
https://herald.example/a-storm-7 {{canonical}} https://herald.example/a-storm-7
https://herald.example/a-storm-7 %%canonical%% https://herald.example/a-storm-7
https://herald.example/read?id=7 https://herald.example/read https://herald.example/read?id=7
https://herald.example/?p=7 https://herald.example/ https://herald.example/?p=7
https://herald.example/2031/04/a-storm-7 https://herald.example/404 https://herald.example/2031/04/a-storm-7
https://herald.example/2031/04/a-storm-7 https://herald.example/error https://herald.example/2031/04/a-storm-7
https://herald.example/2031/04/a-storm-7 https://herald.example/login?next=x https://herald.example/2031/04/a-storm-7
""".strip().splitlines()


@pytest.mark.parametrize("told", DECLARED)
def test_whether_a_page_is_believed_on_its_address(told):
    url, declared, expected = told.split(" ")
    assert canonical_url(url, declared=declared) == expected


@pytest.mark.parametrize("url", [*OTHER_FORMS, *(STORY + added for added in ADDED), *" ".join(DIFFERENT).split()])
def test_the_form_is_its_own(url):
    try:
        once = canonical_url(url)
    except DatelineError:
        return
    assert canonical_url(once) == once
