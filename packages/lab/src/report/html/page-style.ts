/** The page's own style; colours are the charts' variables. */
export const PAGE_CSS = `
*{box-sizing:border-box}
html{scroll-behavior:smooth;-webkit-text-size-adjust:100%}
@media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
body{margin:0;background:var(--wash);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;overflow-wrap:break-word}
a{color:var(--link);text-underline-offset:2px}
a:focus-visible,button:focus-visible,summary:focus-visible,.scroll:focus-visible{outline:2px solid var(--link);outline-offset:2px;border-radius:4px}
.skip{position:absolute;left:-9999px}.skip:focus{left:16px;top:8px;background:var(--card);padding:6px 10px;z-index:9}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.wrap{max-width:1120px;margin:0 auto;padding:0 20px}
header.top{background:var(--card);border-bottom:1px solid var(--line)}
header.top .wrap{display:flex;align-items:center;gap:16px;min-height:56px}
.brand{font-weight:700;letter-spacing:-.01em}.brand span{color:var(--muted);font-weight:400;margin-left:8px}
header.top button{margin-left:auto;font:inherit;font-size:14px;color:var(--ink);background:none;border:1px solid var(--line);border-radius:8px;padding:5px 12px;cursor:pointer}
nav.toc{display:flex;flex-wrap:wrap;gap:4px 18px;padding:14px 0 0;font-size:14px}
nav.toc a{color:var(--muted);text-decoration:none}nav.toc a:hover{color:var(--ink);text-decoration:underline}
.banner{max-width:none;margin:20px 0 0;padding:12px 16px;border-radius:10px;font-weight:600;color:var(--ink);background:color-mix(in srgb,var(--warn) 14%,var(--card));border:1px solid var(--warn)}
section{background:var(--card);border:1px solid var(--line);border-radius:14px;padding:24px 28px;margin:20px 0}
h1{font-size:clamp(21px,3vw,27px);line-height:1.3;letter-spacing:-.015em;margin:12px 0 10px;text-wrap:balance}
h2{font-size:20px;letter-spacing:-.01em;margin:0 0 4px}
h3{font-size:16px;margin:26px 0 6px}h3:first-of-type{margin-top:14px}
p{margin:8px 0;max-width:76ch}.lead{font-size:17px}.clauses{padding-left:20px;margin:6px 0 12px;font-size:16.5px}.clauses li{margin:6px 0;max-width:80ch}.kicker{color:var(--muted);font-size:13px;font-weight:600;margin:14px 0 0}.note{color:var(--muted);font-size:14.5px}
.verdict{border-left:5px solid var(--tone)}
.pill{display:inline-block;font-size:12px;font-weight:700;letter-spacing:.04em;padding:2px 9px;border-radius:99px;border:1px solid currentColor;white-space:nowrap}
.good{color:var(--good)}.bad{color:var(--bad)}.warn{color:var(--warn)}
.ranks{list-style:none;display:flex;flex-wrap:wrap;gap:10px;padding:0;margin:16px 0 4px}
.ranks li{border:1px solid var(--line);border-radius:10px;padding:7px 12px;font-size:14.5px}
.ranks b{color:var(--muted);margin-right:8px;font-variant-numeric:tabular-nums}
.ranks li:first-child{border-color:var(--good)}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:10px 24px;margin:18px 0 0;padding:14px 0 0;border-top:1px solid var(--line);font-size:14.5px}
.facts dt{color:var(--muted);font-size:13px}.facts dd{margin:0}
.scroll{overflow-x:auto;margin:10px -6px;padding:0 6px}
table{border-collapse:collapse;width:100%;font-size:14.5px;font-variant-numeric:tabular-nums}
th,td{padding:9px 9px;text-align:right;vertical-align:top;border-bottom:1px solid var(--line);white-space:nowrap}
tbody th,th.w,td.w{text-align:left;white-space:normal;min-width:9em}th .stack{white-space:nowrap}
thead th{color:var(--muted);font-weight:500;font-size:13px;vertical-align:bottom}
tbody tr:last-child>*{border-bottom:0}
tbody th{font-weight:600}
th a.def{color:inherit;text-decoration:underline dotted}
tbody a{color:inherit;text-decoration:none;display:inline-block}tbody a:hover{text-decoration:underline dotted}
tbody small{display:block;color:var(--muted);font-size:12.5px}
.best{font-weight:700}.none{color:var(--muted)}
.swatch{display:inline-block;width:10px;height:10px;border-radius:3px;margin-right:8px;background:var(--c)}
figure{margin:18px 0 8px}figcaption{font-weight:600;font-size:15px;margin-bottom:4px}
svg.chart{display:block;width:100%;min-width:560px;max-width:900px;height:auto}
details{margin:6px 0;font-size:14.5px}summary{cursor:pointer;color:var(--muted)}
pre{background:var(--wash);border:1px solid var(--line);border-radius:10px;padding:12px 14px;overflow-x:auto;font-size:14px;white-space:pre-wrap;word-break:break-word}
code{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
ul.plain{padding-left:20px;margin:8px 0}li{margin:3px 0}
.why{display:grid;gap:14px;margin:14px 0}.why article{border:1px solid var(--line);border-radius:10px;padding:12px 16px}.why h4{margin:0 0 4px;font-size:15px}.why p{margin:4px 0;font-size:15px}
dl.glossary{margin:10px 0}dl.glossary dt{font-weight:600;margin-top:14px;scroll-margin-top:12px}dl.glossary dd{margin:2px 0 0;max-width:76ch}dl.glossary dt:target{color:var(--link)}
.tip{position:fixed;z-index:10;max-width:300px;pointer-events:none;background:var(--ink);color:var(--paper);font-size:13px;line-height:1.4;padding:6px 10px;border-radius:7px}
.tip[hidden]{display:none}
footer{color:var(--muted);font-size:13.5px;padding:4px 0 40px}
@media (max-width:600px){.wrap{padding:0 12px}section{padding:18px 16px;border-radius:12px}th,td{padding:8px}}
@media print{body{background:#fff;font-size:12px}.toc,.skip,header.top button,.tip{display:none}section{border:0;border-top:1px solid var(--line);border-radius:0;padding:12px 0;margin:8px 0}figure,tr,.why article{break-inside:avoid}h2,h3,figcaption{break-after:avoid}.scroll{overflow:visible}svg.chart{min-width:0;max-width:640px}a{color:inherit;text-decoration:none}.verdict{border-left:5px solid var(--tone);padding-left:14px}}
`.replaceAll('\n', '');
