package io.rootstock.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.cli.evaluation.MetricScale;
import io.rootstock.cli.report.IntervalChart.Bar;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class IntervalChartTest {
    @Test
    void aBarHasItsIntervalValueAndChance() {
        Html html = new Html();
        new IntervalChart(
                        "Shares",
                        MetricScale.SHARE,
                        0,
                        1,
                        List.of(
                                new Bar("<b>", 0.5, 0.25, 0.75, OptionalDouble.of(0.5), 1),
                                new Bar("only", 1.5, Double.NaN, Double.NaN, OptionalDouble.empty(), 0)))
                .write(html);
        assertThat(html.markup()).isEqualTo("""
                <svg viewBox="0 0 830 106" role="img" aria-label="Shares">
                <text class="title" x="0" y="16">Shares</text>
                <line class="grid" x1="300.0" y1="30" x2="300.0" y2="78"/>
                <text class="tick" x="300.0" y="94">0.0000</text>
                <line class="grid" x1="405.0" y1="30" x2="405.0" y2="78"/>
                <text class="tick" x="405.0" y="94">0.2500</text>
                <line class="grid" x1="510.0" y1="30" x2="510.0" y2="78"/>
                <text class="tick" x="510.0" y="94">0.5000</text>
                <line class="grid" x1="615.0" y1="30" x2="615.0" y2="78"/>
                <text class="tick" x="615.0" y="94">0.7500</text>
                <line class="grid" x1="720.0" y1="30" x2="720.0" y2="78"/>
                <text class="tick" x="720.0" y="94">1.0000</text>
                <text x="0" y="46">&lt;b&gt;</text>
                <line class="chance" x1="510.0" y1="32" x2="510.0" y2="52"/>
                <line class="s1" x1="405.0" y1="42" x2="615.0" y2="42"/>
                <circle class="s1" cx="510.0" cy="42" r="4"/>
                <text class="value" x="732" y="46">0.5000</text>
                <text x="0" y="70">only</text>
                <circle class="s0" cx="720.0" cy="66" r="4"/>
                <text class="value" x="732" y="70">1.5000</text>
                </svg>
                """);
    }

    @Test
    void axesHoldTheIntervals() {
        Bar bar = new Bar("bits", 1.2, 1.0, 2.0, OptionalDouble.empty(), 1);
        IntervalChart fitted = IntervalChart.fitted("t", MetricScale.OTHER, List.of(bar));
        assertThat(fitted.low()).isEqualTo(0.95);
        assertThat(fitted.high()).isEqualTo(2.05);
        IntervalChart centered = IntervalChart.centered("t", MetricScale.OTHER, List.of(bar));
        assertThat(centered.low()).isEqualTo(-2.1);
        assertThat(centered.high()).isEqualTo(2.1);
        Bar none = new Bar("same", 0, Double.NaN, Double.NaN, OptionalDouble.of(0), 1);
        assertThat(IntervalChart.centered("t", MetricScale.SHARE, List.of(none)).high())
                .isEqualTo(1);
        assertThat(IntervalChart.fitted("t", MetricScale.SHARE, List.of(none)).high())
                .isEqualTo(0.05);
    }
}
