"""A page with one of everything, to be changed in every way."""
# ruff: noqa: E501  the page's own lines are as long as they are

LIVE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Live</title>
<link rel="stylesheet" href="/live.css"></head><body>
<main id="main"><h1 id="title">Live</h1><ul id="list"></ul>
<div id="host"></div><x-late id="late"></x-late><iframe id="frame" src="/live-inner"></iframe>
<form id="form"><label for="name">Name</label><input id="name" data-balie-show><input id="masked"><input id="pw" type="password" data-balie-show>
<select id="select" data-balie-show><option>One</option><option value="2">Two</option><option disabled>Three</option></select>
<label><input type="checkbox" id="box" data-balie-show>Check</label><button type="submit" id="submit">Next</button></form>
<button type="button" id="plain">Show more</button><button type="button" id="pay">Betalen</button><button type="button" id="kept" data-balie-nocontrol>Kept</button>
<a id="blank" href="/x" target="_blank">Elsewhere</a><a id="mail" href="mailto:a@b.nl">Mail</a><button type="button" id="off" disabled>Off</button>
<div data-balie-block><button type="button" id="blocked">Blocked</button></div><div id="editor" contenteditable>Editor</div>
<button type="button" id="under">Under</button><div id="scroller"><div id="tall">Tall</div></div>
<dialog id="dialog"><p>Dialog</p></dialog><div id="pop" popover>Popover</div>
<svg id="drawing" viewBox="0 0 10 10" width="40" height="40"><circle cx="5" cy="5" r="4" fill="#0a0"/></svg><canvas id="canvas" data-balie-canvas width="20" height="20"></canvas>
</main></body></html>"""
CSS = "#host{color:rgb(1,2,3)} #scroller{height:60px;overflow:auto} #tall{height:900px} .on{color:rgb(9,8,7)} .later{color:rgb(4,5,6)} p:first-child{margin:1px}"
INNER = (
    "<!doctype html><html><head><meta charset='utf-8'></head><body><p id='inside'>Inside</p></body></html>"
)
