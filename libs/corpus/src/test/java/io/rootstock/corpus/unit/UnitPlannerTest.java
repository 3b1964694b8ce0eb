package io.rootstock.corpus.unit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.rootstock.corpus.recipe.RecipeReader;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnitPlannerTest {
    private static final int UNIT = 4096;

    @TempDir
    private Path directory;

    private Path base;

    @BeforeEach
    void createBase() throws IOException {
        base = Files.createDirectory(directory.resolve("base")).toRealPath();
    }

    @Test
    void linesAreCutAfterTheFirstLineEndAtEachMultipleOfTheUnitSize() throws IOException {
        String text = "{\"text\": \"abcdefghij\"}\n".repeat(1000);
        write("a.jsonl", text);
        List<Unit> units = plan("a.jsonl").units();
        assertThat(units).hasSize(6);
        assertThat(units.get(0).range()).isEqualTo(new UnitRange.Bytes(0, 4117));
        assertThat(units.get(1).range()).isEqualTo(new UnitRange.Bytes(4117, 8211));
        assertCovers(units, text.length());
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        assertThat(units)
                .allSatisfy(
                        unit -> assertThat(bytes[(int) unit.range().to() - 1]).isEqualTo((byte) '\n'));
    }

    @Test
    void aLineLongerThanAUnitIsNotCut() throws IOException {
        write("a.jsonl", "x\n" + "y".repeat(100_000) + "\nz\n");
        assertThat(plan("a.jsonl").units().stream().map(Unit::range))
                .containsExactly(new UnitRange.Bytes(0, 100_003), new UnitRange.Bytes(100_003, 100_005));
    }

    @Test
    void blocksOfTextAreCutAtBlankLines() throws IOException {
        write("a.txt", ("word ".repeat(100) + "\n" + "word ".repeat(100) + "\r\n \t\n").repeat(20));
        List<Unit> units = plan("a.txt").units();
        assertThat(units).hasSizeGreaterThan(3);
        byte[] bytes = Files.readAllBytes(base.resolve("a.txt"));
        for (Unit unit : units) {
            int to = (int) unit.range().to();
            assertThat(new String(bytes, to - 4, 4, StandardCharsets.UTF_8)).isEqualTo("\n \t\n");
        }
        assertCovers(units, bytes.length);
    }

    @Test
    void aStatedFormatHoldsForFilesOfAllNames() throws IOException {
        write("data/part-0", "{\"text\": \"a\"}\n");
        write("data/part-1.log", "{\"text\": \"b\"}\n");
        write("data/part-2.txt.gz", "{\"text\": \"c\"}\n");
        write("data/_SUCCESS", "");
        UnitPlanner planner = new UnitPlanner(InputRoots.of(base, List.of(base)), UnitSettings.DEFAULT);
        UnitPlan plan = planner.plan(List.of("data"), Optional.of(InputFormat.named("jsonl")));
        assertThat(plan.notes()).isEmpty();
        assertThat(plan.units())
                .extracting(
                        unit -> unit.file().name(),
                        unit -> unit.file().format(),
                        unit -> unit.file().compression())
                .containsExactly(
                        tuple("data/part-0", InputFormat.JSON_LINES, Compression.NONE),
                        tuple("data/part-1.log", InputFormat.JSON_LINES, Compression.NONE),
                        tuple("data/part-2.txt.gz", InputFormat.JSON_LINES, Compression.GZIP));
        assertThat(planner.plan(List.of("data/part-0"), Optional.of(InputFormat.TSV))
                        .units())
                .singleElement()
                .satisfies(unit -> assertThat(unit.identity())
                        .isNotEqualTo(plan.units().getFirst().identity()));
    }

    @Test
    void formatsHaveTheNamesOfRecipes() {
        for (String name : RecipeReader.FORMATS) {
            assertThat(InputFormat.named(name)).isNotNull();
        }
        assertThat(InputFormat.named("markdown")).isEqualTo(InputFormat.TEXT);
        assertThatThrownBy(() -> InputFormat.named("xml")).hasMessageStartingWith("unknown format 'xml'; choose from");
    }

    @Test
    void csvIsCutOnlyWithoutQuotes() throws IOException {
        write("plain.csv", "id,text\n" + "1,some text\n".repeat(2000));
        write("quoted.csv", "id,text\n" + "1,some text\n".repeat(2000) + "1,\"two\nlines\"\n");
        assertThat(plan("plain.csv").units()).hasSize(6);
        UnitPlan quoted = plan("quoted.csv");
        assertThat(quoted.units())
                .singleElement()
                .satisfies(unit -> assertThat(unit.range()).isInstanceOf(UnitRange.Whole.class));
        assertThat(quoted.notes().getFirst().note()).contains("quoted values", ".jsonl or .parquet");
    }

    @Test
    void compressedFilesAndOtherEncodingsAreOneUnit() throws IOException {
        write("a.jsonl.gz", "x\n".repeat(10_000));
        write("b.txt", "x\n".repeat(10_000));
        UnitPlan plan = planner(new UnitSettings(UNIT, new TextRecords.Lines(), Charset.forName("UTF-16")))
                .plan(List.of("a.jsonl.gz", "b.txt"));
        assertThat(plan.units()).hasSize(2);
        assertThat(plan.notes().stream().map(PlanNote::note))
                .anyMatch(note -> note.contains("a compressed file cannot be cut"))
                .anyMatch(note -> note.contains("text in UTF-16 cannot be cut"));
    }

    @Test
    void parquetIsCutBetweenRowGroups() throws IOException {
        copyResource("snappy.parquet");
        assertThat(plan("snappy.parquet").units().stream()
                        .map(unit -> (UnitRange.RowGroups) unit.range())
                        .map(UnitRange.RowGroups::firstRow))
                .containsExactly(0L, 300L, 600L, 900L);
        UnitSettings large = new UnitSettings(1 << 20, new TextRecords.Lines(), StandardCharsets.UTF_8);
        assertThat(planner(large).plan(List.of("snappy.parquet")).units()).hasSize(1);
        copyResource("empty.parquet");
        assertThat(plan("empty.parquet").units()).isEmpty();
    }

    @Test
    void aTruncatedParquetFileIsRefused() throws IOException {
        copyResource("snappy.parquet");
        Path file = base.resolve("snappy.parquet");
        Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 5000));
        assertThatThrownBy(() -> plan("snappy.parquet"))
                .isInstanceOf(RefusedInputException.class)
                .hasMessageContaining("snappy.parquet: is not a complete parquet file")
                .hasMessageContaining("write it again");
    }

    @Test
    void directoriesAndGlobsAreReadInTheOrderOfNames() throws IOException {
        write("d/b.jsonl", "1\n");
        write("d/a/c.jsonl", "2\n");
        write("d/.hidden.jsonl", "3\n");
        write("d/_SUCCESS", "");
        write("d/readme.pdf", "4\n");
        write("d/e.txt", "5\n");
        UnitPlan all = plan("d");
        assertThat(names(all)).containsExactly("d/a/c.jsonl", "d/b.jsonl", "d/e.txt");
        assertThat(all.notes()).containsExactly(new PlanNote("d/readme.pdf", "has an unknown ending and is not read"));
        assertThat(names(plan("d/*.jsonl"))).containsExactly("d/b.jsonl");
        assertThat(names(plan("d/**.jsonl"))).containsExactly("d/a/c.jsonl", "d/b.jsonl");
        assertThat(names(plan(base + "/d/{b,e}.*"))).containsExactly("d/b.jsonl", "d/e.txt");
        assertThat(names(plan("d/e.txt", "d", "d/*.txt"))).containsExactly("d/a/c.jsonl", "d/b.jsonl", "d/e.txt");
        assertThat(plan("d", "d/e.txt")).isEqualTo(plan("d/e.txt", "d"));
    }

    @Test
    void aFileThatTwoLinksLeadToIsReadOnce() throws IOException {
        write("a.jsonl", "1\n");
        Files.createSymbolicLink(base.resolve("b.jsonl"), base.resolve("a.jsonl"));
        UnitPlan plan = plan("*.jsonl");
        assertThat(names(plan)).containsExactly("a.jsonl");
        assertThat(plan.notes())
                .containsExactly(new PlanNote("b.jsonl", "is the same file as a.jsonl and is read once"));
    }

    @Test
    void aCycleOfLinksIsRefused() throws IOException {
        write("d/a.jsonl", "1\n");
        Files.createSymbolicLink(base.resolve("d/up"), base.resolve("d"));
        assertThatThrownBy(() -> plan("d"))
                .isInstanceOf(RefusedInputException.class)
                .hasMessageContaining("d/up: is a symbolic link to a directory above it; remove the link");
    }

    @Test
    void filesOutsideOfTheAllowedDirectoriesAreRefused() throws IOException {
        Path outside = Files.createDirectory(directory.resolve("outside"));
        Files.writeString(outside.resolve("secret.jsonl"), "1\n");
        Files.createSymbolicLink(base.resolve("link.jsonl"), outside.resolve("secret.jsonl"));
        Files.createSymbolicLink(base.resolve("links"), outside);
        for (String pattern : List.of(
                "link.jsonl", "links", "links/*.jsonl", "../outside/secret.jsonl", outside + "/**", "*.jsonl")) {
            assertThatThrownBy(() -> plan(pattern))
                    .as(pattern)
                    .isInstanceOf(RefusedInputException.class)
                    .hasMessageContaining("outside of the allowed directories")
                    .hasMessageContaining("allow its directory");
        }
    }

    @Test
    void missingUnknownAndUnmatchedInputsAreRefused() throws IOException {
        write("a.pdf", "1\n");
        Files.createSymbolicLink(base.resolve("broken.jsonl"), base.resolve("missing"));
        write("x.parquet.gz", "1");
        assertThatThrownBy(() -> plan("no.jsonl")).hasMessageContaining("no.jsonl: does not exist");
        assertThatThrownBy(() -> plan("broken.jsonl")).hasMessageContaining("symbolic link to a missing file");
        assertThatThrownBy(() -> plan("*.jsonl")).hasMessageContaining("broken.jsonl");
        assertThatThrownBy(() -> plan("a.pdf")).hasMessageContaining("unknown ending; files must end in .txt");
        assertThatThrownBy(() -> plan("*.csv")).hasMessageContaining("*.csv: matches no file");
        assertThatThrownBy(() -> plan("x.parquet.gz")).hasMessageContaining("decompress the file");
    }

    @Test
    void anIdentityChangesWithNameLengthTimeAndContent() throws IOException {
        write("a.jsonl", "1\n".repeat(10_000));
        List<String> before = identities();
        assertThat(identities()).isEqualTo(before);
        FileTime time = Files.getLastModifiedTime(base.resolve("a.jsonl"));

        write("a.jsonl", "2" + "\n1".repeat(9_999) + "\n");
        Files.setLastModifiedTime(base.resolve("a.jsonl"), time);
        assertThat(identities().getFirst()).isNotEqualTo(before.getFirst());
        assertThat(identities().getLast()).isEqualTo(before.getLast());

        write("a.jsonl", "1\n".repeat(10_000));
        Files.setLastModifiedTime(base.resolve("a.jsonl"), FileTime.fromMillis(time.toMillis() + 1000));
        assertThat(identities()).doesNotContainAnyElementsOf(before);
    }

    @Test
    void unitsMustNotBeTiny() {
        assertThatThrownBy(() -> new UnitSettings(100, new TextRecords.Lines(), StandardCharsets.UTF_8))
                .hasMessageContaining("at least 4096 bytes, not 100");
    }

    private List<String> identities() {
        return plan("a.jsonl").units().stream().map(Unit::identity).toList();
    }

    private UnitPlan plan(String... patterns) {
        return planner(new UnitSettings(UNIT, new TextRecords.Blocks(1024), StandardCharsets.UTF_8))
                .plan(List.of(patterns));
    }

    private UnitPlanner planner(UnitSettings settings) {
        return new UnitPlanner(InputRoots.of(base, List.of(base)), settings);
    }

    private static List<String> names(UnitPlan plan) {
        return plan.units().stream().map(unit -> unit.file().name()).toList();
    }

    private static void assertCovers(List<Unit> units, long length) {
        long at = 0;
        for (Unit unit : units) {
            assertThat(unit.range().from()).isEqualTo(at);
            at = unit.range().to();
        }
        assertThat(at).isEqualTo(length);
    }

    private void copyResource(String name) throws IOException {
        try (var resource = getClass().getResourceAsStream("/parquet/" + name)) {
            Files.write(base.resolve(name), resource.readAllBytes());
        }
    }

    private void write(String name, String content) throws IOException {
        Path file = base.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }
}
