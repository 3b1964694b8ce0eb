package io.rootstock.bench.data.cleaning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.rootstock.bench.data.cleaning.PlantedDocument.Inserted;
import io.rootstock.bench.data.cleaning.Removal.Amount;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RemovalTest {
    private static final PlantedDocument PAGE = new PlantedDocument(
            "books",
            Optional.empty(),
            "Menu\nCall me Ishmael.\nAdvertisement\nAdvertisement",
            List.of(
                    new Inserted(JunkKind.BOILERPLATE, "Menu\n"),
                    new Inserted(JunkKind.BOILERPLATE, "\nAdvertisement"),
                    new Inserted(JunkKind.BOILERPLATE, "\nAdvertisement")));
    private static final PlantedDocument MISREAD = new PlantedDocument(
            "news", Optional.empty(), "itâ€™s late", List.of(new Inserted(JunkKind.DAMAGED_CHARACTERS, "â€™")));
    private static final PlantedDocument COPY =
            new PlantedDocument("books", Optional.of(JunkKind.EXACT_COPY), "Call me Ishmael.", List.of());

    @Test
    void anUnchangedCorpusHasAllItsJunk() {
        Removal removal =
                Removal.of(List.of(PAGE, MISREAD, COPY), Map.of(0, PAGE.text(), 1, MISREAD.text(), 2, COPY.text()));
        assertThat(removal.junk())
                .isEqualTo(Map.of(
                        JunkKind.BOILERPLATE, new Amount(33, 33),
                        JunkKind.DAMAGED_CHARACTERS, new Amount(8, 8),
                        JunkKind.EXACT_COPY, new Amount(16, 16)));
        assertThat(removal.clean()).isEqualTo(Map.of("books", new Amount(16, 16), "news", new Amount(8, 8)));
        assertThat(removal.allJunk().removed()).isZero();
    }

    @Test
    void perfectCleaningLeavesTheCleanTextAlone() {
        Removal removal = Removal.of(List.of(PAGE, MISREAD, COPY), Map.of(0, "Call me Ishmael.", 1, "it’s late"));
        assertThat(removal.allJunk()).isEqualTo(new Amount(57, 0));
        assertThat(removal.allClean()).isEqualTo(new Amount(24, 24));
    }

    @Test
    void removedCleanTextAndJunkThatStaysAreCounted() {
        Removal removal = Removal.of(List.of(PAGE, MISREAD, COPY), Map.of(0, "Call me.\nAdvertisement", 2, "Call me"));
        assertThat(removal.junk().get(JunkKind.BOILERPLATE)).isEqualTo(new Amount(33, 14));
        assertThat(removal.junk().get(JunkKind.EXACT_COPY)).isEqualTo(new Amount(16, 7));
        assertThat(removal.clean()).isEqualTo(Map.of("books", new Amount(16, 8), "news", new Amount(8, 0)));
        assertThat(removal.allClean().removed()).isCloseTo(16.0 / 24, within(1e-12));
        assertThat(removal.rows()).containsEntry("all junk", new Amount(57, 21)).containsKey("clean text: news");
    }
}
