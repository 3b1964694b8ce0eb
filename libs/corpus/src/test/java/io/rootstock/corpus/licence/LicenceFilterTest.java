package io.rootstock.corpus.licence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.corpus.Document;
import io.rootstock.corpus.Outcome;
import io.rootstock.corpus.Text;
import io.rootstock.corpus.licence.LicenceFilter.UnknownLicence;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LicenceFilterTest {
    private static final LicenceFilter FILTER = new LicenceFilter(
            List.of("MIT", "Apache-2.0", "CC-BY-4.0", "GPL-2.0-only WITH Classpath-exception-2.0"),
            List.of("GPL-2.0-only", "CC-BY-NC-4.0"),
            UnknownLicence.REMOVE);

    @ParameterizedTest
    @CsvSource({
        "MIT, kept",
        "mit, kept",
        "' Apache-2.0 ', kept",
        "GPL-2.0-only, licence denied",
        "GPL-2.0-only WITH Classpath-exception-2.0, kept",
        "GPL-2.0-only WITH Other-exception, licence denied",
        "MIT WITH Other-exception, kept",
        "MIT OR GPL-2.0-only, kept",
        "GPL-2.0-only or mit, kept",
        "MIT AND GPL-2.0-only, licence denied",
        "MIT AND Apache-2.0, kept",
        "MIT AND BSD-3-Clause, licence unknown",
        "GPL-2.0-only OR BSD-3-Clause, licence unknown",
        "GPL-2.0-only OR MIT AND Apache-2.0, kept",
        "(GPL-2.0-only OR MIT) AND CC-BY-4.0, kept",
        "(MIT, licence unknown",
        "MIT OR, licence unknown",
        "MIT Apache-2.0, licence unknown",
        "see file, licence unknown",
        "'', no licence",
    })
    void judgesExpressions(String licence, String outcome) {
        assertThat(outcome(FILTER, licence)).isEqualTo(outcome);
    }

    @Test
    void unknownLicencesStayIfTheRecipeSaysSo() {
        LicenceFilter filter = new LicenceFilter(List.of(), List.of("CC-BY-NC-4.0"), UnknownLicence.KEEP);
        assertThat(outcome(filter, "")).isEqualTo("kept");
        assertThat(outcome(filter, "BSD-3-Clause")).isEqualTo("kept");
        assertThat(outcome(filter, "CC-BY-NC-4.0")).isEqualTo("licence denied");
    }

    @Test
    void longExpressionsAreUnknown() {
        assertThat(outcome(FILTER, "(".repeat(400) + "MIT" + ")".repeat(400))).isEqualTo("kept");
        assertThat(outcome(FILTER, "(".repeat(40_000))).isEqualTo("licence unknown");
    }

    @Test
    void contradictionsAndWrongIdentifiersAreRefused() {
        assertThatThrownBy(() -> new LicenceFilter(List.of("MIT"), List.of("mit"), UnknownLicence.KEEP))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("\"mit\" is both allowed and denied; remove it from one of the lists");
        assertThatThrownBy(() -> new LicenceFilter(List.of("MIT OR ISC"), List.of(), UnknownLicence.KEEP))
                .hasMessageContaining("\"MIT OR ISC\" in allowed is not an SPDX identifier");
        assertThatThrownBy(() -> new LicenceFilter(List.of(), List.of(), UnknownLicence.KEEP))
                .hasMessageContaining("no licence is allowed or denied");
    }

    private static String outcome(LicenceFilter filter, String licence) {
        return switch (filter.apply(new Document("test", "", licence, Text.of("text")))) {
            case Outcome.Kept kept -> "kept";
            case Outcome.Removed removed -> removed.reason();
        };
    }
}
