#include "plumbline/report/page_style.h"

#include <fmt/format.h>

namespace plumbline::report {
namespace {

constexpr Palette kLight = {
    .background = "#ffffff",
    .ink = "#1a1d21",
    .muted = "#59626c",
    .rule = "#d3d8de",
    .link = "#0b5394",
    .shown = "#a33800",
    .none = "#00664c",
    .unknown = "#6b5200",
    .shown_tint = "#fdf2ec",
    .none_tint = "#edf6f3",
    .unknown_tint = "#faf6e8",
    .series = {"#1a1d21", "#0072b2", "#b84a00", "#00755a", "#a3407f", "#8a5c00",
               "#4a55b5", "#59626c"}};

constexpr Palette kDark = {
    .background = "#14171b",
    .ink = "#e6e9ec",
    .muted = "#a7b0ba",
    .rule = "#3a424b",
    .link = "#7db8ee",
    .shown = "#ff9d70",
    .none = "#58cfa8",
    .unknown = "#e3c45c",
    .shown_tint = "#2b1d16",
    .none_tint = "#14251f",
    .unknown_tint = "#272314",
    .series = {"#e6e9ec", "#56b4e9", "#f0813a", "#2bc49a", "#e39ac6", "#e6a520",
               "#9fa8ff", "#f0e442"}};

constexpr std::array<Shade, 6> kShades = {{{"#eff4f9", "#14181c"},
                                           {"#d5e4f1", "#14181c"},
                                           {"#aecbe4", "#14181c"},
                                           {"#7fadd3", "#14181c"},
                                           {"#2f6fa6", "#ffffff"},
                                           {"#123f6b", "#ffffff"}}};

// Dashes by series style; the first is unbroken.
constexpr std::array<std::string_view, kSeriesStyles> kDashes = {
    "none", "7 3", "2 2.5", "10 3 2 3", "8 2 2 2 2 2", "5 2", "12 4", "3 4"};

constexpr std::string_view kText = R"css(
*{box-sizing:border-box}
html{font-size:100%;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--bg);color:var(--ink);font:1rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums lining-nums}
.page{max-width:68rem;margin:0 auto;padding:1.5rem 1.25rem 4rem}
h1,h2,h3,.lead,.kicker{font-family:Charter,"Bitstream Charter","Source Serif 4","Iowan Old Style",Georgia,"Noto Serif","DejaVu Serif",serif}
h1{font-size:1.9rem;line-height:1.2;margin:.2rem 0 .8rem;font-weight:600;overflow-wrap:anywhere}
h2{font-size:1.35rem;line-height:1.3;margin:0 0 .6rem;font-weight:600;overflow-wrap:anywhere}
h3{font-size:1.08rem;margin:1.8rem 0 .4rem;font-weight:600;overflow-wrap:anywhere}
h4{font-size:.95rem;margin:1.2rem 0 .3rem;font-weight:600;overflow-wrap:anywhere}
p,ul,ol,dl{margin:.5rem 0}
p,li,dd{overflow-wrap:anywhere}
section>p,details>p,.prose{max-width:44rem}
a{color:var(--link)}
.kicker{margin:0;color:var(--muted);font-style:italic}
.note,figcaption,caption{color:var(--muted);font-size:.86rem;line-height:1.45}
section{border-top:1px solid var(--rule);padding:1.4rem 0 .4rem;margin-top:1.6rem}
section.verdict{border-top:3px solid var(--ink)}
.skip{position:absolute;left:-100vw;top:0;background:var(--bg);padding:.5rem 1rem;z-index:1}
.skip:focus{left:0}
:focus-visible{outline:2px solid var(--link);outline-offset:2px}
.vh{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.facts{display:grid;grid-template-columns:repeat(auto-fill,minmax(10.5rem,1fr));gap:.5rem 1.5rem;margin:0}
.facts dt{font-size:.8rem;color:var(--muted)}
.facts dd{margin:0;font-weight:600}
.lead{font-size:1.22rem;line-height:1.45;max-width:46rem;margin:.2rem 0 1rem}
.tally{display:grid;grid-template-columns:repeat(auto-fit,minmax(15rem,1fr));gap:.8rem;list-style:none;padding:0;margin:1rem 0}
.tally li{border-left:4px solid currentColor;padding:.6rem .9rem}
.tally b{display:block;font-size:1.5rem;line-height:1.2}
.tally span.w{font-weight:600}
.tally small{display:block;color:var(--ink);font-size:.86rem;line-height:1.4;margin-top:.2rem}
.shown{color:var(--shown)}.none{color:var(--none)}.unknown{color:var(--unknown)}
.tally .shown{background:var(--shown-tint)}.tally .none{background:var(--none-tint)}.tally .unknown{background:var(--unknown-tint)}
.findings{list-style:none;padding:0;margin:.6rem 0}
.findings li{border-top:1px solid var(--rule);padding:.55rem 0;display:grid;grid-template-columns:6.5rem 1fr;gap:0 1rem}
.findings .sev{font-weight:600}
.findings .act{color:var(--muted)}
code{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.86em;overflow-wrap:anywhere}
nav ol{columns:15rem;column-gap:2.8rem;padding-left:1.4rem;margin:.4rem 0;font-size:.92rem}
nav li{break-inside:avoid}
.scroll{position:relative;overflow-x:auto;max-width:100%;margin:.7rem 0 1rem}
table{border-collapse:collapse;font-size:.86rem;line-height:1.35}
caption{text-align:left;padding:0 0 .4rem;caption-side:top}
caption>span{display:block;position:sticky;left:0;width:fit-content;max-width:min(44rem,calc(100vw - 3rem))}
td code{overflow-wrap:break-word}
th,td{padding:.28rem .7rem;text-align:right;white-space:nowrap;border-bottom:1px solid var(--rule);vertical-align:baseline}
th:first-child,td:first-child{padding-left:0}
thead th{border-bottom:1.5px solid var(--ink);vertical-align:bottom;font-weight:600;white-space:normal;min-width:4.2rem}
thead th:first-child,tbody th,.t{text-align:left}
tbody th{font-weight:500;min-width:9rem;max-width:22rem;white-space:normal;overflow-wrap:anywhere}
td.t:last-child:not(.o){min-width:14rem}
td.t{white-space:normal;min-width:8rem;max-width:24rem;overflow-wrap:break-word}
td.w{min-width:0;white-space:nowrap}
td.o{font-weight:600;white-space:nowrap}
td.none{font-weight:500}
.bar{display:inline-block;height:.6rem;background:var(--s1);vertical-align:baseline;margin-right:.4rem}
figure{margin:0;min-width:0}
.sheet img{display:block;max-width:100%;height:auto;border:1px solid var(--rule);image-rendering:auto}
figure>div{overflow-x:auto}
figcaption{padding:.2rem 0 .3rem}
figcaption b{color:var(--ink);font-weight:600}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,25rem),1fr));gap:1.6rem 2rem;margin:.8rem 0 1rem}
svg{display:block;width:100%;height:auto;min-width:22rem}
.forest svg{min-width:27rem;max-width:calc(1.15*var(--w))}
.heat svg{min-width:calc(.8*var(--w));max-width:var(--w)}
.curve svg{max-width:30rem}
details{margin:.5rem 0 .9rem}
summary{cursor:pointer;color:var(--link);font-size:.92rem;width:fit-content;max-width:100%}
details.target>summary{color:var(--ink);list-style-position:outside;margin-left:1.1rem}
details.target>summary h2{display:inline}
.sign td{height:2.6rem;min-width:11rem}
svg text{font-size:12px;fill:var(--ink)}
svg .am{text-anchor:middle}svg .ae{text-anchor:end}
svg .hd{font-weight:600}svg .mu,svg .nu,svg .ti{fill:var(--muted)}svg .ti,svg .nu{font-size:11px}
svg .ax{stroke:var(--ink);fill:none}svg .gr{stroke:var(--rule);stroke-width:.6;fill:none}
svg .rl{stroke:var(--muted);stroke-dasharray:4 3;fill:none}
svg .iv{stroke:var(--ink);stroke-width:1.5;fill:none}svg .so{fill:var(--s1)}
svg .ho{fill:var(--bg);stroke:var(--ink);stroke-width:1.4}
svg .ln{fill:none;stroke-width:1.8}svg .dt{fill:none;stroke-width:1.3;stroke-dasharray:1 3}svg .wh{fill:none;stroke-width:1}
svg .ln.s0{stroke-width:2.6}
svg .hx{fill:var(--bg);stroke:var(--rule)}svg .hl{stroke:var(--muted);stroke-width:1.2}
svg .hv{font-weight:600}svg .hc{font-size:10.5px}
svg .hn{stroke:var(--bg);stroke-width:3px;paint-order:stroke;stroke-linejoin:round}
)css";

