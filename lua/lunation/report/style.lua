-- SPDX-License-Identifier: GPL-3.0-or-later
-- style: the style sheet of the HTML report: light and dark, wide and narrow, screen and paper.
local LIGHT =
  "--ink:#1b1f24;--soft:#565e66;--paper:#fff;--panel:#f5f7f8;--rule:#d5dade;--link:#005a8c;"
  .. "--warn:#9a4300;--warn-bg:#fff4ea;--sim:#7a3b00;--sim-bg:#ffe9c7;--info-bg:#eef5fa;--info:#005a8c;"
local DARK =
  "--ink:#e8eaed;--soft:#a9b1b8;--paper:#15181c;--panel:#1d2227;--rule:#3a4149;--link:#7cc4f0;"
  .. "--warn:#ffb27a;--warn-bg:#33231a;--sim:#ffd9a0;--sim-bg:#402c0e;--info-bg:#1a2730;--info:#8fd0f5;"

local BASE = [[
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-padding-top:3rem}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 "Helvetica Neue",Helvetica,Arial,
"Liberation Sans","Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif}
a{color:var(--link)}a:focus-visible,summary:focus-visible,.x:focus-visible{outline:2px solid var(--link);outline-offset:2px}
header,main,footer{max-width:47rem;margin:0 auto;padding:0 1.25rem}
h1{font-size:1.9rem;line-height:1.2;margin:2.2rem 0 .4rem;letter-spacing:-.015em;text-wrap:balance}
.sub{color:var(--soft);font-size:1.05rem;margin:0 0 1.2rem}
h2{font-size:1.35rem;line-height:1.3;margin:3rem 0 .8rem;padding-top:1rem;border-top:1px solid var(--rule)}
h3{font-size:1.08rem;margin:2rem 0 .6rem}
p,ul{margin:.7rem 0}ul{padding-left:1.2rem}
code,pre{font:.86em/1.5 ui-monospace,SFMono-Regular,Consolas,"Liberation Mono",monospace}
code{background:var(--panel);padding:.1em .3em;border-radius:3px}
pre{background:var(--panel);padding:.8rem 1rem;border-radius:6px;overflow-x:auto}
.sim{position:sticky;top:0;z-index:2;margin:0;padding:.45rem 1.25rem;background:var(--sim-bg);color:var(--sim);
font-weight:600;text-align:center;font-size:.92rem}
nav{font-size:.92rem}nav ol{list-style:none;margin:0;padding:0}nav li{margin:.3rem 0}nav .l3{padding-left:1rem}
nav a{text-decoration:none}nav a:hover{text-decoration:underline}
nav summary{font-weight:600;cursor:pointer}
figure{margin:1.8rem 0}
figcaption{margin:0 0 .6rem;font-size:.95rem}figcaption b{margin-right:.35em}
.x{overflow-x:auto}
table{border-collapse:collapse;font-size:.88rem;line-height:1.4;font-variant-numeric:tabular-nums;
min-width:min(100%,30rem)}
thead{border-top:1.5px solid var(--ink);border-bottom:1px solid var(--ink)}tbody{border-bottom:1.5px solid var(--ink)}
th,td{padding:.32rem 1.3rem .32rem 0;text-align:left;vertical-align:baseline;font-weight:400}
th:last-child,td:last-child{padding-right:.2rem}
thead th{font-weight:600;vertical-align:bottom;word-break:keep-all}
thead .g{text-align:center;border-bottom:1px solid var(--rule);padding-bottom:.15rem}
.r,.d{text-align:right;white-space:nowrap}.c{text-align:center}
thead .r,thead .d{white-space:normal}.w{white-space:nowrap}
.d i{display:inline-block;text-align:left;font-style:normal;white-space:pre}
tbody tr+tr:not(.h)>*{border-top:1px solid color-mix(in srgb,var(--rule) 45%,transparent)}
.h>th{font-weight:600;padding-top:.75rem}.s>*{font-weight:600}.q>*{color:var(--soft)}
.i1>:first-child{padding-left:1.1rem}.i2>:first-child{padding-left:2.2rem}
.n{margin:.5rem 0 0;font-size:.84rem;line-height:1.45;color:var(--soft)}
.x>svg{display:block;width:100%;max-width:calc(var(--w)*1.1);height:auto;min-width:calc(var(--w)*.875)}
.get{font-size:.82rem;color:var(--soft);margin:.4rem 0 0}.get a{margin-right:1em}
details{margin:.6rem 0;font-size:.92rem}
summary{cursor:pointer;color:var(--soft);width:fit-content}summary:hover{color:var(--ink)}
details[open]>summary{margin-bottom:.4rem}
details.how>:not(summary){margin-left:1rem}
.note{border-left:4px solid var(--info);background:var(--info-bg);padding:.6rem 1rem;border-radius:0 6px 6px 0}
.note b{color:var(--info);margin-right:.35em}
.note.warning{border-color:var(--warn);background:var(--warn-bg)}.note.warning b{color:var(--warn)}
dl{margin:.8rem 0}dd{margin:0}
dl.list,dl.box{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1.2rem;font-size:.9rem}
dl.list dt,dl.box dt{color:var(--soft)}dl.list dd,dl.box dd{overflow-wrap:anywhere}
dl.box{border:1px solid var(--rule);border-radius:8px;padding:1rem 1.2rem}
dl.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(10rem,1fr));gap:.8rem}
dl.cards div{display:flex;flex-direction:column-reverse;justify-content:flex-end;background:var(--panel);
border-radius:8px;padding:.8rem 1rem}
dl.cards dd{font-size:1.2rem;white-space:nowrap;font-weight:600;line-height:1.3;font-variant-numeric:tabular-nums}
dl.cards dt{font-size:.84rem;color:var(--soft)}
footer{margin-top:3rem;padding-bottom:3rem;color:var(--soft);font-size:.86rem}
@media(min-width:78rem){body{display:grid;grid-template-columns:17rem minmax(0,49rem);justify-content:center;column-gap:2rem}
body>*{grid-column:2;width:100%}.sim{grid-column:1/-1}
nav{grid-column:1!important;grid-row:2/span 9;position:sticky;top:3rem;align-self:start;max-height:calc(100vh - 4rem);
overflow-y:auto;padding:2.6rem 0 1rem}}
@media(max-width:77.99rem){nav{max-width:47rem;margin:0 auto;padding:0 1.25rem}nav ol{columns:2 16rem}}
@media(max-width:36rem){body{font-size:15px}h1{font-size:1.5rem}dl.list,dl.box{grid-template-columns:1fr;gap:0}
dl.list dd,dl.box dd{margin-bottom:.5rem}
th,td{padding-right:.9rem}td:first-child,th:first-child{min-width:8.5rem}}
]]

