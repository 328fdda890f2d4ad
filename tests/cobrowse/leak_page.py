"""A page with a secret in every place from which mirrors are known to leak (docs/cobrowse.md), at load and by later changes."""
# ruff: noqa: E501  the page's own lines are as long as they are

import re

CARD, IBAN, BSN = "4111 1111 1111 1111", "NL91 ABNA 0417 1643 00", "111222333"

_HTML = """<!doctype html><html lang="nl"><head><meta charset="utf-8"><title>@title@</title>
<meta name="csrf-token" content="@metacsrf@"><meta name="user" content="@metauser@"><base target="_self">
<style>
.banner::before { content: "@csscontent@"; }
.banner { background: url(/none.png?token=@cssurl@); --session: "@csscustom@"; }
.titled::after { content: attr(title) attr(data-secret); }
[data-state=open] { color: green; } [data-state] { font-weight: bold }
</style>
<style>@import url("/imported.css?token=@cssimport@");</style>
<script type="application/json" id="state">{"user": "@scriptjson@"}</script>
<script>window.secret = "@scripttext@";</script>
<noscript>@noscript@</noscript>
</head><body data-balie-user="@databalie@">
<!-- @comment@ -->
<h1>Welkom</h1><p class="banner @classname@" id="@idname@" data-user="@dataattr@" data-state="@datastate@">Zichtbaar</p>
<p class="titled" title="@titleattr@" aria-label="@arialabel@" aria-valuetext="@ariavaluetext@" aria-describedby="@ariadesc@" role="@role@" lang="@lang@">x</p>
<p style="--token: @inlinecustom@; background: url(/x.png?q=@inlineurl@); content: '@inlinecontent@'">y</p>
<p onclick="go('@handler@')" nonce="@nonce@" itemid="@itemid@" slot="@slot@" part="@part@" dir="@dir@" align="@align@" bgcolor="@bgcolor@" aria-current="@ariacurrent@">z</p>
<img src="/art.png?token=@imgsrc@" srcset="/art2.png?token=@imgsrcset@ 2x" alt="@imgalt@" longdesc="@longdesc@" width="20" height="20">
<img src="data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'><text>@imgsvg@</text></svg>" width="20" height="20">
<picture><source srcset="/p.png?token=@sourcesrcset@" media="print"><img src="/p2.png?t=@picturesrc@" alt="" width="9" height="9"></picture>
<a href="/reset?token=@linkhref@#@linkhash@" ping="/p?@ping@" download="@download@" target="@target@">Link</a>
<form action="/save?session=@formaction@"><input type="hidden" name="a" value="@hidden@"><input name="@fieldname@" value="@valueattr@" placeholder="@placeholder@">
<input type="password" value="@password@" id="pw"><input type="password" value="@passwordcleared@" id="pwclear">
<input autocomplete="cc-number" value="@ccnumber@" data-balie-show><input autocomplete="one-time-code" value="@otp@" data-balie-show>
<input name="bsn" value="@bsnfield@" data-balie-show><input name="iban" value="@ibanfield@" data-balie-show>
<input id="cardish" data-balie-show><input type="password" id="reveal" name="geheim" data-balie-show>
<input name="x" class="secured" value="@textsecurity@" data-balie-show style="-webkit-text-security: disc">
<input type="checkbox" value="@checkboxvalue@" checked><input type="radio" value="@radiovalue@" checked>
<input type="submit" value="@submitvalue@" formaction="/f?@formaction2@"><input type="button" value="@buttonvalue@"><button value="@buttonelement@" name="@buttonname@">Knop</button>
<input type="email" value="@email@" list="list" pattern="@pattern@"><datalist id="list"><option value="@datalist@" label="@datalistlabel@">@datalisttext@</option></datalist>
<textarea placeholder="@areaplaceholder@">@textarea@</textarea>
<select><optgroup label="@optgroup@"><option value="@optionvalue@" label="@optionlabel@">@optiontext@</option></optgroup></select>
<div contenteditable>@contenteditable@</div><div role="textbox">@roletextbox@</div>
<div contenteditable="false"><div contenteditable="plaintext-only">@plaintextonly@</div></div></form>
<template><p>@template@</p></template><object data="/o?@object@"><p>@objectinner@</p></object><embed src="/e?@embed@">
<video poster="/v.png?@poster@" src="/v.mp4?@videosrc@"><track src="/t?@track@"><p>@videoinner@</p></video><audio src="/a?@audio@"></audio>
<canvas id="canvas">@canvasinner@</canvas>
<svg width="9" height="9"><title>@svgtitle@</title><desc>@svgdesc@</desc><metadata>@svgmeta@</metadata><style>.q{content:"@svgstyle@"}</style>
<script>/* @svgscript@ */</script><image href="/i?@svgimage@"/><use href="/s.svg?@svguse@#x"/><use href="/leaky.svg?@spriteaddress@#icon"/><a href="/l?@svglink@"><text>ok</text></a></svg>
<div data-balie-mask title="@maskedtitle@"><p>@maskedtext@</p><input value="@maskedinput@" data-x="@maskeddata@"><div id="maskhost"></div><iframe src="/leaky-inner?maskframe"></iframe>
<progress value="0.123" max="1"></progress><svg><use href="/leaky.svg?@spriteaddress@#masked"/></svg></div>
<div data-balie-block><p>@blockedtext@</p><div id="blockhost"></div><iframe src="/leaky-inner?blockframe"></iframe><input id="blockedinput"><svg><use href="/leaky.svg?@spriteaddress@#blocked"/></svg></div>
<section class="prive"><p>@policymasked@</p></section><section class="dicht">@policyblocked@</section>
<iframe id="inner" srcdoc="&lt;p title='@srcdoctitle@'&gt;Binnen&lt;/p&gt;&lt;input type=password value='@srcdocpassword@'&gt;" name="@framename@" title="@frametitle@"></iframe>
<x-card token="@customattr@" data-token="@customdata@"><p>kaart</p></x-card><div id="host"></div>
<p>Kaart @CARD@, rekening @IBAN@ en nummer @BSN@.</p><p class="spread"><span>4111</span><span>1111</span><span>1111</span><span>1111</span></p>
<dialog id="dialog" title="@dialogtitle@"><p>Venster</p><input value="@dialoginput@"></dialog>
<p id="late">niets</p><div id="into"></div><p id="selection">Kies</p><balie-widget>@ownwindow@</balie-widget>
<script src="/leaky.js"></script></body></html>"""

