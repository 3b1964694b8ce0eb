package io.rootstock.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.rootstock.cli.demo.JavadocReader.DocumentedType;
import io.rootstock.cli.demo.Prose.InlineTags;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JavadocTest {
    private static final String SOURCE = """
            package java.util;

            /**
             * A <em>list</em> of {@code E}; see {@link java.util.Collection#size() its size} &mdash; or
             * {@link Map.Entry#getKey}.
             *
             * <p>Second paragraph.
             * <pre>{@code int x = 1;}</pre>
             * @param <E> the elements
             * @since 1.2
             */
            public interface Things<E> {
                /**
                 * Returns the number of things. It is never negative.
                 *
                 * @return the number
                 */
                int size();

                /// Returns the `first` of the [things][List].
                default E first(int... at) { return null; }

                /** {@inheritDoc} */
                boolean equals(Object other);

                class Hidden {
                    /** Not visible. */
                    private void hidden() {}
                }
            }
            """;

    @TempDir
    private Path folder;

    @Test
    void extractsProseWithoutMarkup() {
        DocumentedType type =
                JavadocReader.read("java.base/java/util/Things.java", SOURCE).orElseThrow();
        assertThat(type.module()).isEqualTo("java.base");
        assertThat(type.packageName()).isEqualTo("java.util");
        assertThat(type.comments().getFirst())
                .containsExactly("A list of E; see its size — or Map.Entry.getKey.", "Second paragraph.");
    }

    @Test
    void skipsCommentsWithoutText() {
        DocumentedType type =
                JavadocReader.read("java.base/java/util/Things.java", SOURCE).orElseThrow();
        assertThat(type.comments()).hasSize(3);
        assertThat(type.text()).doesNotContain("Not visible").doesNotContain("int x");
    }

    @Test
    void rendersInlineTagsWithBraces() {
        assertThat(InlineTags.replace("a {@code Map<K, {V}>} b")).isEqualTo("a Map&lt;K, {V}&gt; b");
        assertThat(InlineTags.replace("{@return the size}")).isEqualTo("Returns the size.");
        assertThat(InlineTags.replace("an {@unclosed tag")).contains("unclosed tag");
    }

    @Test
    void assignsSplitDeterministically() {
        long heldOut = java.util.stream.IntStream.range(0, 10_000)
                .filter(i -> DemoSplit.of("p.Type" + i) != DemoSplit.TRAIN)
                .count();
        assertThat(heldOut).isBetween(450L, 750L);
        assertThat(DemoSplit.of("java.util.List")).isEqualTo(DemoSplit.of("java.util.List"));
    }

    @Test
    void measuresGzip() {
        Gzip.Size size = Gzip.measure(List.of("abc".repeat(1000), "abc".repeat(1000)));
        assertThat(size.bytes()).isEqualTo(6000);
        assertThat(size.bitsPerByte()).isLessThan(0.1);
    }

    @Test
    void reusesExtractedFiles() throws Exception {
        Path sources = Files.createDirectories(folder.resolve("src/java/util"));
        Files.writeString(sources.resolve("Things.java"), SOURCE);
        Path corpus = folder.resolve("src");
        DemoCorpus extracted = DemoCorpus.extract(folder.resolve("demo"), corpus);
        assertThat(extracted.types()).isEqualTo(1);
        assertThat(DemoCorpus.existing(folder.resolve("demo"), corpus)).isEqualTo(Optional.of(extracted));
        assertThat(DemoCorpus.existing(folder.resolve("none"), corpus)).isEmpty();
    }

    @Test
    void readsSourcesOfTheRunningJdk() {
        Path archive = Path.of(System.getProperty("java.home"), "lib/src.zip");
        assumeThat(archive).exists();
        List<DocumentedType> types =
                JdkSources.read(archive, path -> path.startsWith("java.base/java/time/"), JavadocReader::read).stream()
                        .flatMap(Optional::stream)
                        .toList();
        assertThat(types).extracting(DocumentedType::name).contains("LocalDate", "Duration", "ZonedDateTime");
        assertThat(types)
                .allSatisfy(type -> assertThat(type.text()).doesNotContain("{@").doesNotContain("<p>"));
    }
}
