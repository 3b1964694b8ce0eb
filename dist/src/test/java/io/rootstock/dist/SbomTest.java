package io.rootstock.dist;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bill of materials and the sources of its components. */
final class SbomTest {
    private static final Sbom SBOM = new Sbom("1.0", Platform.LINUX_X86_64, Instant.parse("2026-01-02T03:04:05Z"));

    @TempDir
    private Path directory;

    @Test
    void isValidAndEqualForEqualComponents() throws IOException {
        Component jar = new Component(
                "a.b",
                "c",
                "1",
                "pkg:maven/a.b/c@1?type=jar",
                List.of(
                        Licence.stated("Apache License, Version 2.0", ""),
                        Licence.stated("Own terms", "https://x.example")),
                List.of("lib/c-1.jar"),
                "0".repeat(64),
                "");
        Component library = new Component(
                "",
                "libgomp",
                "1",
                "pkg:generic/libgomp@1",
                List.of(Licence.spdx("GPL-3.0-only WITH GCC-exception-3.1")),
                List.of("native"),
                "",
                "a note");
        SBOM.write(List.of(jar, library), directory.resolve("1.json"));
        SBOM.write(List.of(library, jar), directory.resolve("2.json"));
        assertThat(directory.resolve("1.json")).hasSameBinaryContentAs(directory.resolve("2.json"));
        JsonNode json = new ObjectMapper().readTree(directory.resolve("1.json").toFile());
        assertThat(json.path("specVersion").asText()).isEqualTo("1.6");
        assertThat(json.path("metadata").path("timestamp").asText()).startsWith("2026-01-02T03:04:05");
        assertThat(json.path("components").findValuesAsText("purl"))
                .containsExactly("pkg:generic/libgomp@1", "pkg:maven/a.b/c@1?type=jar");
        assertThat(json.path("components")
                        .get(0)
                        .path("licenses")
                        .get(0)
                        .path("expression")
                        .asText())
                .isEqualTo("GPL-3.0-only WITH GCC-exception-3.1");
        assertThat(json.path("components")
                        .get(1)
                        .path("licenses")
                        .get(0)
                        .path("license")
                        .path("id")
                        .asText())
                .isEqualTo("Apache-2.0");
        assertThat(json.path("components")
                        .get(1)
                        .path("licenses")
                        .get(1)
                        .path("license")
                        .path("name")
                        .asText())
                .isEqualTo("Own terms");
    }

    @Test
    void coordinatesAreReadFromTheListsOfTheBuild() throws IOException {
        Path service = Files.writeString(
                directory.resolve("service"),
                "org.x:y::jar:1.0\norg.x:z:linux-x86_64:jar:2.0-3\nio.rootstock:rootstock-files::jar:0.1\n");
        assertThat(Coordinates.ofService(service))
                .containsEntry("org.x.z-2.0-3-linux-x86_64.jar", new Coordinates("org.x", "z", "linux-x86_64", "2.0-3"))
                .containsEntry(
                        "io.rootstock.rootstock-files-0.1.jar",
                        new Coordinates("io.rootstock", "rootstock-files", "", "0.1"));
        Path classPath = Files.writeString(directory.resolve("class-path"), """

                The following files have been resolved:
                   info.picocli:picocli:jar:4.7.7:compile -- module info.picocli
                   org.x:z:jar:linux-x86_64:2.0:runtime
                """);
        assertThat(Coordinates.ofClassPath(classPath)).containsOnlyKeys("picocli-4.7.7.jar", "z-2.0-linux-x86_64.jar");
        assertThat(new Coordinates("org.x", "z", "linux-x86_64", "2.0").purl())
                .isEqualTo("pkg:maven/org.x/z@2.0?classifier=linux-x86_64&type=jar");
    }

    @Test
    void licencesAreThoseOfTheNearestParentThatStatesThem() throws IOException {
        pom("g/parent/1/parent-1.pom", "<licenses><license><name>MIT License</name></license></licenses>");
        pom(
                "g/child/2/child-2.pom",
                "<parent><groupId>g</groupId><artifactId>parent</artifactId><version>1</version></parent>");
        PomLicences licences = new PomLicences(directory);
        assertThat(licences.of(new Coordinates("g", "child", "", "2")))
                .extracting(Licence::label)
                .containsExactly("MIT");
        assertThat(licences.of(new Coordinates("g", "other", "", "2"))).isEmpty();
    }

    @Test
    void anAddressIsMoreExactThanAName() {
        assertThat(Licence.stated("The BSD License", "https://opensource.org/licenses/BSD-3-Clause")
                        .label())
                .isEqualTo("BSD-3-Clause");
        assertThat(Licence.stated("MIT License", "").identifiers()).containsExactly("MIT");
        assertThat(Licence.spdx("GPL-3.0-only WITH GCC-exception-3.1").identifiers())
                .containsExactly("GPL-3.0-only", "GCC-exception-3.1");
        assertThat(Licence.stated("Own terms", "").identifiers()).isEmpty();
    }

    @Test
    void packagesForDevelopmentAreNotInTheConsole() throws IOException {
        Files.writeString(directory.resolve("package-lock.json"), """
                {"packages": {
                  "": {"name": "console"},
                  "node_modules/@a/b": {"version": "1.0", "license": "MIT"},
                  "node_modules/c/node_modules/d": {"version": "2.0", "license": "ISC"},
                  "node_modules/e": {"version": "3.0", "dev": true}}}
                """);
        assertThat(new ConsoleComponents(directory).find())
                .extracting(Component::purl)
                .containsExactly("pkg:npm/%40a/b@1.0", "pkg:npm/d@2.0");
    }

    private void pom(String path, String content) throws IOException {
        Path file = directory.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "<project><modelVersion>4.0.0</modelVersion>" + content + "</project>");
    }
}