local PRINT = [[
@page{margin:20mm 16mm 18mm;@bottom-right{content:counter(page) " / " counter(pages);font:9pt sans-serif;color:#555}}
@media print{pre{white-space:pre-wrap;overflow-wrap:anywhere}body{display:block;font-size:10pt}header,main,footer{max-width:none;padding:0}nav,.get,.data{display:none}
.sim{position:static}h2,h3,figcaption{break-after:avoid}figure,tr,.note,dl.cards div{break-inside:avoid}
figure.t{break-inside:auto}h2{margin-top:1.6rem}.x{overflow:visible}.x>svg{min-width:0;margin:0 auto}
details::details-content{content-visibility:visible;block-size:auto}a{color:inherit;text-decoration:none}}
]]

local function squeeze(css)
  return (css:gsub("\n", ""))
end

local style = {}

style.REPORT = squeeze(":root{color-scheme:light dark;" .. LIGHT
  .. "}@media screen and (prefers-color-scheme:dark){:root{"
  .. DARK .. "}}" .. BASE .. PRINT)

--- A sentence at the head of every printed page.
function style.running_head(text)
  return '@page{@top-center{content:"' .. text:gsub('[\\"]', "\\%0"):gsub("[\n<]", " ")
    .. '";font:bold 9pt sans-serif;color:#7a3b00}}'
end

return style
