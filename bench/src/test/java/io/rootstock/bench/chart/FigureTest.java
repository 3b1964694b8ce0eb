package io.rootstock.bench.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class FigureTest {
    private static final Series FIRST = new Series(
            "2 <layers>", List.of(new Mark(1000, 0.5, 0.1, 0.2), new Mark(4000, 0.6, Double.NaN, Double.NaN)));

    @Test
    void rowAndSeedErrorsAreSeparateBarsAndChanceALine() throws Exception {
        Document svg = parsed(new Figure(
                2,
                List.of(
                        panel(List.of(FIRST, new Series("4", List.of(new Mark(1000, 0.7, 0.1, Double.NaN))))),
                        panel(List.of(FIRST))),
                "rows & seeds"));
        assertThat(elements(svg, "line", "seeds")).hasSize(2);
        assertThat(elements(svg, "line", "rows")).hasSize(9);
        // One dashed line in each chart and one in each legend.
        assertThat(elements(svg, "line", "reference")).hasSize(4);
        assertThat(elements(svg, "path", "series")).hasSize(3);
        assertThat(texts(svg)).contains("2 <layers>", "chance", "tokens", "rows & seeds", "1k", "4k", "0.7");
        Element seeds = elements(svg, "line", "seeds").getFirst();
        Element rows = elements(svg, "line", "rows").getFirst();
        double seedLength = Double.parseDouble(seeds.getAttribute("y1")) - Double.parseDouble(seeds.getAttribute("y2"));
        double rowLength = Double.parseDouble(rows.getAttribute("y1")) - Double.parseDouble(rows.getAttribute("y2"));
        assertThat(seedLength / rowLength).isBetween(1.98, 2.02);
    }

    @Test
    void categoriesAreNotJoinedByALine() throws Exception {
        List<String> names = IntStream.range(0, 8).mapToObj(i -> "group " + i).toList();
        List<Mark> marks = IntStream.range(0, 8)
                .mapToObj(i -> new Mark(i, 0.5, Double.NaN, Double.NaN))
                .toList();
        Document svg = parsed(new Figure(
                1,
                List.of(new Panel(
                        "groups",
                        new Axis.Categories("", names),
                        "accuracy",
                        List.of(new Series("all", marks)),
                        List.of())),
                ""));
        assertThat(elements(svg, "path", "series")).isEmpty();
        assertThat(texts(svg)).containsAll(names);
        assertThat(svg.getElementsByTagName("circle").getLength()).isEqualTo(8);
    }

    @Test
    void ticksAreRound() {
        assertThat(Ticks.round(0, 10)).containsExactly(0.0, 2.5, 5.0, 7.5, 10.0);
        assertThat(Ticks.round(-1.2, 2.1)).containsExactly(-1.0, 0.0, 1.0, 2.0);
        assertThat(Ticks.value(0.475, 0.025)).isEqualTo("0.475");
        assertThat(Ticks.value(-0.0001, 0.1)).isEqualTo("0.0");
        assertThat(Ticks.value(2.5, 0.25)).isEqualTo("2.50");
        assertThat(Ticks.count(1_500_000)).isEqualTo("1.5M");
        assertThat(Ticks.count(250_000)).isEqualTo("250k");
        assertThatThrownBy(() -> new Figure(0, List.of(), "")).isInstanceOf(IllegalArgumentException.class);
    }

    private static Panel panel(List<Series> series) {
        return new Panel(
                "title",
                new Axis.Logarithmic("tokens", List.of(1000.0, 4000.0)),
                "accuracy",
                series,
                List.of(new ReferenceLine("chance", 0.5)));
    }

    private static Document parsed(Figure figure) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(figure.svg().getBytes(StandardCharsets.UTF_8)));
    }

    private static List<Element> elements(Document svg, String name, String style) {
        NodeList nodes = svg.getElementsByTagName(name);
        return IntStream.range(0, nodes.getLength())
                .mapToObj(i -> (Element) nodes.item(i))
                .filter(element -> element.getAttribute("class").equals(style))
                .toList();
    }

    private static List<String> texts(Document svg) {
        NodeList nodes = svg.getElementsByTagName("text");
        return IntStream.range(0, nodes.getLength())
                .mapToObj(i -> nodes.item(i).getTextContent())
                .toList();
    }
}