_SCRIPT = """
const make = (host, html, mode = 'open') => { host.attachShadow({mode}).innerHTML = html; };
make(document.getElementById('host'), '<p title="@shadowtitle@">Schaduw</p><input value="@shadowinput@"><!-- @shadowcomment@ --><style>p::before{content:"@shadowcss@"}</style>');
make(document.getElementById('maskhost'), '<p>@maskedshadow@</p><textarea>@maskedshadowfield@</textarea>');
make(document.getElementById('blockhost'), '<p>@blockedshadow@</p><input value="@blockedshadowfield@">');
const closed = document.createElement('div'); document.body.append(closed); make(closed, '<p>@closedshadow@</p>', 'closed');
document.getElementById('pwclear').value = '';
document.getElementById('cardish').value = '@CARD@';
document.getElementById('reveal').value = '@revealed@';
const sheet = new CSSStyleSheet(); sheet.replaceSync('#late::after{content:"@adoptedcss@"}'); document.adoptedStyleSheets = [sheet];
history.replaceState(null, '', '?session=@urlquery@#@urlhash@');
window.change = () => {
  const by = (id) => document.getElementById(id);
  by('reveal').type = 'text'; by('reveal').value = '@revealedlater@';
  const again = by('reveal').cloneNode(); again.value = '@remounted@'; by('into').append(again);
  by('blockedinput').value = '@blockedtyped@';
  document.querySelector('textarea').value = '@typed@';
  document.querySelector('[name="@fieldname@"]').setAttribute('value', '@latevalueattr@');
  by('pw').setAttribute('value', '@latepassword@'); by('pw').value = '';
  by('late').title = '@latetitle@'; by('late').setAttribute('data-user', '@latedata@'); by('late').setAttribute('style', '--t: @latestyle@');
  by('late').append(document.createComment('@latecomment@'));
  const hidden = document.createElement('input'); hidden.type = 'hidden'; hidden.value = '@latehidden@'; by('into').append(hidden);
  const ghost = document.createElement('input'); ghost.value = '@latefield@'; by('into').append(ghost);
  const masked = document.createElement('p'); masked.className = 'prive'; masked.textContent = '@latemasked@'; by('into').append(masked);
  const inside = document.createElement('p'); inside.textContent = '@lateinmask@'; document.querySelector('[data-balie-mask]').append(inside);
  by('maskhost').shadowRoot.append('@lateinmaskedshadow@'); by('blockhost').shadowRoot.append('@lateinblockedshadow@');
  document.querySelector('[contenteditable]').append('@lateedit@');
  sheet.insertRule('#late::before{content:"@insertedrule@"}'); document.title = '@latetitletag@';
  history.pushState(null, '', '/leaky?next=@laterquery@#@laterhash@');
  by('inner').contentDocument.body.insertAdjacentHTML('beforeend', '<p data-q="@innerlate@">later</p><input value="@innerfield@">');
  by('dialog').showModal(); by('dialog').close('@returnvalue@');
  by('selection').contentEditable = 'true'; by('selection').append('@editedlater@');
  by('pw').focus(); document.dispatchEvent(new CustomEvent('x', {detail: '@event@'})); document.cookie = 'sid=@cookie@'; localStorage.setItem('k', '@storage@');
};
"""
_INNER = """<!doctype html><title>@innertitle@</title><p>@innertext@</p><input value="@innervalue@">"""
_SPRITE = """<svg xmlns="http://www.w3.org/2000/svg"><!-- @spritecomment@ --><style>.q{content:"@spritestyle@"}</style>
<symbol id="icon" viewBox="0 0 9 9" aria-label="@spritelabel@" data-x="@spritedata@" class="@spriteclass@"><title>@spritetitle@</title><desc>@spritedesc@</desc>
<metadata>@spritemeta@</metadata><script>/* @spritescript@ */</script><g id="@spriteid@" onclick="@spritehandler@"><path d="M0 0h9v9z" style="--q: @spriteinline@"/></g>
<image href="/i?@spriteimage@"/><a href="/l?@spritelink@"/><use href="/s.svg?@spritenested@#x"/><foreignObject><p xmlns="http://www.w3.org/1999/xhtml">@spriteforeign@</p></foreignObject></symbol>
<symbol id="masked"><text>@spritemasked@</text></symbol><symbol id="blocked"><text>@spriteblocked@</text></symbol><text>@spriteunused@</text></svg>"""
IMPORTED = ".imported{color:red}"
POLICY = {"version": 1, "text": "show", "mask": [".prive"], "block": [".dicht"]}


