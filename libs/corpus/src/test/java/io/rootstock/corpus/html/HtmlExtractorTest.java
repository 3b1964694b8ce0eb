package io.rootstock.corpus.html;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HtmlExtractorTest {
    private static final String LONG =
            "This is the first sentence of a paragraph, and it is followed by a second one. Here is the second sentence.";

    private final HtmlExtractor extractor = new HtmlExtractor(HtmlSettings.DEFAULT);

    @Test
    void paragraphsHeadingsAndListsOfTheArticleAreKept() {
        String page = "<html><head><title>Title</title><style>p {}</style></head><body>"
                + "<nav><a href=/>Home</a></nav><div class='sidebar-left'>" + LONG + "</div>"
                + "<article><h1>Heading</h1><p>" + LONG + "\n with <b>bold</b>\u00a0 text.</p>"
                + "<ul><li>one</li><li>two<br>lines</li></ul><h2>Share</h2></article>"
                + "<footer>" + LONG + "</footer><script>var x = 1;</script></body></html>";
        assertThat(extractor.extract(page)).isEqualTo("Heading\n\n" + LONG + " with bold text.\n\n- one\n- two\nlines");
    }

    @Test
    void withoutAnArticleBlocksAreChosenByLengthAndLinks() {
        String links = "<a href=/a>First headline of a story</a> <a href=/b>Second headline of a story</a>";
        String page = "<body><div>Menu</div><div>" + links + "</div><div><p>" + LONG + "</p><p>Short line</p><p>" + LONG
                + "</p></div><div>" + links + "</div><div>Contact</div></body>";
        assertThat(extractor.extract(page)).isEqualTo(LONG + "\n\nShort line\n\n" + LONG);
    }

    @Test
    void preformattedTextKeepsItsWhiteSpace() {
        String page =
                "<main><p>" + LONG + "</p><pre><code>\nfor (;;) {\n    <span>run</span>();\n}\n</code></pre></main>";
        assertThat(extractor.extract(page)).isEqualTo(LONG + "\n\nfor (;;) {\n    run();\n}");
    }

    @Test
    void tablesBecomeRowsOfCells() {
        String page = "<main><p>" + LONG + "</p><table><tr><th>Year</th><th>Sales</th></tr>"
                + "<tr><td>1999</td><td>7 <i>m</i></td></tr></table></main>";
        assertThat(extractor.extract(page)).isEqualTo(LONG + "\n\nYear | Sales\n1999 | 7 m");
        assertThat(new HtmlExtractor(new HtmlSettings(false, false)).extract(page))
                .isEqualTo(LONG);
    }

    @Test
    void theFirstParagraphOfAnItemHasTheMarker() {
        String page = "<main><ul><li><p>" + LONG + "</p><p>" + LONG
                + "</p></li><li>two<ul><li>inner</li></ul></li></ul></main>";
        assertThat(extractor.extract(page)).isEqualTo("- " + LONG + "\n\n" + LONG + "\n\n- two\n- inner");
    }

    @Test
    void tablesForLayoutAreRead() {
        String page =
                "<table><tr><td><a href=/>Home</a></td><td><p>" + LONG + "</p><p>" + LONG + "</p></td></tr></table>";
        assertThat(extractor.extract(page)).isEqualTo(LONG + "\n\n" + LONG);
    }

    @Test
    void hiddenElementsAreLeftOut() {
        String page = "<main><p>" + LONG + "</p><p style='display: none'>" + LONG + "</p><p hidden>" + LONG
                + "</p><div aria-hidden=true>" + LONG
                + "</div><p>Seen <span style='visibility:hidden'>not</span>here.</p></main>";
        assertThat(extractor.extract(page)).isEqualTo(LONG + "\n\nSeen here.");
    }

    @Test
    void aMisleadingClassDoesNotRemoveThePage() {
        String page = "<body><div class=sidebar><p>" + LONG + "</p><p>" + LONG + "</p></div></body>";
        assertThat(extractor.extract(page)).isEqualTo(LONG + "\n\n" + LONG);
    }

    @Test
    void theTitleIsTheFirstLineOnRequest() {
        HtmlExtractor titled = new HtmlExtractor(new HtmlSettings(true, true));
        assertThat(titled.extract("<title> A title </title><main><p>" + LONG + "</p></main>"))
                .isEqualTo("A title\n\n" + LONG);
        assertThat(titled.extract("<title>Same</title><main><h1>Same</h1><p>" + LONG + "</p></main>"))
                .isEqualTo("Same\n\n" + LONG);
    }

    @Test
    void brokenAndDeepPagesAreRead() {
        assertThat(extractor.extract("")).isEmpty();
        assertThat(extractor.extract("<p>" + LONG + "<div></b><table><td>")).isEqualTo(LONG);
        assertThat(extractor.extract("<div>".repeat(100_000) + LONG)).isEqualTo(LONG);
        assertThat(extractor.extract("<b>".repeat(20_000) + LONG)).isEqualTo(LONG);
    }

    @Test
    void extractionIsRepeatable() {
        String page = "<body><div id=content><p>" + LONG + "</p></div><div class=comments>" + LONG + "</div></body>";
        assertThat(extractor.extract(page)).isEqualTo(extractor.extract(page)).isEqualTo(LONG);
    }
}
