package io.rootstock.registry.web;

import java.util.List;

/** Texts that become scripts where a page inserts them as HTML, attributes, addresses, styles or templates. */
final class Payloads {
    /** Each would call {@code alert}, or set {@code rootstockInjected}. */
    static final List<String> ALL = List.of(
            "<script>alert(1)</script>",
            "</script><script>alert(2)</script>",
            "<img src=x onerror=alert(3)>",
            "<img src=x onerror=\"globalThis.rootstockInjected=4\">",
            "<svg onload=alert(5)>",
            "<svg><script>alert(6)</script></svg>",
            "<svg><animate onbegin=alert(7) attributeName=x dur=1s>",
            "<body onload=alert(8)>",
            "<iframe src=javascript:alert(9)>",
            "<iframe srcdoc=\"<script>parent.rootstockInjected=10</script>\">",
            "<a href=javascript:alert(11)>x</a>",
            "<a href=\"data:text/html,<script>alert(12)</script>\">x</a>",
            "javascript:alert(13)",
            "JaVaScRiPt:alert(14)",
            "data:text/html;base64,PHNjcmlwdD5hbGVydCgxNSk8L3NjcmlwdD4=",
            "\" onmouseover=\"alert(16)",
            "' onfocus='alert(17)' autofocus='",
            "\"><img src=x onerror=alert(18)>",
            "'><script>alert(19)</script>",
            "--><script>alert(20)</script>",
            "]]><script>alert(21)</script>",
            "<details open ontoggle=alert(22)>",
            "<video><source onerror=alert(23)>",
            "<audio src=x onerror=alert(24)>",
            "<input autofocus onfocus=alert(25)>",
            "<select autofocus onfocus=alert(26)>",
            "<textarea autofocus onfocus=alert(27)>",
            "<marquee onstart=alert(28)>",
            "<object data=javascript:alert(29)>",
            "<embed src=javascript:alert(30)>",
            "<form action=javascript:alert(31)><button>x</button></form>",
            "<math><mtext><style><img src=x onerror=alert(32)></style></mtext></math>",
            "<base href=http://evil.example/>",
            "<meta http-equiv=refresh content=\"0;url=javascript:alert(34)\">",
            "<link rel=stylesheet href=http://evil.example/x.css>",
            "<style>*{background:url(http://evil.example/36)}</style>",
            "{{constructor.constructor('alert(37)')()}}",
            "${alert(38)}",
            "__proto__[rootstockInjected]=39",
            "\\u003cimg src=x onerror=alert(40)\\u003e\u2028");

    private Payloads() {}
}