constexpr std::string_view kNarrowAndPrint = R"css(
@media (max-width:36rem){.page{padding:1rem .9rem 3rem}h1{font-size:1.5rem}.lead{font-size:1.1rem}.findings li{grid-template-columns:1fr}th,td{padding:.3rem .5rem}}
.printed{display:none}
@media print{
@page{margin:16mm 14mm}
html{font-size:10pt}.page{max-width:none;padding:0}
nav,.skip,details:not([open]):not(.target){display:none}
.printed{display:block}
.scroll,figure>div{overflow:visible}
table{font-size:7.5pt}th,td{padding:.15rem .4rem}tbody th{min-width:5rem}thead th{min-width:2.5rem}td.t{min-width:4rem}
figure,tr,.findings li,.tally li{break-inside:avoid}h2,h3,h4{break-after:avoid}
svg,.forest svg,.heat svg{min-width:0}
.figures{grid-template-columns:1fr 1fr;gap:.8rem 1rem}
.tally{grid-template-columns:repeat(3,1fr)}
summary{color:var(--ink);list-style:none}
}
@media print{*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
)css";

void Append(std::string_view name, std::string_view value, std::string* css) {
  *css += "--";
  *css += name;
  *css += ':';
  *css += value;
  *css += ';';
}

std::string Variables(const Palette& palette) {
  std::string css;
  Append("bg", palette.background, &css);
  Append("ink", palette.ink, &css);
  Append("muted", palette.muted, &css);
  Append("rule", palette.rule, &css);
  Append("link", palette.link, &css);
  Append("shown", palette.shown, &css);
  Append("none", palette.none, &css);
  Append("unknown", palette.unknown, &css);
  Append("shown-tint", palette.shown_tint, &css);
  Append("none-tint", palette.none_tint, &css);
  Append("unknown-tint", palette.unknown_tint, &css);
  for (int i = 0; i < kSeriesStyles; ++i) {
    Append("s" + std::to_string(i), palette.series[i], &css);
  }
  return css;
}

