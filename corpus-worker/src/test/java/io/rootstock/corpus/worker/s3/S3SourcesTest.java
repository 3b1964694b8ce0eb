package io.rootstock.corpus.worker.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.artifacts.s3.S3Server;
import io.rootstock.corpus.engine.JobControl;
import io.rootstock.corpus.engine.JobFailedException;
import io.rootstock.corpus.engine.job.CorpusManifest;
import io.rootstock.corpus.engine.job.CorpusReport;
import io.rootstock.corpus.storage.StorageException;
import io.rootstock.corpus.storage.StorageRoot;
import io.rootstock.corpus.storage.Storages;
import io.rootstock.corpus.unit.RefusedInputException;
import io.rootstock.corpus.worker.RecipeRun;
import io.rootstock.corpus.worker.fixture.Recipes;
import io.rootstock.corpus.worker.fixture.Tokenizers;
import io.rootstock.corpus.worker.plan.RecipePlan;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class S3SourcesTest {
    private static final String STEPS = """
            unit_bytes: 65536
            steps: [exact-duplicates, near-duplicates]
            """;

    @TempDir
    private static Path serverFolder;

    private static Bucket bucket;

    @TempDir
    private Path folder;

    @BeforeAll
    static void startServer() throws IOException, InterruptedException {
        bucket = new Bucket(serverFolder);
    }

    @AfterAll
    static void stopServer() {
        bucket.close();
    }

    @Test
    void aBucketGivesTheShardsOfTheDirectoryWithTheSameFiles() throws IOException {
        Path data = writeFiles(folder.resolve("data"));
        bucket.putDirectory("equal", data);
        bucket.put("equal/mixed/_SUCCESS", new byte[0]);
        bucket.put("equal/mixed/.hidden/a.jsonl", lines(1, 2));
        bucket.put("equal/mixed/notes.pdf", new byte[] {1});
        Path tokenizer = Tokenizers.ofBytes(folder.resolve("tokenizer"));
        String recipe = """
                version: 1
                tokenizer: tokenizers/bytes
                splits: {validation: 0.1}
                sources:
                - {name: mixed, files: %1$s/mixed, weight: 2}
                - {name: compressed, files: "%1$s/**/z-*.jsonl.gz"}
                - {name: parquet, files: "%1$s/parquet/{none,snappy}.parquet", fields: {licence: license}}
                """ + STEPS;

        RecipePlan local = Recipes.plan(data, recipe.formatted(data), tokenizer);
        new RecipeRun(folder.resolve("local"), 2, 16).run(local, JobControl.NONE);
        RecipePlan stored = Bucket.plan(
                recipe.formatted(Bucket.address("equal")),
                List.of(Bucket.root("equal", bucket.endpoint())),
                Optional.of(tokenizer));
        CorpusReport report = new RecipeRun(folder.resolve("stored"), 2, 16).run(stored, JobControl.NONE);

        assertThat(stored.notes())
                .contains(Bucket.address("equal/mixed/notes.pdf") + " has an unknown ending and is not read");
        assertThat(stored.sources()).extracting(RecipePlan.PlannedSource::units).isEqualTo(units(local));
        assertThat(units(local)).allMatch(count -> count > 1);
        assertThat(folder.resolve("stored/dataset.json")).hasSameBinaryContentAs(folder.resolve("local/dataset.json"));
        assertThat(contents("stored")).isEqualTo(contents("local"));
        assertThat(report.firstRefused())
                .extracting(refused -> refused.location())
                .contains(Bucket.address("equal/parquet/none.parquet#7"));
    }

    private static List<Integer> units(RecipePlan plan) {
        return plan.sources().stream().map(RecipePlan.PlannedSource::units).toList();
    }

    /** Content digests, documents and bytes of text of all units. */
    private List<String> contents(String workspace) throws IOException {
        return CorpusManifest.read(folder.resolve(workspace)).units().stream()
                .map(unit -> unit.contentDigest() + " " + unit.documents() + " " + unit.textBytes())
                .toList();
    }

    private static Path writeFiles(Path data) throws IOException {
        Path mixed = Files.createDirectories(data.resolve("mixed/below"));
        Files.write(mixed.resolve("a.jsonl"), lines(0, 2_000));
        Files.write(mixed.resolve("page.warc"), archive());
        StringBuilder table = new StringBuilder("id\ttext\n");
        for (int i = 0; i < 2_000; i++) {
            table.append(i).append('\t').append(sentence(10_000 + i)).append('\n');
        }
        Files.writeString(mixed.resolve("table.tsv"), table);
        Files.writeString(
                mixed.resolve("plain.csv"), table.toString().replace(',', ' ').replace('\t', ','));
        Files.writeString(mixed.resolve("quoted.csv"), "text,id\n\"first, line\nsecond\",1\n\"other\",2\n");
        Files.writeString(mixed.resolve("book.txt"), "A title\n\n" + sentence(77) + "\n");
        Files.write(mixed.resolve("z-1.jsonl.gz"), gzip(lines(20_000, 20_500)));
        ByteArrayOutputStream members = new ByteArrayOutputStream();
        for (int i = 0; i < 2_000; i++) {
            members.write(gzip(lines(30_000 + i, 30_001 + i)));
        }
        Files.write(mixed.resolve("z-members.jsonl.gz"), members.toByteArray());
        Files.write(data.resolve("mixed/z-2.jsonl.gz"), gzip(lines(20_400, 20_600)));
        Path parquet = Files.createDirectories(data.resolve("parquet"));
        for (String name : List.of("none.parquet", "snappy.parquet")) {
            Files.copy(Path.of("../libs/corpus/src/test/resources/parquet", name), parquet.resolve(name));
        }
        return data;
    }

    private static byte[] archive() {
        String page = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html><body><p>" + sentence(5)
                + "</p></body></html>";
        return ("WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://example.org/\r\n"
                        + "WARC-Date: 2026-01-01T00:00:00Z\r\nWARC-Record-ID: <urn:uuid:5f9d0b10-0000-4000-8000-000000000000>\r\n"
                        + "Content-Type: application/http;msgtype=response\r\nContent-Length: " + page.length()
                        + "\r\n\r\n"
                        + page + "\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] lines(int from, int to) {
        StringBuilder lines = new StringBuilder();
        for (int i = from; i < to; i++) {
            lines.append("{\"text\":\"").append(sentence(i)).append("\"}\n");
        }
        return lines.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String sentence(int i) {
        return "Sentence " + i + " has words of its own: " + Integer.toString(i * 7919, 26) + " "
                + Integer.toHexString(i * 31 + 977) + " and " + Integer.toString(i, 3) + ".";
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }

    @Test
    void brokenConnectionsAreResumedAtTheNextByte() throws IOException {
        byte[] bytes = lines(0, 6_000);
        bucket.put("broken/a.jsonl", bytes);
        String recipe = recipe("broken/*.jsonl").replace("65536", "4194304");
        try (BreakingConnections connections = new BreakingConnections(bucket.endpoint(), 100_000)) {
            RecipePlan plan =
                    Bucket.plan(recipe, List.of(Bucket.root("broken", connections.endpoint())), Optional.empty());
            CorpusReport report = new RecipeRun(folder.resolve("work"), 1, 16).run(plan, JobControl.NONE);
            assertThat(report.sourceBytes()).isEqualTo(bytes.length);
            assertThat(report.refused()).isZero();
            assertThat(connections.broken()).isGreaterThanOrEqualTo(bytes.length / 100_000);
        }
    }

    @Test
    void aServerThatDoesNotAnswerFailsTheJobWithoutAResult() throws IOException {
        bucket.put("dead/a.jsonl.gz", gzip(lines(0, 100)));
        RecipePlan plan;
        try (BreakingConnections connections = new BreakingConnections(bucket.endpoint(), 1 << 20)) {
            plan = Bucket.plan(recipe("dead/"), List.of(Bucket.root("dead", connections.endpoint())), Optional.empty());
        }
        Path work = folder.resolve("work");
        assertThatThrownBy(() -> new RecipeRun(work, 1, 16).run(plan, JobControl.NONE))
                .isInstanceOf(JobFailedException.class)
                .hasMessageContaining(Bucket.address("dead/a.jsonl.gz") + ": cannot be read (")
                .hasMessageContaining("check endpoint, region and network");
        assertThat(work.resolve("manifest.json")).doesNotExist();
    }

    @Test
    void anObjectThatChangedOrWasDeletedAfterThePlanFailsTheJob() throws IOException {
        bucket.put("changed/a.jsonl", lines(0, 10));
        RecipePlan plan = bucket.plan(recipe("changed/a.jsonl"), "changed");
        bucket.put("changed/a.jsonl", lines(1, 11));
        Path work = folder.resolve("work");
        assertThatThrownBy(() -> new RecipeRun(work, 1, 16).run(plan, JobControl.NONE))
                .isInstanceOf(JobFailedException.class)
                .hasMessageContaining(
                        Bucket.address("changed/a.jsonl") + ": changed after it was planned; plan the job again");
        bucket.delete("changed/a.jsonl");
        assertThatThrownBy(() -> new RecipeRun(work, 1, 16).run(plan, JobControl.NONE))
                .hasMessageContaining("was deleted after it was planned; plan the job again");
        assertThat(work.resolve("manifest.json")).doesNotExist();
        assertThat(work.resolve("output"))
                .satisfiesAnyOf(
                        path -> assertThat(path).doesNotExist(),
                        path -> assertThat(path).isEmptyDirectory());
    }

    @Test
    void aTruncatedObjectIsReportedAsInADirectory() throws IOException {
        byte[] whole = gzip(lines(0, 1_000));
        bucket.put("truncated/a.jsonl.gz", Arrays.copyOf(whole, whole.length / 2));
        CorpusReport report = new RecipeRun(folder.resolve("work"), 1, 16)
                .run(bucket.plan(recipe("truncated/"), "truncated"), JobControl.NONE);
        assertThat(report.documents()).isBetween(1L, 999L);
        assertThat(report.unreadableRests()).singleElement().satisfies(rest -> {
            assertThat(rest.location()).startsWith(Bucket.address("truncated/a.jsonl.gz@"));
            assertThat(rest.reason()).contains("truncated");
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "s3://elsewhere/a.jsonl | lies outside of the allowed addresses (s3://artifacts/allowed/)",
                "s3://artifacts/other/a.jsonl | lies outside of the allowed addresses (s3://artifacts/allowed/)",
                "s3://artifacts/allowe* | lies outside of the allowed addresses",
                "s3://artifacts/allowed/../other/a.jsonl | between slashes; write the whole key",
                "s3://artifacts/allowed/missing.jsonl | matches no file that can be read",
                "s3://artifacts/allowed/**/*.warc | matches no file that can be read",
                "s3://artifacts/allowed/a.pdf | has an unknown ending",
                "s3://artifacts/allowed/{a.jsonl | is not a glob",
                "s3://id:secret@artifacts/allowed/a.jsonl | s3://...@artifacts: has credentials; remove them",
                "s3://artifacts/allowed/a.jsonl?endpoint=http://localhost | has parameters",
                "s3://?/a.jsonl | has parameters",
                "gs://artifacts/a.jsonl | addresses of gs:// cannot be read; use a path, or an address of s3://"
            })
    void refusesAddresses(String files, String reason) {
        bucket.put("allowed/a.pdf", new byte[] {1});
        assertThatThrownBy(() -> bucket.plan(recipe("x").replace(Bucket.address("x"), files), "allowed"))
                .isInstanceOf(RefusedInputException.class)
                .hasMessageContaining(reason)
                .hasMessageNotContaining("secret");
    }

    @Test
    void refusesEveryAddressIfNoneIsAllowed() {
        assertThatThrownBy(() -> Recipes.plan(folder, recipe("allowed/a.jsonl")))
                .isInstanceOf(RefusedInputException.class)
                .hasMessage(Bucket.address("allowed/a.jsonl")
                        + ": lies outside of the allowed addresses (none); copy the files there, or allow the address");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "s3://id:secret@artifacts | contains no credentials",
                "s3://artifacts?part-mib=5 | no parameter 'part-mib'; known are endpoint, region",
                "s3://a b | an S3 address is s3://BUCKET/PREFIX",
                "gs://artifacts | addresses of gs:// cannot be read"
            })
    void refusesAllowedAddressesThatAreMalformed(String root, String reason) {
        assertThatThrownBy(() -> Bucket.plan(recipe("a.jsonl"), List.of(root), Optional.empty()))
                .isInstanceOf(RefusedInputException.class)
                .hasMessageContaining(reason)
                .hasMessageNotContaining("secret");
    }

    @Test
    void refusesWrongCredentialsWithTheirRemedy() {
        Bucket.useSecret("not-the-secret");
        try {
            assertThatThrownBy(() -> bucket.plan(recipe("allowed/"), "allowed"))
                    .isInstanceOf(RefusedInputException.class)
                    .hasMessageContaining(Bucket.address("allowed/") + ": access is denied (SignatureDoesNotMatch")
                    .hasMessageContaining("AWS_SECRET_ACCESS_KEY")
                    .hasMessageNotContaining("not-the-secret");
        } finally {
            Bucket.useSecret(S3Server.SECRET_KEY);
        }
    }

    @Test
    void refusesABucketThatDoesNotExist() {
        String root = "s3://missing?endpoint=" + bucket.endpoint();
        assertThatThrownBy(() -> Bucket.plan(
                        recipe("x").replace(Bucket.address("x"), "s3://missing/a/"), List.of(root), Optional.empty()))
                .isInstanceOf(RefusedInputException.class)
                .hasMessageContaining("the bucket does not exist");
    }

    @Test
    void aListingIsBounded() {
        for (int i = 0; i < 3; i++) {
            bucket.put("many/" + i + ".jsonl", lines(0, 1));
        }
        StorageRoot root = Storages.root(Bucket.root("many", bucket.endpoint()));
        assertThatThrownBy(() -> root.list(root.prefix(), false, 2, _ -> {}))
                .isInstanceOf(StorageException.class)
                .hasMessageStartingWith(root.prefix() + ": more than 2 objects begin so");
    }

    private static String recipe(String key) {
        return "version: 1\nsources: [{name: web, files: \"" + Bucket.address(key) + "\"}]\n" + STEPS;
    }
}