def token(place: str) -> str:
    """Letters only, as a surname would be: nothing about its shape may be what saves it."""
    return "kanarie" + place


def _filled(text: str) -> str:
    for name, value in (("CARD", CARD), ("IBAN", IBAN), ("BSN", BSN)):
        text = text.replace(f"@{name}@", value)
    return re.sub(r"@([a-z0-9]+)@", lambda it: token(it[1]), text)


PAGE, SCRIPT, INNER, SPRITE = _filled(_HTML), _filled(_SCRIPT), _filled(_INNER), _filled(_SPRITE)
PLACES = sorted({*re.findall(r"@([a-z0-9]+)@", _HTML + _SCRIPT + _INNER + _SPRITE)})
LABELS = [
    "areaplaceholder", "arialabel", "buttonvalue", "dialogtitle", "frametitle", "imgalt", "latetitle", "placeholder",
    "shadowtitle", "spritelabel", "srcdoctitle", "submitvalue", "titleattr",
]  # fmt: skip
"""Places that people read as a label of something: shown where the policy has `labels`."""
NUMBERS = [CARD, CARD.replace(" ", ""), IBAN, IBAN.replace(" ", ""), BSN]


def leaked(wire: bytes) -> list[str]:
    """The places whose secret is in these bytes."""
    found = [place for place in PLACES if re.search(token(place).encode() + rb"(?![a-z0-9])", wire)]
    found += [number for number in NUMBERS if number.encode() in wire]
    return found + (["spread"] if wire.count(b"1111") > 0 else [])