std::string SeriesRules() {
  std::string css;
  for (int i = 0; i < kSeriesStyles; ++i) {
    const std::string n = std::to_string(i);
    css += fmt::format(
        "svg .s{0}{{stroke:var(--s{0})}}svg .m{0}{{fill:var(--s{0})}}"
        "svg .d{0}{{stroke-dasharray:{1}}}\n",
        n, kDashes[i]);
  }
  for (size_t i = 0; i < kShades.size(); ++i) {
    const std::string n = std::to_string(i);
    css += "svg .h" + n + "{fill:";
    css += kShades[i].fill;
    css += "}svg .t" + n + "{fill:";
    css += kShades[i].ink;
    css += "}\n";
  }
  return css;
}

std::string MakeStyle() {
  std::string css =
      ":root{color-scheme:light dark;" + Variables(kLight) + "}\n";
  css += "@media screen and (prefers-color-scheme:dark){:root{" +
         Variables(kDark) + "}}";
  css += kText;
  css += SeriesRules();
  css += kNarrowAndPrint;
  return css;
}

}  // namespace

const Palette& LightPalette() { return kLight; }
const Palette& DarkPalette() { return kDark; }
const std::array<Shade, 6>& HeatShades() { return kShades; }

const std::string& PageStyle() {
  static const std::string style = MakeStyle();
  return style;
}

}  // namespace plumbline::report
